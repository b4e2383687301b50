package admission

import (
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"berm.dev/berm/bindings/go"
)

// The parts of k8s.io/api/admission/v1 that a validating webhook reads and writes.

const (
	apiVersion = "admission.k8s.io/v1"
	kind       = "AdmissionReview"
)

type review struct {
	APIVersion string    `json:"apiVersion"`
	Kind       string    `json:"kind"`
	Request    *Request  `json:"request,omitempty"`
	Response   *Response `json:"response,omitempty"`
}

// GroupVersionKind names a kind of objects.
type GroupVersionKind struct {
	Group   string `json:"group"`
	Version string `json:"version"`
	Kind    string `json:"kind"`
}

// Request is what an AdmissionReview asks about, without the objects.
type Request struct {
	UID       string           `json:"uid"`
	Kind      GroupVersionKind `json:"kind"`
	Name      string           `json:"name,omitempty"`
	Namespace string           `json:"namespace,omitempty"`
	Operation string           `json:"operation"`
	DryRun    bool             `json:"dryRun,omitempty"`
}

// Response is the answer of an AdmissionReview.
type Response struct {
	UID              string            `json:"uid"`
	Allowed          bool              `json:"allowed"`
	Status           *Status           `json:"status,omitempty"`
	AuditAnnotations map[string]string `json:"auditAnnotations,omitempty"`
	Warnings         []string          `json:"warnings,omitempty"`
}

// Status says why a request is denied.
type Status struct {
	Code    int      `json:"code"`
	Reason  string   `json:"reason"`
	Message string   `json:"message"`
	Details *Details `json:"details,omitempty"`
}

// Details lists the validations that denied.
type Details struct {
	Name   string  `json:"name,omitempty"`
	Group  string  `json:"group,omitempty"`
	Kind   string  `json:"kind,omitempty"`
	Causes []Cause `json:"causes,omitempty"`
}

// Cause is one validation that denied: guardrail/validation, and its message.
type Cause struct {
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

// What clients and the API server take: it cuts warnings once they have more than 4096 characters in all.
const (
	warningLength  = 256
	warningsLength = 4000
	messageLength  = 4096
	valueLength    = 1024
	keyLength      = 63
)

// Respond makes the answer to a request from what the policies said of it. Mandatory validations that failed or erred deny; advisory
// ones warn; so do unknown verdicts, unless denyUnknown, and waived ones. Every finding is in the audit annotations, by guardrail.
func Respond(request *Request, result berm.Result, denyUnknown bool) *Response {
	response := &Response{UID: request.UID, Allowed: result.Allowed, AuditAnnotations: map[string]string{}}
	var causes []Cause
	var warnings []string
	var reason string // of the first that denies, as the API server has it
	for i := range result.Findings {
		f := &result.Findings[i]
		denies := f.Mandatory() || denyUnknown && f.Verdict == berm.VerdictUnknown && f.Enforcement != berm.EnforcementAdvisory
		switch {
		case denies:
			causes = append(causes, Cause{f.ID(), clean(f.Message, messageLength)})
			if reason == "" {
				reason = f.Reason
			}
		case f.Verdict == berm.VerdictPass || f.Verdict == berm.VerdictSkipped:
			continue
		default:
			warnings = append(warnings, clean(f.ID()+": "+prefixOf(f)+f.Message, warningLength))
		}
		annotate(response.AuditAnnotations, f)
	}
	if len(causes) > 0 {
		response.Allowed = false
	}
	response.Warnings = shorten(warnings)
	response.AuditAnnotations["decision"] = "allowed"
	if !response.Allowed {
		response.AuditAnnotations["decision"] = "denied"
		response.Status = deny(request, reason, causes)
	}
	return response
}

// prefixOf says what else than a failure is warned of.
func prefixOf(f *berm.Finding) string {
	switch f.Verdict {
	case berm.VerdictFail:
		return ""
	case berm.VerdictWaived:
		return "waived by " + f.Waiver + ": "
	}
	return f.Verdict.String() + ": "
}

// codes are those of the reasons that policies of Kubernetes may give.
var codes = map[string]int{"Invalid": 422, "Unauthorized": 401, "RequestEntityTooLarge": 413, "Forbidden": 403}

// deny refuses for a reason; guardrails have none, and forbid.
func deny(request *Request, reason string, causes []Cause) *Status {
	if codes[reason] == 0 {
		reason = "Forbidden"
	}
	status := &Status{Code: codes[reason], Reason: reason}
	status.Details = &Details{Name: request.Name, Group: request.Kind.Group, Kind: request.Kind.Kind, Causes: causes}
	var parts []string
	for _, cause := range causes {
		parts = append(parts, cause.Reason+": "+cause.Message)
	}
	if status.Message = clean(strings.Join(parts, "; "), messageLength); status.Message == "" {
		status.Message = "denied by policy"
	}
	return status
}

// annotate adds a finding to the annotation of its guardrail. The API server wants keys of 63 letters, digits, '-', '_' and '.'.
func annotate(annotations map[string]string, f *berm.Finding) {
	key := keyOf(f.Guardrail)
	value := f.Verdict.String() + " " + f.Validation + ": " + f.Message
	if before := annotations[key]; before != "" {
		value = before + "; " + value
	}
	annotations[key] = clean(value, valueLength)
}

func keyOf(guardrail string) string {
	key := strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_' || r == '.') {
			return r
		}
		return '-'
	}, guardrail)
	if len(key) > keyLength {
		key = key[:keyLength]
	}
	if key = strings.Trim(key, "-_."); key == "" {
		return "target"
	}
	return key
}

// clean leaves out what a header cannot hold and cuts a text to a number of characters.
func clean(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, text)
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-3]) + "..."
}

// shorten keeps as many warnings as the API server passes on uncut.
func shorten(warnings []string) []string {
	sort.Strings(warnings)
	length := 0
	for i, warning := range warnings {
		if length += utf8.RuneCountInString(warning); length > warningsLength {
			return append(warnings[:i:i], "and "+strconv.Itoa(len(warnings)-i)+" more")
		}
	}
	return warnings
}
