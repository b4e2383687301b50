// Package enums writes the Go side of the enumerations of berm.h, so that no list of names is kept by hand.
package enums

import (
	"fmt"
	"regexp"
	"strings"
)

// An enumeration that Go gets: enumerators that start with prefix, and the type they become.
type enumeration struct {
	prefix, goType, name, doc string
	flags                     bool
	parsed                    bool // words are read back, too
}

var enumerations = []enumeration{
	{"BERM_SEVERITY_", "Severity", "Severity", "Severity says how bad it is when a guardrail's validation fails.", false, true},
	{"BERM_ENFORCEMENT_", "Enforcement", "Enforcement", "Enforcement says what a failure leads to.", false, true},
	{"BERM_VERDICT_", "Verdict", "Verdict", "Verdict is what a validation said of a resource.", false, true},
	{"BERM_ACTION_", "Action", "Action", "Action is what shall happen to a resource.", false, true},
	{"BERM_FORMAT_", "Format", "Format", "Format says how a text is read; FormatAny goes by the name's ending, then by the first bytes.", false, true},
	{"BERM_YAML_", "YAML", "YAML", "YAML says what plain scalars of YAML mean.", false, false},
	{"BERM_DUPLICATES_", "Duplicates", "Duplicates", "Duplicates says what becomes of keys that occur twice.", false, false},
	{"BERM_ROLE_", "Role", "Role", "Role says what a Source is.", false, true},
	{"BERM_DIAGNOSTIC_", "Level", "Level", "Level is how serious a Diagnostic is.", false, false},
	{"BERM_REPORT_", "ReportFormat", "Report", "ReportFormat is a format that reports are written in.", false, true},
	{"BERM_REPORT_", "ReportFlags", "Report", "ReportFlags are options of writing a report.", true, false},
	{"BERM_WAIVER_", "WaiverStatus", "Waiver", "WaiverStatus is what a waiver is at a moment; the last two are of a report alone.", false, true},
	{"BERM_WAIVER_", "WaiverProblems", "Waiver", "WaiverProblems is what is wrong with a waiver whatever the moment.", true, false},
	{"BERM_WAIVED_", "Standing", "Waived", "Standing is what a waiver does to a failed finding that it matches.", false, false},
	{"BERM_TYPE_OF_", "typeOf", "typeOf", "typeOf is the type of a value.", false, false},
	{"BERM_EVENT_", "eventKind", "event", "eventKind is a step of building a value.", false, false},
}

var (
	comment    = regexp.MustCompile(`(?s)/\*.*?\*/`)
	enumBody   = regexp.MustCompile(`(?s)enum \{(.*?)\}`)
	enumerator = regexp.MustCompile(`(BERM_\w+)\s*(=[^,]*)?`)
	status     = regexp.MustCompile(`(?m)^BERM_STATUS\((\w+), (\d+), "(.*)"\)`)
)

// initialisms are written in capitals in Go.
var initialisms = map[string]string{"json": "JSON", "ndjson": "NDJSON", "yaml": "YAML", "sarif": "SARIF", "junit": "JUnit",
	"html": "HTML", "csv": "CSV", "io": "IO", "github": "GitHub", "gitlab": "GitLab", "nomem": "NoMemory", "oscal": "OSCAL",
	"jsonl": "JSONL", "policyreport": "PolicyReport", "openreports": "OpenReports", "openmetrics": "OpenMetrics"}

func camel(words string) string {
	var out strings.Builder
	for _, word := range strings.Split(strings.ToLower(words), "_") {
		if known, ok := initialisms[word]; ok {
			out.WriteString(known)
		} else if word != "" {
			out.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return out.String()
}

// member is one enumerator: its C name, what follows the prefix, and whether it is a bit.
type member struct {
	c, rest string
	bit     bool
}

func membersOf(header string, e enumeration) []member {
	var members []member
	for _, body := range enumBody.FindAllStringSubmatch(comment.ReplaceAllString(header, ""), -1) {
		for _, m := range enumerator.FindAllStringSubmatch(body[1], -1) {
			bit := strings.Contains(m[2], "<<")
			if !strings.HasPrefix(m[1], e.prefix) || bit != e.flags || strings.HasSuffix(m[1], "_COUNT") {
				continue
			}
			rest := strings.TrimPrefix(m[1], e.prefix)
			if !bit { // FORMAT_IS_JSON; but WAIVER_IS_BROAD is not WAIVER_OVER_BROAD
				rest = strings.TrimPrefix(rest, "IS_")
			}
			members = append(members, member{m[1], rest, bit})
		}
	}
	return members
}

func wordOf(m member) string {
	return strings.ReplaceAll(strings.ToLower(m.rest), "_", "-")
}

func writeEnum(out *strings.Builder, header string, e enumeration) {
	members := membersOf(header, e)
	fmt.Fprintf(out, "\n// %s\ntype %s uint32\n\nconst (\n", e.doc, e.goType)
	for _, m := range members {
		fmt.Fprintf(out, "\t%s%s %s = C.%s\n", e.name, camel(m.rest), e.goType, m.c)
	}
	out.WriteString(")\n")
	if e.flags {
		return
	}
	words := strings.ToLower(e.goType[:1]) + e.goType[1:] + "Words"
	fmt.Fprintf(out, "\nvar %s = [...]string{\n", words)
	for _, m := range members {
		fmt.Fprintf(out, "\t%s%s: %q,\n", e.name, camel(m.rest), wordOf(m))
	}
	fmt.Fprintf(out, "}\n\n// String gives the word of the policy language; of a number without one, the number.\n")
	fmt.Fprintf(out, "func (v %s) String() string { return wordOf(%s[:], uint32(v)) }\n", e.goType, words)
	if e.parsed {
		fmt.Fprintf(out, "\n// MarshalText gives the word.\nfunc (v %s) MarshalText() ([]byte, error) { return []byte(v.String()), nil }\n", e.goType)
		fmt.Fprintf(out, "\n// UnmarshalText takes the word.\nfunc (v *%s) UnmarshalText(word []byte) error {\n", e.goType)
		fmt.Fprintf(out, "\treturn numberOf(%s[:], word, (*uint32)(v), %q)\n}\n", words, strings.ToLower(e.goType))
	}
}

func writeStatus(out *strings.Builder, def string) {
	out.WriteString("\n// The ways in which a call can fail. Compare with errors.Is.\nconst (\n")
	for _, m := range status.FindAllStringSubmatch(def, -1) {
		if m[1] == "OK" {
			continue
		}
		name := camel(strings.TrimPrefix(m[1], "E_"))
		fmt.Fprintf(out, "\t// Err%s: %s.\n\tErr%s Status = C.BERM_%s\n", name, m[3], name, m[1])
	}
	out.WriteString(")\n")
}

// Write gives the Go file for the texts of berm.h and status.def. It is not formatted.
func Write(header, def string) string {
	var out strings.Builder
	out.WriteString("// Code generated from include/berm/berm.h and status.def by internal/enums; DO NOT EDIT.\n\n")
	out.WriteString("package berm\n\n// #include \"bridge.h\"\nimport \"C\"\n")
	writeStatus(&out, def)
	for _, e := range enumerations {
		writeEnum(&out, header, e)
	}
	return out.String()
}
