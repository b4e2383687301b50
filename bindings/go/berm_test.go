package berm

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

const replicas = `guardrail: k8s-replicas
title: What serves the shop runs more than once
severity: medium
enforcement: soft-mandatory
match: {target: kubernetes, kinds: [apps/Deployment]}
parameters:
  least: {type: int, default: 2}
validations:
  - name: replicas
    expression: object.spec.?replicas.orValue(1) >= params.least
    message: "{resource.name} runs {object.spec.?replicas.orValue(1)} times, not {params.least}"
tests:
  - name: one is too few
    kind: apps/Deployment
    resource: {name: web}
    object: {spec: {replicas: 1}}
    expect: {replicas: fail}
`

const (
	good = `{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {"replicas": 3}}`
	bad  = `{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {"replicas": 1}}`
)

// slow takes minutes, if nobody stops it.
const slow = `guardrail: slow
title: Too much work
match: {kinds: [document]}
validations:
  - {name: v, expression: "object.l.all(a, object.l.all(b, object.l.all(c, object.l.all(d, a + b + c + d >= 0))))"}
`

func document(n int) []byte {
	return []byte(`{"l": [` + strings.TrimSuffix(strings.Repeat("1,", n), ",") + `]}`)
}

func compileText(t testing.TB, text string, options ...Option) *Policy {
	t.Helper()
	policy, err := Compile([]Source{Text("policy.yaml", text)}, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { policy.Close() })
	return policy
}

func check(t *testing.T, policy *Policy, document string) Result {
	t.Helper()
	result, err := policy.Check(context.Background(), []byte(document))
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestCheck(t *testing.T) {
	policy := compileText(t, replicas)
	if result := check(t, policy, good); !result.Allowed || result.Counts[VerdictPass] != 1 || len(result.Findings) != 0 {
		t.Errorf("good: %+v", result)
	}
	result := check(t, policy, bad)
	if result.Allowed || len(result.Findings) != 1 || result.Resources != 1 {
		t.Fatalf("bad: %+v", result)
	}
	f := result.Findings[0]
	want := "fail k8s-replicas/replicas: apps/Deployment/web (1:99): web runs 1 times, not 2"
	if got := f.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if f.Severity != SeverityMedium || f.Enforcement != EnforcementSoftMandatory || !f.Mandatory() || len(f.Fingerprint) != 32 {
		t.Errorf("%+v", f)
	}
	if got := f.Witness.String(); !strings.HasPrefix(got, "object.spec.?replicas.orValue(1) >= params.least is false, where ") {
		t.Errorf("witness: %s", got)
	}
	if got := bad[f.Place.Span.Offset : f.Place.Span.Offset+f.Place.Span.Length]; got != "1" {
		t.Errorf("the finding is at %q", got)
	}
}

func TestErrorIsNeverAPass(t *testing.T) {
	policy := compileText(t, replicas)
	result, err := policy.Check(context.Background(), []byte(`{"a": 1,}`))
	if result.Allowed || !errors.Is(err, ErrSyntax) || errors.Is(err, ErrLimit) {
		t.Errorf("%+v, %v", result, err)
	}
	var failed *Error
	if !errors.As(err, &failed) || failed.Line != 1 || failed.Column != 9 || failed.Code == 0 {
		t.Errorf("%#v", failed)
	}
	if result, err = policy.Check(context.Background(), nil); err != nil || result.Resources != 0 {
		t.Errorf("an empty text holds nothing: %+v, %v", result, err)
	}
	if got := ErrLimit.Name(); got != "BERM_E_LIMIT" {
		t.Error(got)
	}
	if got := ErrLimit.Error(); got != "berm: a limit was reached" {
		t.Error(got)
	}
}

func TestCompileErrors(t *testing.T) {
	_, err := Compile([]Source{Text("p.yaml", "guardrail: x\ntitle: t\nmatch: {kinds: [a]}\nvalidations: [{name: v, expression: 1 +}]\n")})
	var failed *CompileError
	if !errors.As(err, &failed) || !errors.Is(err, ErrPolicy) || len(failed.Diagnostics) == 0 {
		t.Fatalf("%v", err)
	}
	if d := failed.Diagnostics[0]; d.Source != "p.yaml" || d.Line != 4 || d.Level != LevelError || d.Frame == "" {
		t.Errorf("%+v", d)
	}
	if _, err = Compile(nil); !errors.Is(err, ErrPolicy) {
		t.Errorf("no guardrail at all: %v", err)
	}
	if policy, err := Compile(nil, AllowEmpty()); err != nil {
		t.Error(err)
	} else {
		policy.Close()
	}
}

func TestSaveAndLoad(t *testing.T) {
	image, err := compileText(t, replicas).MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := Load(image)
	if err != nil {
		t.Fatal(err)
	}
	defer loaded.Close()
	if check(t, loaded, bad).Allowed || !check(t, loaded, good).Allowed {
		t.Error("the loaded policy is another one")
	}
	image[len(image)/2] ^= 0xff
	if _, err = Load(image); !errors.Is(err, ErrImage) {
		t.Errorf("a damaged image: %v", err)
	}
	var out strings.Builder
	if err = loaded.Disassemble(&out); err != nil || !strings.Contains(out.String(), "k8s-replicas") {
		t.Errorf("%v %q", err, out.String())
	}
}

func TestPolicyTests(t *testing.T) {
	results, err := compileText(t, replicas).Test()
	if err != nil || len(results) != 1 || !results[0].Passed || results[0].Name != "one is too few" || results[0].Source != "policy.yaml" {
		t.Errorf("%+v, %v", results, err)
	}
	results, err = compileText(t, strings.Replace(replicas, "replicas: fail", "replicas: pass", 1)).Test()
	if err != nil || len(results) != 1 || results[0].Passed || results[0].Message == "" {
		t.Errorf("%+v, %v", results, err)
	}
}

func TestFiles(t *testing.T) {
	fsys := fstest.MapFS{
		"p/a.yaml": {Data: []byte(replicas)}, "p/b/c.yml": {Data: []byte("x")}, "p/README.md": {Data: []byte("y")},
		"one.txt": {Data: []byte("z")}, "p/..2026/a.yaml": {Data: []byte("again")}, "p/.hidden.yaml": {Data: []byte("h")},
	}
	sources, err := Files(fsys, "p", "one.txt")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, source := range sources {
		names = append(names, source.Name)
	}
	if got := strings.Join(names, " "); got != "p/a.yaml p/b/c.yml one.txt" {
		t.Error(got)
	}
	if _, err = Files(fsys, "nowhere"); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestRun(t *testing.T) {
	policy := compileText(t, replicas)
	run := Run{Inputs: []Input{{Name: "good.json", Text: []byte(good)}, {Name: "bad.json", Text: []byte(bad)}}, Passes: true}
	result, err := policy.Run(context.Background(), run)
	if err != nil || result.Allowed || result.Resources != 2 || len(result.Findings) != 2 {
		t.Fatalf("%+v, %v", result, err)
	}
	if result.Findings[0].Verdict != VerdictPass || result.Findings[1].Input != 1 {
		t.Errorf("%+v", result.Findings)
	}
	run.Inputs[1].Target = "no-such-target"
	if _, err = policy.Run(context.Background(), run); !errors.Is(err, ErrTarget) {
		t.Errorf("%v", err)
	}
	run = Run{Inputs: []Input{{Text: []byte(bad)}}, Explain: true, ExplainGuardrails: "k8s-*"}
	if result, err = policy.Run(context.Background(), run); err != nil || result.Findings[0].Explanation == "" {
		t.Errorf("%+v, %v", result, err)
	}
}

func TestNow(t *testing.T) {
	policy := compileText(t, `guardrail: g
title: t
match: {kinds: [document]}
validations: [{name: v, expression: "now > timestamp('2026-01-01T00:00:00Z')"}]
`)
	input := []Input{{Text: []byte("{}")}}
	for _, c := range []struct {
		now  time.Time
		want bool
	}{
		{time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC), false},
		{time.Date(2026, 1, 1, 0, 0, 0, 1, time.UTC), true},
		{time.Time{}, true}, // the present
	} {
		if result, err := policy.Run(context.Background(), Run{Inputs: input, Now: c.now}); err != nil || result.Allowed != c.want {
			t.Errorf("%v: %+v, %v", c.now, result, err)
		}
	}
}

func TestDocuments(t *testing.T) {
	policy := compileText(t, replicas)
	document, diagnostics, err := policy.Parse(Input{Name: "d.json", Text: []byte(strings.Replace(bad, `"kind"`, `"a": 1, "a": 2, "kind"`, 1))})
	if err != nil || len(diagnostics) != 1 || diagnostics[0].Level != LevelWarning {
		t.Fatalf("%+v, %v", diagnostics, err)
	}
	run := Run{Inputs: []Input{{Document: document}}}
	for i := 0; i < 2; i++ {
		if result, err := policy.Run(context.Background(), run); err != nil || result.Allowed {
			t.Errorf("%+v, %v", result, err)
		}
	}
	document.Close()
	document.Close()
	if _, err = policy.Run(context.Background(), run); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	if _, _, err = Parse(Input{Name: "x", Text: []byte("[")}); !errors.Is(err, ErrSyntax) || !strings.HasPrefix(err.Error(), "berm: x:1:2: ") {
		t.Error(err)
	}
	if _, _, err = Parse(Input{Text: []byte("[[1]]")}, WithLimits(Limits{Depth: 1})); !errors.Is(err, ErrLimit) {
		t.Error(err)
	}
}

func TestReport(t *testing.T) {
	policy := compileText(t, replicas)
	report, err := policy.NewReport()
	if err != nil {
		t.Fatal(err)
	}
	defer report.Close()
	for _, input := range []Input{{Name: "bad.json", Text: []byte(bad)}, {Name: "broken.json", Text: []byte("{")}, {Name: "good.json", Text: []byte(good)}} {
		_, err = policy.Run(context.Background(), Run{Inputs: []Input{input}, Report: report})
		if (err != nil) != (input.Name == "broken.json") {
			t.Errorf("%s: %v", input.Name, err)
		}
	}
	var text strings.Builder
	if err = report.Write(&text, ReportText, 0); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"bad.json:1:99", `"replicas": 1}`, "broken.json:1:2", "denied"} {
		if !strings.Contains(text.String(), part) {
			t.Errorf("%q is missing in the report:\n%s", part, text.String())
		}
	}
	if err = report.Write(&text, ReportFormat(1000), 0); !errors.Is(err, ErrArgument) {
		t.Error(err)
	}
	report.Close()
	if err = report.Write(&text, ReportText, 0); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}

func TestClosed(t *testing.T) {
	policy := compileText(t, replicas)
	policy.Close()
	policy.Close()
	if _, err := policy.Check(context.Background(), []byte(good)); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	var none *Policy
	if _, err := none.Check(context.Background(), []byte(good)); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	if none.Close() != nil {
		t.Error("closing nothing")
	}
}
