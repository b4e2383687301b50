package main

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"berm.dev/berm/bindings/go"
)

// findings is what the comment needs of the JSON report (docs/report-json.md).
type findings struct {
	Findings []finding `json:"findings"`
	Summary  struct {
		Denied                                        bool
		Resources, Pass, Fail, Unknown, Error, Waived int
	} `json:"summary"`
}

type finding struct {
	Verdict     berm.Verdict     `json:"verdict"`
	Severity    berm.Severity    `json:"severity"`
	Enforcement berm.Enforcement `json:"enforcement"`
	Guardrail   string           `json:"guardrail"`
	Validation  string           `json:"validation"`
	Title       string           `json:"title"`
	Message     string           `json:"message"`
	Address     string           `json:"address"`
	Element     string           `json:"element"`
	Remediation string           `json:"remediation"`
	URL         string           `json:"url"`
}

func readFindings(text []byte) (*findings, error) {
	var said findings
	return &said, json.Unmarshal(text, &said)
}

// conftest is the summary as conftest words it; Atlantis looks for a number of failures that is not 0.
func (s *findings) conftest(code int) string {
	failures, warnings := 0, 0
	for _, f := range s.Findings {
		switch {
		case f.Verdict == berm.VerdictFail && f.Enforcement != berm.EnforcementAdvisory:
			failures++
		case f.Verdict == berm.VerdictFail, f.Verdict == berm.VerdictUnknown:
			warnings++
		}
	}
	if code != exitAllowed && failures == 0 { // it fails for another reason: an error, or -fail-on
		failures = 1
	}
	if code == exitAllowed {
		warnings += failures
		failures = 0
	}
	tests := s.Summary.Pass + s.Summary.Fail + s.Summary.Unknown + s.Summary.Error + s.Summary.Waived
	return fmt.Sprintf("%d tests, %d passed, %d warnings, %d failures, %d exceptions", tests, s.Summary.Pass, warnings, failures, s.Summary.Waived)
}

// commentMark tells a program that puts comments under a merge request which one to replace.
const commentMark = "<!-- berm-plan -->"

// commentLength is what GitHub takes (65,536 characters), with room for the end.
const commentLength = 60000

var icons = map[int]string{exitAllowed: "✅ allowed", exitDenied: "❌ denied", exitFailed: "⚠️ not judged"}

// comment is the report in Markdown. What comes from the plan is hostile: nothing of it is markup.
func (s *findings) comment(code int) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n### Guardrails: %s\n\n", commentMark, icons[code])
	fmt.Fprintf(&out, "%d resources: %d passed, %d failed, %d unknown, %d errors, %d waived\n", s.Summary.Resources, s.Summary.Pass,
		s.Summary.Fail, s.Summary.Unknown, s.Summary.Error, s.Summary.Waived)
	list := append([]finding(nil), s.Findings...)
	sort.SliceStable(list, func(i, j int) bool { return rank(list[i]) > rank(list[j]) })
	for i, f := range list {
		entry := f.entry(i == 0)
		if out.Len()+len(entry) > commentLength {
			fmt.Fprintf(&out, "\n... and %d more; the job's log has them all.\n", len(list)-i)
			break
		}
		out.WriteString(entry)
	}
	return out.String()
}

// rank puts what denies before what warns, and the worse before the better.
func rank(f finding) int {
	denies := 0
	if (f.Verdict == berm.VerdictFail || f.Verdict == berm.VerdictError) && f.Enforcement != berm.EnforcementAdvisory {
		denies = 100
	}
	return denies + int(f.Severity)
}

func (f *finding) entry(first bool) string {
	var out strings.Builder
	if first {
		out.WriteString("\n| | guardrail | resource | |\n|---|---|---|---|\n")
	}
	where := plain(f.Address)
	if f.Element != "" {
		where += " [" + plain(f.Element) + "]"
	}
	message := plain(f.Message)
	if f.Remediation != "" {
		message += "<br>**fix:** " + plain(f.Remediation)
	}
	id := plain(f.Guardrail + "/" + f.Validation)
	if f.Guardrail == "" {
		id = "(input)"
	}
	fmt.Fprintf(&out, "| %s, %s | %s | %s | %s |\n", f.Verdict, f.Severity, id, where, message)
	return out.String()
}

// textLength is how much of one message is shown.
const textLength = 500

// plain makes text of what may hold markup, mentions, or the end of a table's cell.
func plain(text string) string {
	if utf8.RuneCountInString(text) > textLength {
		text = string([]rune(text)[:textLength]) + "..."
	}
	var out strings.Builder
	for _, r := range text {
		switch {
		case unicode.IsControl(r):
			out.WriteByte(' ')
		case r < utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" .,/-", r):
			fmt.Fprintf(&out, "&#%d;", r)
		default:
			out.WriteRune(r)
		}
	}
	return strings.ReplaceAll(out.String(), "://", "&#58;//")
}
