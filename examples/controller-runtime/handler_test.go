package main

import (
	"context"
	"os"
	"strings"
	"testing"

	v1 "k8s.io/api/admission/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

func request(object string) admission.Request {
	return admission.Request{AdmissionRequest: v1.AdmissionRequest{
		UID: types.UID("u"), Kind: meta.GroupVersionKind{Version: "v1", Kind: "Pod"}, Name: "web", Operation: v1.Create,
		Object: runtime.RawExtension{Raw: []byte(object)},
	}}
}

func TestHandler(t *testing.T) {
	policy, err := compile("../webhook/policies/shop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer policy.Close()
	h := &handler{policy}
	good := `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "labels": {"team": "a"}},
		"spec": {"containers": [{"name": "c", "image": "web"}]}}`
	got := h.Handle(context.Background(), request(good))
	if !got.Allowed || len(got.Warnings) != 1 || got.AuditAnnotations["decision"] != "allowed" {
		t.Errorf("%+v", got)
	}
	got = h.Handle(context.Background(), request(strings.Replace(good, `"image"`, `"securityContext": {"privileged": true}, "image"`, 1)))
	if got.Allowed || got.Result.Code != 403 || got.Result.Message != "shop-privileged/privileged: container c runs privileged" || len(got.Result.Details.Causes) != 1 {
		t.Errorf("%+v %+v", got, got.Result)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if got = h.Handle(ctx, request(good)); got.Allowed || got.Result.Code != 500 {
		t.Errorf("%+v", got)
	}
	policy.Close()
	if got = h.Handle(context.Background(), request(good)); got.Allowed || got.Result.Code != 500 {
		t.Errorf("%+v", got)
	}
}

func TestBrokenPolicies(t *testing.T) {
	path := t.TempDir() + "/p.yaml"
	os.WriteFile(path, []byte("guardrail: x\n"), 0o600)
	if _, err := compile(path); err == nil {
		t.Error("faulty policies compiled")
	}
	if err := run("", "", 0, "", "", path); err == nil {
		t.Error("it runs on faulty policies")
	}
}
