package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"berm.dev/berm/bindings/go"
	bermadmission "berm.dev/berm/bindings/go/admission"
)

// handler judges the requests of a controller-runtime webhook server. It takes the objects as they came: nothing is decoded into typed
// structures on the way.
type handler struct {
	policy *berm.Policy
}

var errNothing = errors.New("no resource was found in the request")

// Handle denies a request that could not be judged: that is what controller-runtime makes of an error, whatever the failurePolicy says.
func (h *handler) Handle(ctx context.Context, request admission.Request) admission.Response {
	text, err := json.Marshal(request.AdmissionRequest)
	if err != nil {
		return admission.Errored(http.StatusBadRequest, err)
	}
	input := berm.Input{Text: text, Format: berm.FormatJSON, Target: "admission-review", Duplicates: berm.DuplicatesForbid}
	result, err := h.policy.Run(ctx, berm.Run{Inputs: []berm.Input{input}})
	if err == nil && result.Resources == 0 {
		err = errNothing
	}
	if err != nil {
		return admission.Errored(http.StatusInternalServerError, err)
	}
	answer := bermadmission.Respond(&bermadmission.Request{
		UID: string(request.UID), Name: request.Name, Namespace: request.Namespace, Operation: string(request.Operation),
		Kind: bermadmission.GroupVersionKind{Group: request.Kind.Group, Version: request.Kind.Version, Kind: request.Kind.Kind},
	}, result, false)
	return responseOf(answer)
}

// responseOf is the same answer in controller-runtime's words.
func responseOf(answer *bermadmission.Response) admission.Response {
	response := admission.Allowed("")
	if !answer.Allowed {
		response = admission.Denied(answer.Status.Message)
		response.Result.Details = detailsOf(answer.Status.Details)
	}
	response.Warnings = answer.Warnings
	response.AuditAnnotations = answer.AuditAnnotations
	return response
}
