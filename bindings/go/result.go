package berm

// #include "bridge.h"
import "C"

import (
	"strconv"
	"strings"
	"unsafe"
)

// Counts says how many there were of each verdict; index it with a Verdict.
type Counts [C.BERM_VERDICT_COUNT]uint64

// Result is what a run decided. The zero Result, which comes with every error, does not allow.
type Result struct {
	// Allowed: documents were judged, and no mandatory validation failed or erred. Whether unknown verdicts and failures of advisory
	// validations matter is the caller's to say: see Counts.
	Allowed   bool
	Counts    Counts
	Resources uint64 // that the documents hold
	Unmatched uint64 // of them: looked at by no guardrail
	Cost      uint64
	// Findings are the verdicts but passed and skipped ones, and those, too, where a Run asks for them.
	Findings []Finding
}

// Span is a range of bytes in a text.
type Span struct {
	Offset, Length uint64
}

// Place is a range in a text; lines and columns count from 1, and are 0 where there is no text.
type Place struct {
	Line, Column, EndLine, EndColumn int
	Span                             Span
}

// Finding is one verdict.
type Finding struct {
	Verdict     Verdict
	Severity    Severity
	Enforcement Enforcement
	Action      Action
	Sensitive   bool   // the resource has values that must not be shown: neither must the text at Place
	Guardrail   string // empty: the target, not a guardrail, failed
	Validation  string
	Kind        string // of the resource
	Address     string // of the resource
	Message     string
	Element     string // under `each`: the element's key, or its text or index in a list
	Waiver      string // the waiver of a waived verdict
	Expires     string // when that waiver ends, as written
	Fingerprint string // 32 hex digits, the same while guardrail, validation, target, address and element are
	Cost        uint64
	Input       int // which of the run's inputs
	Place       Place
	Witness     *Witness // what decided; nil: passed, skipped, or too many findings came before
	Explanation string   // where a Run asks for it
	Waivers     []Waived // of a failed or waived verdict: all that match, those that end last first
	Reason      string   // of Kubernetes' policies: Invalid, Forbidden, Unauthorized or RequestEntityTooLarge
}

// Mandatory reports whether the finding keeps documents from being allowed.
func (f *Finding) Mandatory() bool {
	return f.Enforcement != EnforcementAdvisory && (f.Verdict == VerdictFail || f.Verdict == VerdictError)
}

// ID is the guardrail and the validation, guardrail/validation.
func (f *Finding) ID() string { return f.Guardrail + "/" + f.Validation }

func (f Finding) String() string {
	place := ""
	if f.Place.Line > 0 {
		place = " (" + strconv.Itoa(f.Place.Line) + ":" + strconv.Itoa(f.Place.Column) + ")"
	}
	return f.Verdict.String() + " " + f.ID() + ": " + f.Address + place + ": " + f.Message
}

// Witness is what decided a verdict: the smallest part of the validation that came to its outcome alone.
type Witness struct {
	Expression, Value string // the part as written; what it came to
	Source            string // the policy's
	Line, Column      int
	Operands          []Operand
}

// Operand is a part of an expression and what it gave; sensitive values are "(sensitive)".
type Operand struct {
	Expression, Value string
}

func (w *Witness) String() string {
	var out strings.Builder
	out.WriteString(w.Expression + " is " + w.Value)
	for i, o := range w.Operands {
		if i == 0 {
			out.WriteString(", where ")
		} else {
			out.WriteString(", ")
		}
		out.WriteString(o.Expression + " = " + o.Value)
	}
	return out.String()
}

// result reads what the last run of an evaluator gave. Without findings it allocates nothing.
func (ev *evaluator) result(r *Result) {
	r.take(&ev.c.summary)
	if ev.c.packed.len > 0 {
		r.Findings = unpackFindings(unpack(ev.c.packed.ptr, ev.c.packed.len))
	}
}

func (r *Result) take(summary *C.berm_summary) {
	r.Allowed = summary.denied == 0
	r.Counts = *(*Counts)(unsafe.Pointer(&summary.verdicts))
	r.Resources, r.Unmatched, r.Cost = uint64(summary.resources), uint64(summary.unmatched), uint64(summary.cost)
}

func unpackFindings(u unpacker) []Finding {
	findings := make([]Finding, u.u32())
	for i := range findings {
		u.finding(&findings[i])
	}
	return findings
}

func (u *unpacker) finding(f *Finding) {
	*f = Finding{
		Verdict: Verdict(u.u32()), Severity: Severity(u.u32()), Enforcement: Enforcement(u.u32()), Action: Action(u.u32()),
		Sensitive: u.u32()&C.BERM_FINDING_SENSITIVE != 0, Cost: u.u64(),
		Guardrail: u.text(), Validation: u.text(), Kind: u.text(), Address: u.text(), Message: u.text(), Element: u.text(),
		Waiver: u.text(), Fingerprint: u.text(), Input: u.int(),
		Place: Place{
			Line: u.int(), Column: u.int(), EndLine: u.int(), EndColumn: u.int(),
			Span: Span{Offset: u.u64(), Length: u.u64()},
		},
		Witness: u.witness(), Explanation: u.text(), Expires: u.text(), Waivers: u.waivedBy(), Reason: u.text(),
	}
}

func (u *unpacker) witness() *Witness {
	if u.u8() == 0 {
		return nil
	}
	w := &Witness{Expression: u.text(), Value: u.text(), Source: u.text(), Line: u.int(), Column: u.int()}
	if count := u.u32(); count > 0 {
		w.Operands = make([]Operand, count)
		for i := range w.Operands {
			w.Operands[i] = Operand{Expression: u.text(), Value: u.text()}
		}
	}
	return w
}
