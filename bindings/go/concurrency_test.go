package berm

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestConcurrentChecks(t *testing.T) {
	policy := compileText(t, replicas)
	var group sync.WaitGroup
	for i := 0; i < 64; i++ {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			for n := 0; n < 50; n++ {
				text, want := good, true
				if (i+n)%2 == 0 {
					text, want = bad, false
				}
				if result, err := policy.Check(context.Background(), []byte(text)); err != nil || result.Allowed != want {
					t.Errorf("%+v, %v", result, err)
				}
			}
		}(i)
	}
	group.Wait()
}

func TestOneReportOfManyGoroutines(t *testing.T) {
	policy := compileText(t, replicas)
	write := func(order int) string {
		report, err := policy.NewReport()
		if err != nil {
			t.Fatal(err)
		}
		defer report.Close()
		var group sync.WaitGroup
		for i := 0; i < 16; i++ {
			group.Add(1)
			go func(i int) {
				defer group.Done()
				input := Input{Name: string(rune('a' + (i+order)%16)), Text: []byte(bad)}
				if _, err := policy.Run(context.Background(), Run{Inputs: []Input{input}, Now: time.Unix(1e9, 0), Report: report}); err != nil {
					t.Error(err)
				}
			}(i)
		}
		group.Wait()
		var text strings.Builder
		if err := report.Write(&text, ReportJSON, 0); err != nil {
			t.Error(err)
		}
		return text.String()
	}
	first := write(0)
	if strings.Count(first, `"verdict": "fail"`) != 16 || first != write(5) {
		t.Errorf("the order of runs shows in the report:\n%s\n%s", first, write(5))
	}
}

func TestCloseWhileChecking(t *testing.T) {
	for round := 0; round < 20; round++ {
		policy := compileText(t, replicas)
		var group sync.WaitGroup
		for i := 0; i < 8; i++ {
			group.Add(1)
			go func() {
				defer group.Done()
				for {
					result, err := policy.Check(context.Background(), []byte(bad))
					if errors.Is(err, ErrClosed) {
						return
					}
					if err != nil || result.Allowed {
						t.Errorf("%+v, %v", result, err)
						return
					}
				}
			}()
		}
		time.Sleep(time.Millisecond)
		policy.Close()
		group.Wait()
	}
}

func TestBatch(t *testing.T) {
	policy := compileText(t, replicas)
	documents := make([][]byte, 200)
	for i := range documents {
		documents[i] = []byte([]string{good, bad, "{"}[i%3])
	}
	outcomes, err := policy.CheckBatch(context.Background(), documents)
	if err != nil || len(outcomes) != len(documents) {
		t.Fatal(len(outcomes), err)
	}
	for i, outcome := range outcomes {
		if outcome.Allowed != (i%3 == 0) || errors.Is(outcome.Err, ErrSyntax) != (i%3 == 2) {
			t.Errorf("%d: %+v", i, outcome)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	outcomes, err = policy.CheckBatch(ctx, documents)
	if !errors.Is(err, context.Canceled) || !errors.Is(outcomes[7].Err, context.Canceled) || outcomes[0].Allowed {
		t.Errorf("%v, %+v", err, outcomes[7])
	}
	if outcomes, err = policy.CheckBatch(context.Background(), nil); err != nil || len(outcomes) != 0 {
		t.Error(outcomes, err)
	}
}

// slowPolicy judges for minutes, unless it is stopped.
func slowPolicy(t *testing.T) *Policy {
	return compileText(t, slow, WithLimits(Limits{RuleCost: 1 << 60, Fuel: 1 << 60}))
}

func TestDeadline(t *testing.T) {
	policy := slowPolicy(t)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	start := time.Now()
	result, err := policy.Check(ctx, document(1000))
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("the deadline was 30 ms, the check ended after %v", took)
	}
	if result.Allowed || !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, ErrInterrupted) {
		t.Errorf("%+v, %v", result, err)
	}
	if _, err = policy.Check(ctx, document(1)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a deadline that has passed: %v", err)
	}
	if result := check(t, policy, string(document(3))); !result.Allowed {
		t.Errorf("afterwards: %+v", result)
	}
}

func TestCancel(t *testing.T) {
	policy := slowPolicy(t)
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(30*time.Millisecond, cancel)
	start := time.Now()
	result, err := policy.Check(ctx, document(1000))
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("cancelled after 30 ms, the check ended after %v", took)
	}
	if result.Allowed || !errors.Is(err, context.Canceled) {
		t.Errorf("%+v, %v", result, err)
	}
	// The evaluator that was stopped is the next one's.
	if result := check(t, policy, string(document(3))); !result.Allowed {
		t.Errorf("afterwards: %+v", result)
	}
	live, stop := context.WithCancel(context.Background())
	defer stop()
	if result, err := policy.Check(live, document(3)); err != nil || !result.Allowed {
		t.Errorf("a context that lives: %+v, %v", result, err)
	}
}

func TestFuel(t *testing.T) {
	policy := compileText(t, slow, WithLimits(Limits{RuleCost: 1 << 60, Fuel: 10000}))
	if result, err := policy.Check(context.Background(), document(1000)); result.Allowed || !errors.Is(err, ErrFuel) {
		t.Errorf("%+v, %v", result, err)
	}
}

// Everything is freed: what policies, documents, reports and functions take is counted by the library's allocator hook.
func TestNothingLeaks(t *testing.T) {
	settle()
	before := liveBlocks()
	for i := 0; i < 3; i++ {
		useEverything(t)
	}
	if after := liveBlocks(); after != before {
		t.Errorf("%d blocks before, %d after", before, after)
	}
}

func useEverything(t *testing.T) {
	twice := Function{Declaration: "acme.twice(int) -> int", Call: func(args []any) (any, error) { return args[0].(int64) * 2, nil }}
	owner := Function{Declaration: "acme.owner(string) -> string", Resolve: func(context.Context, []any) (any, error) { return "ann", nil }}
	options := []Option{withCounting, WithFunctions(twice, owner), WithZones(func(string) ([]byte, error) { return nil, errors.New("none") })}
	text := strings.Replace(replicas, "params.least", "acme.twice(params.least) && acme.owner('x') == 'ann'", 1)
	policy, err := Compile([]Source{Text("p.yaml", text)}, options...)
	if err != nil {
		t.Fatal(err)
	}
	image, err := policy.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := Load(image, options...)
	if err != nil {
		t.Fatal(err)
	}
	document, _, err := loaded.Parse(Input{Text: []byte(bad)})
	if err != nil {
		t.Fatal(err)
	}
	report, err := loaded.NewReport()
	if err != nil {
		t.Fatal(err)
	}
	for _, input := range []Input{{Document: document}, {Text: []byte(good)}, {Text: []byte("{")}, {Text: []byte(good), Target: "none"}} {
		policy.Check(context.Background(), input.Text)
		loaded.Run(context.Background(), Run{Inputs: []Input{input, input}, Report: report})
		loaded.Run(context.Background(), Run{Inputs: []Input{input}})
	}
	document.Roots()
	loaded.Test()
	_, err = Compile([]Source{Text("p.yaml", "guardrail: x")}, withCounting)
	if err == nil {
		t.Error("a faulty policy compiled")
	}
	if _, err = Load(image[:40], withCounting); err == nil {
		t.Error("a part of an image was loaded")
	}
	policy.Close()
	if check, err := loaded.Check(context.Background(), []byte(bad)); err != nil || check.Allowed {
		t.Error(err)
	}
	loaded.Close()
	report.Close()
	document.Close()
}

// settle lets finalizers of other tests run.
func settle() {
	for last := int64(-1); last != liveBlocks(); time.Sleep(10 * time.Millisecond) {
		last = liveBlocks()
		runtime.GC()
	}
}

func TestFinalizers(t *testing.T) {
	settle()
	before := liveBlocks()
	func() {
		policy, err := Compile([]Source{Text("p.yaml", replicas)}, withCounting)
		if err != nil {
			t.Fatal(err)
		}
		check(t, policy, bad)
	}()
	if liveBlocks() == before {
		t.Error("nothing was counted")
	}
	for end := time.Now().Add(10 * time.Second); liveBlocks() > before; time.Sleep(time.Millisecond) {
		if runtime.GC(); time.Now().After(end) {
			t.Fatalf("%d blocks before, %d after", before, liveBlocks())
		}
	}
}
