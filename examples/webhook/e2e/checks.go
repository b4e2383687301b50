package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	registration "k8s.io/api/admissionregistration/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	typed "k8s.io/client-go/kubernetes/typed/core/v1"
)

func pod(name, image string, privileged bool, labels map[string]string) *core.Pod {
	container := core.Container{Name: "c", Image: image, SecurityContext: &core.SecurityContext{Privileged: &privileged}}
	return &core.Pod{ObjectMeta: meta.ObjectMeta{Name: name, Labels: labels}, Spec: core.PodSpec{Containers: []core.Container{container}}}
}

var team = map[string]string{"team": "web"}

// space is a namespace whose objects one webhook judges.
type space struct {
	*suite
	ctx  context.Context
	pods typed.PodInterface
	maps typed.ConfigMapInterface
	name string
}

func (s *suite) space(ctx context.Context, name, judgedBy string) (*space, error) {
	namespace := &core.Namespace{ObjectMeta: meta.ObjectMeta{Name: name, Labels: map[string]string{"judged-by": judgedBy}}}
	if _, err := s.cluster.client.CoreV1().Namespaces().Create(ctx, namespace, meta.CreateOptions{}); err != nil {
		return nil, err
	}
	api := s.cluster.client.CoreV1()
	return &space{s, ctx, api.Pods(name), api.ConfigMaps(name), name}, nil
}

func (p *space) exists(name string) bool {
	_, err := p.pods.Get(p.ctx, name, meta.GetOptions{})
	return err == nil
}

// inForce waits until a registration, or its end, has reached the API server's own cache: dry runs tell.
func (p *space) inForce(asked bool) bool {
	return eventually(func() bool {
		_, err := p.pods.Create(p.ctx, pod("probe", "web:1", true, team), meta.CreateOptions{DryRun: []string{meta.DryRunAll}})
		return (err != nil) == asked
	})
}

func (p *space) admitsAndDenies() {
	p.cluster.warnings.take()
	_, err := p.pods.Create(p.ctx, pod("good", "web:1", false, team), meta.CreateOptions{})
	warned := p.cluster.warnings.take()
	p.check(err == nil && len(warned) == 0 && p.exists("good"), "a good pod is admitted without a warning: %v %q", err, warned)

	_, err = p.pods.Create(p.ctx, pod("bad", "web:1", true, team), meta.CreateOptions{})
	p.check(errors.IsForbidden(err) && strings.Contains(err.Error(), "shop-privileged/privileged: container c runs privileged") && !p.exists("bad"),
		"a privileged pod is denied with the guardrail's message: %v", err)
	if status, ok := err.(errors.APIStatus); ok && status.Status().Details != nil {
		causes := status.Status().Details.Causes
		p.check(len(causes) == 1 && string(causes[0].Type) == "shop-privileged/privileged", "the cause is the guardrail: %+v", causes)
	} else {
		p.check(false, "the denial has details")
	}

	_, err = p.pods.Create(p.ctx, pod("both", "web:1", true, nil), meta.CreateOptions{})
	p.check(errors.IsForbidden(err) && strings.Contains(err.Error(), "shop-privileged/") && strings.Contains(err.Error(), "shop-team/label: both has no label team"),
		"two faults are two messages: %v", err)

	p.cluster.warnings.take()
	_, err = p.pods.Create(p.ctx, pod("warned", "registry:5000/web", false, team), meta.CreateOptions{})
	warned = p.cluster.warnings.take()
	p.check(err == nil && len(warned) == 1 && warned[0] == "shop-image-tags/tag: container c: registry:5000/web has no tag" && p.exists("warned"),
		"an advisory failure warns and is admitted: %v %q", err, warned)
}

func (p *space) updatesAndDeletes() {
	_, err := p.pods.Patch(p.ctx, "good", types.MergePatchType, []byte(`{"metadata": {"labels": {"team": null}}}`), meta.PatchOptions{})
	p.check(errors.IsForbidden(err) && strings.Contains(err.Error(), "shop-team/label"), "an update that breaks a rule is denied: %v", err)
	_, err = p.pods.Patch(p.ctx, "good", types.MergePatchType, []byte(`{"metadata": {"labels": {"more": "yes"}}}`), meta.PatchOptions{})
	p.check(err == nil, "another update is admitted: %v", err)

	for name, labels := range map[string]map[string]string{"kept": {"protected": "yes"}, "free": nil} {
		_, err := p.maps.Create(p.ctx, &core.ConfigMap{ObjectMeta: meta.ObjectMeta{Name: name, Labels: labels}}, meta.CreateOptions{})
		p.check(err == nil, "the ConfigMap %s is admitted: %v", name, err)
	}
	err = p.maps.Delete(p.ctx, "kept", meta.DeleteOptions{})
	_, there := p.maps.Get(p.ctx, "kept", meta.GetOptions{})
	p.check(errors.IsForbidden(err) && strings.Contains(err.Error(), "kept is protected") && there == nil, "a protected object is not deleted: %v", err)
	p.check(p.maps.Delete(p.ctx, "free", meta.DeleteOptions{}) == nil, "another one is deleted")
}

func (p *space) dryRuns() {
	dry := meta.CreateOptions{DryRun: []string{meta.DryRunAll}}
	_, err := p.pods.Create(p.ctx, pod("dry", "web:1", false, team), dry)
	p.check(err == nil && !p.exists("dry"), "a dry run is judged and nothing is made: %v", err)
	_, err = p.pods.Create(p.ctx, pod("dry", "web:1", true, team), dry)
	p.check(errors.IsForbidden(err), "a dry run is denied: %v", err)
}

// audited looks for the annotations of the webhook in the audit log.
func (s *suite) audited(name string) {
	find := func(annotation, value string) bool {
		log, err := os.Open(s.cluster.audit)
		if err != nil {
			return false
		}
		defer log.Close()
		lines := bufio.NewScanner(log)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var event struct {
				Annotations map[string]string `json:"annotations"`
			}
			if json.Unmarshal(lines.Bytes(), &event) == nil && event.Annotations[name+".berm.example/"+annotation] == value {
				return true
			}
		}
		return false
	}
	s.check(eventually(func() bool { return find("decision", "denied") }), "the audit log has decisions")
	s.check(find("shop-privileged", "fail privileged: container c runs privileged"), "the audit log has the guardrail's message")
	s.check(find("shop-image-tags", "fail tag: container c: registry:5000/web has no tag"), "the audit log has what was only warned of")
}

func (s *suite) webhook(ctx context.Context, program string, load int) error {
	w, err := newWebhook(s.cluster, program, "shop", s.policies)
	if err != nil {
		return err
	}
	if err := w.start(ctx); err != nil {
		return err
	}
	defer func() { w.stop() }()
	p, err := s.space(ctx, "shop", w.name)
	if err != nil {
		return err
	}
	if err := w.register(ctx, registration.Fail); err != nil {
		return err
	}
	s.check(p.inForce(true), "the webhook is asked")
	p.admitsAndDenies()
	p.updatesAndDeletes()
	p.dryRuns()
	s.audited(w.name)
	s.check(w.metric(`berm_admission_requests_total{operation="CREATE",decision="denied",dry_run="true"}`) != "", "dry runs are counted apart")
	p.reloads(w)
	if err := p.load(w, load); err != nil {
		return err
	}
	return p.failures(w)
}

func (p *space) reloads(w *webhook) {
	denies := func(name string, labels map[string]string) func() bool {
		return func() bool {
			_, err := p.pods.Create(p.ctx, pod(name, "web:1", false, labels), meta.CreateOptions{DryRun: []string{meta.DryRunAll}})
			return errors.IsForbidden(err)
		}
	}
	p.check(!denies("reload", team)(), "before a reload the pod is admitted")
	w.write(strings.Replace(p.policies, "object.metadata.?labels.?team.orValue('') != ''", "object.metadata.?labels.?team.orValue('') == 'core'", 1))
	p.check(eventually(denies("reload", team)), "policies that change are in force without a restart")
	w.write("guardrail: [broken\n")
	p.check(eventually(func() bool { return w.metric("berm_policy_current") == "0" }), "a set that does not compile is noticed")
	p.check(denies("reload", team)(), "and the one before stays in force")
	w.write(p.policies)
	p.check(eventually(func() bool { return !denies("reload", team)() }), "the next good set is taken")
}

// failures: whatever breaks, failurePolicy decides, and nothing slips through.
func (p *space) failures(w *webhook) error {
	w.stop()
	p.refused("unreachable", "the webhook cannot be reached")
	if err := w.register(p.ctx, registration.Ignore); err != nil {
		return err
	}
	p.check(eventually(func() bool {
		_, err := p.pods.Create(p.ctx, pod("ignored", "web:1", true, team), meta.CreateOptions{})
		return err == nil
	}), "with failurePolicy Ignore and no webhook it is admitted: the cluster's owner said so")
	if err := w.register(p.ctx, registration.Fail); err != nil {
		return err
	}
	p.check(p.inForce(true), "failurePolicy is Fail again")

	w.write("guardrail: [broken\n")
	if err := w.start(p.ctx); err != nil {
		return err
	}
	p.check(healthy(w.url("/readyz")) != nil, "a webhook without policies is not ready")
	p.refused("broken", "the policies do not compile")
	p.healed(w, "a webhook whose policies are mended")
	w.stop()

	w.write(endless)
	if err := w.start(p.ctx); err != nil {
		return err
	}
	p.refusedBig("slow", "the policies take too long")
	w.stop()
	return p.impostor(w)
}

// endless is a policy that takes longer than anybody waits, within the cost of one expression.
const endless = `guardrail: endless
title: It takes its time
match: {target: kubernetes, kinds: [v1/ConfigMap]}
validations:
  - name: v
    each: object.data.map(k, k)
    expression: object.data.map(k, object.data[k]).all(a, a.size() >= 0)
`

func (p *space) refused(name, why string) {
	_, err := p.pods.Create(p.ctx, pod(name, "web:1", false, team), meta.CreateOptions{})
	p.check(errors.IsInternalError(err) && strings.Contains(err.Error(), "failed calling webhook") && !p.exists(name),
		"%s: with failurePolicy Fail even a good pod is refused: %v", why, err)
	_, err = p.pods.Create(p.ctx, pod(name, "web:1", true, team), meta.CreateOptions{})
	p.check(err != nil && !p.exists(name), "%s: a bad one is, too", why)
}

func (p *space) refusedBig(name, why string) {
	big := &core.ConfigMap{ObjectMeta: meta.ObjectMeta{Name: name}, Data: map[string]string{}}
	for i := 0; i < 20000; i++ {
		big.Data[fmt.Sprint("k", i)] = "v"
	}
	start := time.Now()
	_, err := p.maps.Create(p.ctx, big, meta.CreateOptions{})
	_, there := p.maps.Get(p.ctx, name, meta.GetOptions{})
	p.check(errors.IsInternalError(err) && strings.Contains(err.Error(), "deadline exceeded") && errors.IsNotFound(there) && time.Since(start) < 8*time.Second,
		"%s: it is refused after %v: %v", why, time.Since(start).Round(time.Millisecond), err)
}

func (p *space) healed(w *webhook, what string) {
	w.write(p.policies)
	p.check(eventually(func() bool {
		_, err := p.pods.Create(p.ctx, pod("healed", "web:1", false, team), meta.CreateOptions{DryRun: []string{meta.DryRunAll}})
		return err == nil
	}), "%s judges again", what)
}

// impostor: something else answers at the webhook's address, with a certificate of another authority.
func (p *space) impostor(w *webhook) error {
	other, err := newAuthority(p.cluster.dir)
	if err != nil {
		return err
	}
	if w.cert, w.key, err = other.issue("impostor"); err != nil {
		return err
	}
	w.write(p.policies)
	if err := w.start(p.ctx); err != nil {
		return err
	}
	p.refused("impostor", "somebody else answers")
	return nil
}
