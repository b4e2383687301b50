package admission

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"berm.dev/berm/bindings/go"
)

const policies = `guardrail: k8s-privileged
title: Containers are not privileged
severity: critical
enforcement: hard-mandatory
match: {target: kubernetes, kinds: [v1/Pod]}
validations:
  - name: privileged
    each: object.spec.containers
    expression: "!item.?securityContext.?privileged.orValue(false)"
    message: "container {item.name} runs privileged"
---
guardrail: k8s-latest
title: Images have a tag
enforcement: advisory
match: {target: kubernetes, kinds: [v1/Pod]}
validations:
  - {name: tag, each: object.spec.containers, expression: "item.image.contains(':')", message: "{item.name}: {item.image} has no tag"}
---
guardrail: k8s-protected
title: Some things stay
enforcement: soft-mandatory
match: {target: kubernetes, kinds: [v1/Namespace], actions: [delete]}
validations:
  - {name: stay, expression: "oldObject.metadata.name != 'kube-system'", message: "{oldObject.metadata.name} stays"}
`

func pod(name, image string, privileged bool) string {
	return fmt.Sprintf(`{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": %q}, "spec": {"containers": [
		{"name": "c", "image": %q, "securityContext": {"privileged": %t}}]}}`, name, image, privileged)
}

func reviewOf(uid, operation, kind, object, oldObject string, more string) string {
	return fmt.Sprintf(`{"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {"uid": %q,
		"kind": {"group": "", "version": "v1", "kind": %q}, "resource": {"group": "", "version": "v1", "resource": "x"}, "name": "n",
		"namespace": "shop", "operation": %q, "userInfo": {"username": "ann"}, "object": %s, "oldObject": %s%s}}`,
		uid, kind, operation, object, oldObject, more)
}

func newHandler(t *testing.T, text string, options Options) *Handler {
	t.Helper()
	store, err := NewStore(FromFiles(fstest.MapFS{"p.yaml": {Data: []byte(text)}}, "."))
	if err != nil && text == policies {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	return NewHandler(store, options)
}

func post(h http.Handler, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "/validate?timeout=10s", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// answer gives the response, which must be one that the API server takes.
func answer(t *testing.T, h http.Handler, body string) *Response {
	t.Helper()
	w := post(h, body)
	if w.Code != 200 || w.Header().Get("Content-Type") != "application/json" {
		t.Fatalf("%d %s: %s", w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	var got review
	decoder := json.NewDecoder(w.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&got); err != nil {
		t.Fatal(err)
	}
	if got.APIVersion != apiVersion || got.Kind != kind || got.Request != nil || got.Response == nil {
		t.Fatalf("%+v", got)
	}
	return got.Response
}

func TestAllowed(t *testing.T) {
	h := newHandler(t, policies, Options{})
	got := answer(t, h, reviewOf("u-1", "CREATE", "Pod", pod("a", "web:1", false), "null", ""))
	if got.UID != "u-1" || !got.Allowed || got.Status != nil || len(got.Warnings) != 0 || got.AuditAnnotations["decision"] != "allowed" {
		t.Errorf("%+v", got)
	}
	// What no guardrail looks at is looked at by nobody, but it is there.
	got = answer(t, h, reviewOf("u-2", "CREATE", "ConfigMap", `{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}`, "null", ""))
	if got.UID != "u-2" || !got.Allowed {
		t.Errorf("%+v", got)
	}
}

func TestDeniedAndWarned(t *testing.T) {
	got := answer(t, newHandler(t, policies, Options{}), reviewOf("u-1", "CREATE", "Pod", pod("a", "web", true), "null", ""))
	want := "k8s-privileged/privileged: container c runs privileged"
	if got.Allowed || got.Status == nil || got.Status.Code != 403 || got.Status.Reason != "Forbidden" || got.Status.Message != want {
		t.Errorf("%+v %+v", got, got.Status)
	}
	if d := got.Status.Details; d.Name != "n" || d.Kind != "Pod" || len(d.Causes) != 1 || d.Causes[0].Reason != "k8s-privileged/privileged" {
		t.Errorf("%+v", d)
	}
	if len(got.Warnings) != 1 || got.Warnings[0] != "k8s-latest/tag: c: web has no tag" {
		t.Errorf("%q", got.Warnings)
	}
	if a := got.AuditAnnotations; a["decision"] != "denied" || a["k8s-privileged"] != "fail privileged: container c runs privileged" || a["k8s-latest"] == "" {
		t.Errorf("%q", a)
	}
}

func TestDeletion(t *testing.T) {
	h := newHandler(t, policies, Options{})
	for name, allowed := range map[string]bool{"kube-system": false, "shop": true} {
		old := fmt.Sprintf(`{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": %q}}`, name)
		if got := answer(t, h, reviewOf("u", "DELETE", "Namespace", "null", old, "")); got.Allowed != allowed {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestNotAReview(t *testing.T) {
	h := newHandler(t, policies, Options{MaxBody: 4096})
	good := reviewOf("u", "CREATE", "Pod", pod("a", "web:1", false), "null", "")
	for name, c := range map[string]struct {
		body string
		code int
	}{
		"no JSON": {"{", 400}, "another version": {strings.Replace(good, "io/v1", "io/v1beta1", 1), 400},
		"another kind": {strings.Replace(good, "AdmissionReview", "Pod", 1), 400}, "no uid": {strings.Replace(good, `"u"`, `""`, 1), 400},
		"no request": {`{"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview"}`, 400}, "too large": {good + strings.Repeat(" ", 4096), 413},
		"a request twice":      {strings.Replace(good, `"kind": "AdmissionReview",`, `"kind": "AdmissionReview", "request": {},`, 1), 500},
		"an object twice":      {strings.Replace(good, `"object": {`, `"object": {"kind": "X", `, 1), 500},
		"deeper than is taken": {strings.Replace(good, `"object": {`, `"object": {"a": `+strings.Repeat("[", 1000)+strings.Repeat("]", 1000)+`, `, 1), 500},
	} {
		if got := post(h, c.body); got.Code != c.code {
			t.Errorf("%s: %d %s", name, got.Code, got.Body)
		}
	}
	for _, c := range []struct {
		method, contentType string
		code                int
	}{{"GET", "application/json", 405}, {"POST", "text/plain", 415}, {"POST", "", 415}} {
		r := httptest.NewRequest(c.method, "/", strings.NewReader(good))
		r.Header.Set("Content-Type", c.contentType)
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != c.code {
			t.Errorf("%s %s: %d", c.method, c.contentType, w.Code)
		}
	}
}

// Nothing is admitted because something is wrong here.
func TestFailures(t *testing.T) {
	broken := "guardrail: x\n"
	slow := `guardrail: slow
title: t
match: {target: kubernetes, kinds: ["*"]}
validations:
  - {name: v, expression: "object.l.all(a, object.l.all(b, object.l.all(c, object.l.all(d, a + b + c + d >= 0))))"}
`
	long := `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "l": [` + strings.TrimSuffix(strings.Repeat("1,", 3000), ",") + `]}`
	for name, c := range map[string]struct {
		policies, object string
		says             string
	}{
		"broken": {broken, pod("a", "b", false), "guardrail needs"}, "slow": {slow, long, "interrupted"},
	} {
		for _, failure := range []Failure{FailureError, FailureDeny, FailureAllow} {
			read := func() ([]berm.Source, error) { return []berm.Source{berm.Text("p.yaml", c.policies)}, nil }
			store, _ := NewStore(read, berm.WithLimits(berm.Limits{RuleCost: 1 << 60, Fuel: 1 << 60}))
			h := NewHandler(store, Options{OnFailure: failure, Timeout: 50 * time.Millisecond})
			body := reviewOf("u", "CREATE", "Pod", c.object, "null", "")
			if failure == FailureError {
				if got := post(h, body); got.Code != 500 || !strings.Contains(got.Body.String(), c.says) {
					t.Errorf("%s: %d %s", name, got.Code, got.Body)
				}
			} else if got := answer(t, h, body); got.UID != "u" || got.Allowed != (failure == FailureAllow) || got.AuditAnnotations["decision"] != "not judged" {
				t.Errorf("%s: %+v", name, got)
			} else if got.Allowed != (len(got.Warnings) == 1) || got.Allowed != (got.Status == nil) {
				t.Errorf("%s: %+v", name, got)
			}
			store.Close()
		}
	}
}

// An expression that errs on an object denies it, as a mandatory validation that cannot be worked out.
func TestErrorsDeny(t *testing.T) {
	h := newHandler(t, policies, Options{})
	got := answer(t, h, reviewOf("u", "CREATE", "Pod", `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": "none"}}`, "null", ""))
	if got.Allowed || !strings.Contains(got.Status.Message, "k8s-privileged") {
		t.Errorf("%+v", got)
	}
}

func TestDryRunAndMetrics(t *testing.T) {
	var decisions []string
	var mu sync.Mutex
	h := newHandler(t, policies, Options{OnDecision: func(request *Request, response *Response, err error) {
		mu.Lock()
		defer mu.Unlock()
		if request != nil {
			decisions = append(decisions, fmt.Sprintf("%s %t %t", request.UID, request.DryRun, response.Allowed))
		} else {
			decisions = append(decisions, err.Error())
		}
	}})
	answer(t, h, reviewOf("u-1", "CREATE", "Pod", pod("a", "web:1", false), "null", ""))
	answer(t, h, reviewOf("u-2", "UPDATE", "Pod", pod("a", "web", true), pod("a", "web:1", false), `, "dryRun": true`))
	answer(t, h, reviewOf("u-3", "PAINT", "Pod", pod("a", "web:1", false), "null", ""))
	post(h, "{")
	if got := strings.Join(decisions[:3], ", "); got != "u-1 false true, u-2 true false, u-3 false true" || !strings.Contains(decisions[3], "not JSON") {
		t.Error(decisions)
	}
	w := httptest.NewRecorder()
	h.Metrics().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	for _, line := range []string{
		`berm_admission_requests_total{operation="CREATE",decision="allowed",dry_run="false"} 1`,
		`berm_admission_requests_total{operation="UPDATE",decision="denied",dry_run="true"} 1`,
		`berm_admission_requests_total{operation="unknown",decision="allowed",dry_run="false"} 1`,
		`berm_admission_requests_total{operation="unknown",decision="failed",dry_run="false"} 1`,
		`berm_admission_findings_total{guardrail="k8s-privileged",verdict="fail"} 1`,
		`berm_admission_in_flight 0`, `berm_admission_duration_seconds_count 4`, `berm_admission_duration_seconds_bucket{le="+Inf"} 4`,
		`berm_policy_current 1`, `berm_policy_reloads_total{result="loaded"} 1`,
	} {
		if !strings.Contains(w.Body.String(), "\n"+line+"\n") {
			t.Errorf("%s is missing in\n%s", line, w.Body)
		}
	}
}

func TestReload(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "p.yaml")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(policies)
	store, err := NewStore(FromFiles(os.DirFS(dir), "."))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	h := NewHandler(store, Options{})
	privileged := reviewOf("u", "CREATE", "Pod", pod("a", "web:1", true), "null", "")
	if changed, err := store.Reload(); changed || err != nil {
		t.Error(changed, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	told := make(chan error, 100)
	go store.Watch(ctx, time.Millisecond, func(_ bool, err error) { told <- err })
	write("guardrail: x\n")
	for err := range told { // a file that is written is not there for a moment
		if err != nil {
			break
		}
	}
	if got := answer(t, h, privileged); got.Allowed || store.Err() == nil {
		t.Errorf("a set that does not compile replaced one that does: %+v, %v", got, store.Err())
	}
	cancel()
	write(strings.Replace(policies, "hard-mandatory", "advisory", 1))
	if _, err := store.Reload(); err != nil {
		t.Error(err)
	}
	if got := answer(t, h, privileged); !got.Allowed || len(got.Warnings) != 1 || store.Err() != nil {
		t.Errorf("%+v", got)
	}
	os.Remove(dir + "/p.yaml")
	if _, err = store.Reload(); err == nil {
		t.Error("no policies are no policies to judge by")
	}
	if got := answer(t, h, privileged); !got.Allowed {
		t.Errorf("%+v", got)
	}
}

func TestReloadWhileServing(t *testing.T) {
	var mu sync.Mutex
	round := 0
	store, err := NewStore(func() ([]berm.Source, error) {
		mu.Lock()
		defer mu.Unlock()
		round++
		return []berm.Source{berm.Text("p.yaml", policies+fmt.Sprintf("# %d\n", round))}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	h := NewHandler(store, Options{})
	var group sync.WaitGroup
	done := make(chan struct{})
	for i := 0; i < 4; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for n := 0; ; n++ {
				select {
				case <-done:
					return
				default:
				}
				w := post(h, reviewOf("u", "CREATE", "Pod", pod("a", "web:1", n%2 == 0), "null", ""))
				if w.Code != 200 || bytes.Contains(w.Body.Bytes(), []byte(`"allowed":true`)) != (n%2 == 1) {
					t.Errorf("%d %s", w.Code, w.Body)
					return
				}
			}
		}()
	}
	for i := 0; i < 20; i++ {
		if changed, err := store.Reload(); !changed || err != nil {
			t.Error(changed, err)
		}
	}
	close(done)
	group.Wait()
	store.Close()
	if got := post(h, reviewOf("u", "CREATE", "Pod", pod("a", "web:1", false), "null", "")); got.Code != 500 {
		t.Errorf("closed: %d %s", got.Code, got.Body)
	}
}

func TestReady(t *testing.T) {
	for text, code := range map[string]int{policies: 200, "guardrail: x\n": 503} {
		w := httptest.NewRecorder()
		newHandler(t, text, Options{}).Ready().ServeHTTP(w, httptest.NewRequest("GET", "/readyz", nil))
		if w.Code != code {
			t.Errorf("%d: %d", code, w.Code)
		}
	}
}

func TestRespondKeepsWithinBounds(t *testing.T) {
	result := berm.Result{Allowed: true}
	for i := 0; i < 100; i++ {
		result.Findings = append(result.Findings, berm.Finding{
			Verdict: berm.VerdictFail, Guardrail: "acme.example/" + strings.Repeat("g", 80), Validation: "v",
			Message: strings.Repeat("é\n", 300), Element: fmt.Sprint("e", i),
		})
	}
	result.Findings = append(result.Findings,
		berm.Finding{Verdict: berm.VerdictUnknown, Enforcement: berm.EnforcementHardMandatory, Guardrail: "u", Validation: "v", Message: "m"},
		berm.Finding{Verdict: berm.VerdictWaived, Enforcement: berm.EnforcementHardMandatory, Guardrail: "!", Validation: "v", Message: "m", Waiver: "w-1"})
	got := Respond(&Request{UID: "u"}, result, false)
	length := 0
	for _, warning := range got.Warnings {
		length += len([]rune(warning))
	}
	last := got.Warnings[len(got.Warnings)-1]
	if !got.Allowed || length > 4096 || !strings.HasPrefix(last, "and ") || strings.ContainsAny(strings.Join(got.Warnings, ""), "\n") {
		t.Errorf("%d %q %q", length, last, got.Warnings[0])
	}
	for key, value := range got.AuditAnnotations {
		if len(key) > 63 || len([]rune(value)) > 1024 || strings.ContainsAny(key, "/!") {
			t.Errorf("%q: %q", key, value)
		}
	}
	if !strings.Contains(strings.Join(got.Warnings, "\n"), "/v: waived by w-1: m") || got.AuditAnnotations["target"] == "" {
		t.Errorf("%q", got.Warnings)
	}
	if got = Respond(&Request{UID: "u"}, result, true); got.Allowed || got.Status.Message != "u/v: m" {
		t.Errorf("%+v", got)
	}
}

func TestBodyThatBreaksOff(t *testing.T) {
	h := newHandler(t, policies, Options{})
	r := httptest.NewRequest("POST", "/", io.MultiReader(strings.NewReader("{"), brokenReader{}))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != 400 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("gone") }

// BenchmarkHandler measures a request that is admitted, without the network; BenchmarkJudge what of it is the policies'.
func BenchmarkHandler(b *testing.B) {
	store, err := NewStore(FromFiles(fstest.MapFS{"p.yaml": {Data: []byte(policies)}}, "."))
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	h := NewHandler(store, Options{})
	body := reviewOf("u", "CREATE", "Pod", pod("a", "web:1", false), "null", "")
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		if w := post(h, body); w.Code != 200 {
			b.Fatal(w.Body)
		}
	}
}

func BenchmarkJudge(b *testing.B) {
	store, err := NewStore(FromFiles(fstest.MapFS{"p.yaml": {Data: []byte(policies)}}, "."))
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	h := NewHandler(store, Options{})
	body := []byte(reviewOf("u", "CREATE", "Pod", pod("a", "web:1", false), "null", ""))
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		if result, err := h.judge(context.Background(), body); err != nil || !result.Allowed {
			b.Fatal(result, err)
		}
	}
}

// The API server's own policies say with which reason they deny; so does the webhook that runs them.
func TestReasonOfAdmissionPolicy(t *testing.T) {
	for reason, code := range map[string]int{"": 422, "Unauthorized": 401, "Forbidden": 403, "RequestEntityTooLarge": 413} {
		policy := `{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicy, metadata: {name: p}, spec: {` +
			`matchConstraints: {resourceRules: [{apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*"]}]}, ` +
			`validations: [{expression: "false", message: denied, reason: "` + reason + `"}]}}`
		want := reason
		if reason == "" {
			policy, want = strings.Replace(policy, `, reason: ""`, "", 1), "Invalid"
		}
		got := answer(t, newHandler(t, policy, Options{}), reviewOf("u", "CREATE", "Pod", pod("a", "web:1", false), "null", ""))
		if got.Allowed || got.Status.Code != code || got.Status.Reason != want {
			t.Errorf("%s: %+v", reason, got.Status)
		}
	}
}
