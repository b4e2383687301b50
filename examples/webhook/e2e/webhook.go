package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	registration "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// webhook is the program of examples/webhook, with policies of its own.
type webhook struct {
	cluster        *cluster
	program        string
	policies       string // its folder
	cert, key      string
	port, plain    int
	process        *process
	name           string
	timeoutSeconds int32
}

func newWebhook(c *cluster, program, name, policies string) (*webhook, error) {
	w := &webhook{cluster: c, program: program, name: name, policies: filepath.Join(c.dir, name), timeoutSeconds: 5}
	var err error
	if w.cert, w.key, err = c.authority.issue(name); err != nil {
		return nil, err
	}
	if w.port, err = freePort(); err != nil {
		return nil, err
	}
	if w.plain, err = freePort(); err != nil {
		return nil, err
	}
	if err := os.Mkdir(w.policies, 0o700); err != nil {
		return nil, err
	}
	return w, w.write(policies)
}

// write puts policies in place at once, as a mounted ConfigMap is: nobody sees a half of them.
func (w *webhook) write(policies string) error {
	next := filepath.Join(w.policies, ".next")
	if err := os.WriteFile(next, []byte(policies), 0o600); err != nil {
		return err
	}
	return os.Rename(next, filepath.Join(w.policies, "policies.yaml"))
}

func (w *webhook) start(ctx context.Context, args ...string) error {
	args = append([]string{
		"-listen", fmt.Sprintf("127.0.0.1:%d", w.port), "-metrics", fmt.Sprintf("127.0.0.1:%d", w.plain),
		"-cert", w.cert, "-key", w.key, "-policies", w.policies, "-reload", "50ms", "-quiet",
	}, args...)
	var err error
	if w.process, err = start(w.cluster.dir, w.name, w.program, args...); err != nil {
		return err
	}
	return w.process.wait(ctx, func() error { return healthy(w.url("/healthz")) })
}

func (w *webhook) stop() {
	w.process.stop()
	w.process = nil
}

func (w *webhook) url(path string) string { return fmt.Sprintf("http://127.0.0.1:%d%s", w.plain, path) }

// metric is the value of one line of /metrics; "" when there is none.
func (w *webhook) metric(name string) string {
	response, err := http.Get(w.url("/metrics"))
	if err != nil {
		return ""
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	for _, line := range strings.Split(string(text), "\n") {
		if strings.HasPrefix(line, name+" ") {
			return strings.TrimPrefix(line, name+" ")
		}
	}
	return ""
}

// register asks the API server to ask the webhook about pods and ConfigMaps in the namespace of the tests.
func (w *webhook) register(ctx context.Context, policy registration.FailurePolicyType) error {
	url := fmt.Sprintf("https://127.0.0.1:%d/validate", w.port)
	none, equivalent := registration.SideEffectClassNone, registration.Equivalent
	hook := registration.ValidatingWebhook{
		Name: w.name + ".berm.example", ClientConfig: registration.WebhookClientConfig{URL: &url, CABundle: w.cluster.authority.pem},
		Rules: []registration.RuleWithOperations{{
			Operations: []registration.OperationType{registration.OperationAll},
			Rule:       registration.Rule{APIGroups: []string{""}, APIVersions: []string{"v1"}, Resources: []string{"pods", "configmaps"}},
		}},
		FailurePolicy: &policy, MatchPolicy: &equivalent, SideEffects: &none, AdmissionReviewVersions: []string{"v1"},
		TimeoutSeconds:    &w.timeoutSeconds,
		NamespaceSelector: &meta.LabelSelector{MatchLabels: map[string]string{"judged-by": w.name}},
	}
	hooks := w.cluster.client.AdmissionregistrationV1().ValidatingWebhookConfigurations()
	err := hooks.Delete(ctx, w.name, meta.DeleteOptions{})
	if err != nil && !errors.IsNotFound(err) {
		return err
	}
	wanted := &registration.ValidatingWebhookConfiguration{ObjectMeta: meta.ObjectMeta{Name: w.name}, Webhooks: []registration.ValidatingWebhook{hook}}
	_, err = hooks.Create(ctx, wanted, meta.CreateOptions{})
	return err
}

// warnings collects the warnings that the API server sends.
type warnings struct {
	mu    sync.Mutex
	texts []string
}

func (w *warnings) HandleWarningHeader(_ int, _ string, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.texts = append(w.texts, text)
}

// take gives what came since the last call.
func (w *warnings) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	texts := w.texts
	w.texts = nil
	return texts
}

// eventually asks until it holds, or ten seconds have passed.
func eventually(holds func() bool) bool {
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if holds() {
			return true
		}
		if time.Now().After(end) {
			return false
		}
	}
}
