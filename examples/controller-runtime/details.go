package main

import (
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"

	bermadmission "berm.dev/berm/bindings/go/admission"
)

func detailsOf(details *bermadmission.Details) *meta.StatusDetails {
	made := &meta.StatusDetails{Name: details.Name, Group: details.Group, Kind: details.Kind}
	for _, cause := range details.Causes {
		made.Causes = append(made.Causes, meta.StatusCause{Type: meta.CauseType(cause.Reason), Message: cause.Message})
	}
	return made
}
