package berm

import (
	"context"
	"testing"
	"time"
)

// Where everything passes, Check allocates nothing.
func TestPassingChecksDoNotAllocate(t *testing.T) {
	policy := compileText(t, replicas)
	text := []byte(good)
	ctx := context.Background()
	run := Run{Inputs: []Input{{Name: "web.json", Text: text, Target: "kubernetes"}}}
	for name, judge := range map[string]func() (Result, error){
		"Check": func() (Result, error) { return policy.Check(ctx, text) },
		"Run":   func() (Result, error) { return policy.Run(ctx, run) },
	} {
		allocated := testing.AllocsPerRun(1000, func() {
			if result, err := judge(); err != nil || !result.Allowed {
				t.Error(result, err)
			}
		})
		if allocated != 0 {
			t.Errorf("%s: %v allocations", name, allocated)
		}
	}
}

// BenchmarkOverhead says what Go adds to a check: the same calls are made from Go and within one call of C, by turns, and the quickest
// round of each is compared, so that a busy machine shows less.
func BenchmarkOverhead(b *testing.B) {
	const calls = 200
	policy := compileText(b, replicas)
	text := []byte(good)
	ctx := context.Background()
	quickest := [2]time.Duration{time.Hour, time.Hour}
	measure := func(which int, work func()) {
		start := time.Now()
		work()
		if took := time.Since(start); took < quickest[which] {
			quickest[which] = took
		}
	}
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		measure(0, func() {
			for n := 0; n < calls; n++ {
				if result, err := policy.Check(ctx, text); err != nil || !result.Allowed {
					b.Fatal(result, err)
				}
			}
		})
		measure(1, func() {
			if err := policy.repeatCheck(text, calls); err != nil {
				b.Fatal(err)
			}
		})
	}
	b.ReportMetric(float64(quickest[0])/calls, "ns/check")
	b.ReportMetric(float64(quickest[1])/calls, "ns/check-in-C")
	b.ReportMetric(float64(quickest[0]-quickest[1])/calls, "ns/check-more")
}

func BenchmarkCheck(b *testing.B) {
	policy := compileText(b, replicas)
	text := []byte(good)
	ctx := context.Background()
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		if result, err := policy.Check(ctx, text); err != nil || !result.Allowed {
			b.Fatal(result, err)
		}
	}
}

func BenchmarkCheckWithCancel(b *testing.B) {
	policy := compileText(b, replicas)
	text := []byte(good)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		if result, err := policy.Check(ctx, text); err != nil || !result.Allowed {
			b.Fatal(result, err)
		}
	}
}

func BenchmarkCheckFails(b *testing.B) {
	policy := compileText(b, replicas)
	text := []byte(bad)
	ctx := context.Background()
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		if result, err := policy.Check(ctx, text); err != nil || result.Allowed {
			b.Fatal(result, err)
		}
	}
}

func BenchmarkCheckParallel(b *testing.B) {
	policy := compileText(b, replicas)
	text := []byte(good)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if result, err := policy.Check(context.Background(), text); err != nil || !result.Allowed {
				b.Error(result, err)
				return
			}
		}
	})
}
