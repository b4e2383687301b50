// Code generated from include/berm/berm.h and status.def by internal/enums; DO NOT EDIT.

package berm

// #include "bridge.h"
import "C"

// The ways in which a call can fail. Compare with errors.Is.
const (
	// ErrArgument: an argument is missing, out of range or contradicts another.
	ErrArgument Status = C.BERM_E_ARGUMENT
	// ErrState: the call is not allowed in this state of the object.
	ErrState Status = C.BERM_E_STATE
	// ErrUnsupported: the library was built without this feature.
	ErrUnsupported Status = C.BERM_E_UNSUPPORTED
	// ErrSyntax: the text is not well-formed.
	ErrSyntax Status = C.BERM_E_SYNTAX
	// ErrEncoding: the text is not valid UTF-8 or UTF-16.
	ErrEncoding Status = C.BERM_E_ENCODING
	// ErrPolicy: the policies do not compile; the diagnostics say why.
	ErrPolicy Status = C.BERM_E_POLICY
	// ErrTarget: no target, or more than one, claims the document.
	ErrTarget Status = C.BERM_E_TARGET
	// ErrImage: the bytes are not a valid policy image.
	ErrImage Status = C.BERM_E_IMAGE
	// ErrVersion: the policy image has a format this library does not read.
	ErrVersion Status = C.BERM_E_VERSION
	// ErrExpression: the expression ended in an error.
	ErrExpression Status = C.BERM_E_EXPRESSION
	// ErrNoMemory: an allocation failed.
	ErrNoMemory Status = C.BERM_E_NOMEM
	// ErrLimit: a limit was reached.
	ErrLimit Status = C.BERM_E_LIMIT
	// ErrFuel: the fuel of the call is used up.
	ErrFuel Status = C.BERM_E_FUEL
	// ErrInterrupted: the call was interrupted.
	ErrInterrupted Status = C.BERM_E_INTERRUPTED
	// ErrIO: a reader or sink of the host failed.
	ErrIO Status = C.BERM_E_IO
	// ErrInternal: an invariant of the library does not hold.
	ErrInternal Status = C.BERM_E_INTERNAL
)

// Severity says how bad it is when a guardrail's validation fails.
type Severity uint32

const (
	SeverityInfo     Severity = C.BERM_SEVERITY_INFO
	SeverityLow      Severity = C.BERM_SEVERITY_LOW
	SeverityMedium   Severity = C.BERM_SEVERITY_MEDIUM
	SeverityHigh     Severity = C.BERM_SEVERITY_HIGH
	SeverityCritical Severity = C.BERM_SEVERITY_CRITICAL
)

var severityWords = [...]string{
	SeverityInfo:     "info",
	SeverityLow:      "low",
	SeverityMedium:   "medium",
	SeverityHigh:     "high",
	SeverityCritical: "critical",
}

// String gives the word of the policy language; of a number without one, the number.
func (v Severity) String() string { return wordOf(severityWords[:], uint32(v)) }

// MarshalText gives the word.
func (v Severity) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText takes the word.
func (v *Severity) UnmarshalText(word []byte) error {
	return numberOf(severityWords[:], word, (*uint32)(v), "severity")
}

// Enforcement says what a failure leads to.
type Enforcement uint32

const (
	EnforcementAdvisory      Enforcement = C.BERM_ENFORCEMENT_ADVISORY
	EnforcementSoftMandatory Enforcement = C.BERM_ENFORCEMENT_SOFT_MANDATORY
	EnforcementHardMandatory Enforcement = C.BERM_ENFORCEMENT_HARD_MANDATORY
)

var enforcementWords = [...]string{
	EnforcementAdvisory:      "advisory",
	EnforcementSoftMandatory: "soft-mandatory",
	EnforcementHardMandatory: "hard-mandatory",
}

// String gives the word of the policy language; of a number without one, the number.
func (v Enforcement) String() string { return wordOf(enforcementWords[:], uint32(v)) }

// MarshalText gives the word.
func (v Enforcement) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText takes the word.
func (v *Enforcement) UnmarshalText(word []byte) error {
	return numberOf(enforcementWords[:], word, (*uint32)(v), "enforcement")
}

// Verdict is what a validation said of a resource.
type Verdict uint32

const (
	VerdictPass    Verdict = C.BERM_VERDICT_PASS
	VerdictFail    Verdict = C.BERM_VERDICT_FAIL
	VerdictUnknown Verdict = C.BERM_VERDICT_UNKNOWN
	VerdictError   Verdict = C.BERM_VERDICT_ERROR
	VerdictSkipped Verdict = C.BERM_VERDICT_SKIPPED
	VerdictWaived  Verdict = C.BERM_VERDICT_WAIVED
)

var verdictWords = [...]string{
	VerdictPass:    "pass",
	VerdictFail:    "fail",
	VerdictUnknown: "unknown",
	VerdictError:   "error",
	VerdictSkipped: "skipped",
	VerdictWaived:  "waived",
}

// String gives the word of the policy language; of a number without one, the number.
func (v Verdict) String() string { return wordOf(verdictWords[:], uint32(v)) }

// MarshalText gives the word.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText takes the word.
func (v *Verdict) UnmarshalText(word []byte) error {
	return numberOf(verdictWords[:], word, (*uint32)(v), "verdict")
}

// Action is what shall happen to a resource.
type Action uint32

const (
	ActionNone    Action = C.BERM_ACTION_NONE
	ActionCreate  Action = C.BERM_ACTION_CREATE
	ActionUpdate  Action = C.BERM_ACTION_UPDATE
	ActionReplace Action = C.BERM_ACTION_REPLACE
	ActionDelete  Action = C.BERM_ACTION_DELETE
	ActionForget  Action = C.BERM_ACTION_FORGET
	ActionRead    Action = C.BERM_ACTION_READ
	ActionNoOp    Action = C.BERM_ACTION_NO_OP
	ActionDrift   Action = C.BERM_ACTION_DRIFT
)

var actionWords = [...]string{
	ActionNone:    "none",
	ActionCreate:  "create",
	ActionUpdate:  "update",
	ActionReplace: "replace",
	ActionDelete:  "delete",
	ActionForget:  "forget",
	ActionRead:    "read",
	ActionNoOp:    "no-op",
	ActionDrift:   "drift",
}

// String gives the word of the policy language; of a number without one, the number.
func (v Action) String() string { return wordOf(actionWords[:], uint32(v)) }

// MarshalText gives the word.
func (v Action) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText takes the word.
func (v *Action) UnmarshalText(word []byte) error {
	return numberOf(actionWords[:], word, (*uint32)(v), "action")
}

// Format says how a text is read; FormatAny goes by the name's ending, then by the first bytes.
type Format uint32

const (
	FormatAny    Format = C.BERM_FORMAT_ANY
	FormatJSON   Format = C.BERM_FORMAT_IS_JSON
	FormatYAML   Format = C.BERM_FORMAT_IS_YAML
	FormatNDJSON Format = C.BERM_FORMAT_IS_NDJSON
)

var formatWords = [...]string{
	FormatAny:    "any",
	FormatJSON:   "json",
	FormatYAML:   "yaml",
	FormatNDJSON: "ndjson",
}

// String gives the word of the policy language; of a number without one, the number.
func (v Format) String() string { return wordOf(formatWords[:], uint32(v)) }

// MarshalText gives the word.
func (v Format) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText takes the word.
func (v *Format) UnmarshalText(word []byte) error {
	return numberOf(formatWords[:], word, (*uint32)(v), "format")
}

// YAML says what plain scalars of YAML mean.
type YAML uint32

const (
	YAMLAuto YAML = C.BERM_YAML_AUTO
	YAMLCore YAML = C.BERM_YAML_IS_CORE
	YAML11   YAML = C.BERM_YAML_IS_11
)

var yAMLWords = [...]string{
	YAMLAuto: "auto",
	YAMLCore: "core",
	YAML11:   "11",
}

// String gives the word of the policy language; of a number without one, the number.
func (v YAML) String() string { return wordOf(yAMLWords[:], uint32(v)) }

// Duplicates says what becomes of keys that occur twice.
type Duplicates uint32

const (
	DuplicatesAllow  Duplicates = C.BERM_DUPLICATES_ALLOW
	DuplicatesForbid Duplicates = C.BERM_DUPLICATES_FORBID
)

var duplicatesWords = [...]string{
	DuplicatesAllow:  "allow",
	DuplicatesForbid: "forbid",
}

// String gives the word of the policy language; of a number without one, the number.
func (v Duplicates) String() string { return wordOf(duplicatesWords[:], uint32(v)) }

// Role says what a Source is.
type Role uint32

const (
	RolePolicy     Role = C.BERM_ROLE_POLICY
	RoleParameters Role = C.BERM_ROLE_PARAMETERS
	RoleWaivers    Role = C.BERM_ROLE_WAIVERS
	RoleExpression Role = C.BERM_ROLE_EXPRESSION
)

var roleWords = [...]string{
	RolePolicy:     "policy",
	RoleParameters: "parameters",
	RoleWaivers:    "waivers",
	RoleExpression: "expression",
}

// String gives the word of the policy language; of a number without one, the number.
func (v Role) String() string { return wordOf(roleWords[:], uint32(v)) }

// MarshalText gives the word.
func (v Role) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText takes the word.
func (v *Role) UnmarshalText(word []byte) error {
	return numberOf(roleWords[:], word, (*uint32)(v), "role")
}

// Level is how serious a Diagnostic is.
type Level uint32

const (
	LevelError   Level = C.BERM_DIAGNOSTIC_ERROR
	LevelWarning Level = C.BERM_DIAGNOSTIC_WARNING
	LevelNote    Level = C.BERM_DIAGNOSTIC_NOTE
)

var levelWords = [...]string{
	LevelError:   "error",
	LevelWarning: "warning",
	LevelNote:    "note",
}

// String gives the word of the policy language; of a number without one, the number.
func (v Level) String() string { return wordOf(levelWords[:], uint32(v)) }

// ReportFormat is a format that reports are written in.
type ReportFormat uint32

const (
	ReportText         ReportFormat = C.BERM_REPORT_TEXT
	ReportJSON         ReportFormat = C.BERM_REPORT_JSON
	ReportJSONL        ReportFormat = C.BERM_REPORT_JSONL
	ReportSARIF        ReportFormat = C.BERM_REPORT_SARIF
	ReportSARIFGitHub  ReportFormat = C.BERM_REPORT_SARIF_GITHUB
	ReportJUnit        ReportFormat = C.BERM_REPORT_JUNIT
	ReportGitLab       ReportFormat = C.BERM_REPORT_GITLAB
	ReportGitHub       ReportFormat = C.BERM_REPORT_GITHUB
	ReportMarkdown     ReportFormat = C.BERM_REPORT_MARKDOWN
	ReportHTML         ReportFormat = C.BERM_REPORT_HTML
	ReportConftest     ReportFormat = C.BERM_REPORT_CONFTEST
	ReportPolicyReport ReportFormat = C.BERM_REPORT_POLICYREPORT
	ReportOpenReports  ReportFormat = C.BERM_REPORT_OPENREPORTS
	ReportOSCAL        ReportFormat = C.BERM_REPORT_OSCAL
	ReportOpenMetrics  ReportFormat = C.BERM_REPORT_OPENMETRICS
	ReportPrometheus   ReportFormat = C.BERM_REPORT_PROMETHEUS
	ReportCSV          ReportFormat = C.BERM_REPORT_CSV
	ReportCoverage     ReportFormat = C.BERM_REPORT_COVERAGE
)

var reportFormatWords = [...]string{
	ReportText:         "text",
	ReportJSON:         "json",
	ReportJSONL:        "jsonl",
	ReportSARIF:        "sarif",
	ReportSARIFGitHub:  "sarif-github",
	ReportJUnit:        "junit",
	ReportGitLab:       "gitlab",
	ReportGitHub:       "github",
	ReportMarkdown:     "markdown",
	ReportHTML:         "html",
	ReportConftest:     "conftest",
	ReportPolicyReport: "policyreport",
	ReportOpenReports:  "openreports",
	ReportOSCAL:        "oscal",
	ReportOpenMetrics:  "openmetrics",
	ReportPrometheus:   "prometheus",
	ReportCSV:          "csv",
	ReportCoverage:     "coverage",
}

// String gives the word of the policy language; of a number without one, the number.
func (v ReportFormat) String() string { return wordOf(reportFormatWords[:], uint32(v)) }

// MarshalText gives the word.
func (v ReportFormat) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText takes the word.
func (v *ReportFormat) UnmarshalText(word []byte) error {
	return numberOf(reportFormatWords[:], word, (*uint32)(v), "reportformat")
}

// ReportFlags are options of writing a report.
type ReportFlags uint32

const (
	ReportColor   ReportFlags = C.BERM_REPORT_COLOR
	ReportVerbose ReportFlags = C.BERM_REPORT_VERBOSE
)

// WaiverStatus is what a waiver is at a moment; the last two are of a report alone.
type WaiverStatus uint32

const (
	WaiverPending   WaiverStatus = C.BERM_WAIVER_PENDING
	WaiverActive    WaiverStatus = C.BERM_WAIVER_ACTIVE
	WaiverExpiring  WaiverStatus = C.BERM_WAIVER_EXPIRING
	WaiverExpired   WaiverStatus = C.BERM_WAIVER_EXPIRED
	WaiverUnused    WaiverStatus = C.BERM_WAIVER_UNUSED
	WaiverOverBroad WaiverStatus = C.BERM_WAIVER_OVER_BROAD
)

var waiverStatusWords = [...]string{
	WaiverPending:   "pending",
	WaiverActive:    "active",
	WaiverExpiring:  "expiring",
	WaiverExpired:   "expired",
	WaiverUnused:    "unused",
	WaiverOverBroad: "over-broad",
}

// String gives the word of the policy language; of a number without one, the number.
func (v WaiverStatus) String() string { return wordOf(waiverStatusWords[:], uint32(v)) }

// MarshalText gives the word.
func (v WaiverStatus) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText takes the word.
func (v *WaiverStatus) UnmarshalText(word []byte) error {
	return numberOf(waiverStatusWords[:], word, (*uint32)(v), "waiverstatus")
}

// WaiverProblems is what is wrong with a waiver whatever the moment.
type WaiverProblems uint32

const (
	WaiverIsBroad      WaiverProblems = C.BERM_WAIVER_IS_BROAD
	WaiverHasIndex     WaiverProblems = C.BERM_WAIVER_HAS_INDEX
	WaiverSelfApproved WaiverProblems = C.BERM_WAIVER_SELF_APPROVED
	WaiverNamesNothing WaiverProblems = C.BERM_WAIVER_NAMES_NOTHING
	WaiverNotAllowed   WaiverProblems = C.BERM_WAIVER_NOT_ALLOWED
)

// Standing is what a waiver does to a failed finding that it matches.
type Standing uint32

const (
	WaivedNot    Standing = C.BERM_WAIVED_NOT
	WaivedCounts Standing = C.BERM_WAIVED_COUNTS
	WaivedOver   Standing = C.BERM_WAIVED_OVER
)

var standingWords = [...]string{
	WaivedNot:    "not",
	WaivedCounts: "counts",
	WaivedOver:   "over",
}

// String gives the word of the policy language; of a number without one, the number.
func (v Standing) String() string { return wordOf(standingWords[:], uint32(v)) }

// typeOf is the type of a value.
type typeOf uint32

const (
	typeOfMissing   typeOf = C.BERM_TYPE_OF_MISSING
	typeOfNull      typeOf = C.BERM_TYPE_OF_NULL
	typeOfBool      typeOf = C.BERM_TYPE_OF_BOOL
	typeOfInt       typeOf = C.BERM_TYPE_OF_INT
	typeOfUint      typeOf = C.BERM_TYPE_OF_UINT
	typeOfDouble    typeOf = C.BERM_TYPE_OF_DOUBLE
	typeOfString    typeOf = C.BERM_TYPE_OF_STRING
	typeOfBytes     typeOf = C.BERM_TYPE_OF_BYTES
	typeOfTimestamp typeOf = C.BERM_TYPE_OF_TIMESTAMP
	typeOfDuration  typeOf = C.BERM_TYPE_OF_DURATION
	typeOfList      typeOf = C.BERM_TYPE_OF_LIST
	typeOfMap       typeOf = C.BERM_TYPE_OF_MAP
	typeOfSet       typeOf = C.BERM_TYPE_OF_SET
	typeOfOptional  typeOf = C.BERM_TYPE_OF_OPTIONAL
	typeOfObject    typeOf = C.BERM_TYPE_OF_OBJECT
	typeOfType      typeOf = C.BERM_TYPE_OF_TYPE
	typeOfUnknown   typeOf = C.BERM_TYPE_OF_UNKNOWN
	typeOfError     typeOf = C.BERM_TYPE_OF_ERROR
)

var typeOfWords = [...]string{
	typeOfMissing:   "missing",
	typeOfNull:      "null",
	typeOfBool:      "bool",
	typeOfInt:       "int",
	typeOfUint:      "uint",
	typeOfDouble:    "double",
	typeOfString:    "string",
	typeOfBytes:     "bytes",
	typeOfTimestamp: "timestamp",
	typeOfDuration:  "duration",
	typeOfList:      "list",
	typeOfMap:       "map",
	typeOfSet:       "set",
	typeOfOptional:  "optional",
	typeOfObject:    "object",
	typeOfType:      "type",
	typeOfUnknown:   "unknown",
	typeOfError:     "error",
}

// String gives the word of the policy language; of a number without one, the number.
func (v typeOf) String() string { return wordOf(typeOfWords[:], uint32(v)) }

// eventKind is a step of building a value.
type eventKind uint32

const (
	eventScalar    eventKind = C.BERM_EVENT_SCALAR
	eventKey       eventKind = C.BERM_EVENT_KEY
	eventBeginList eventKind = C.BERM_EVENT_BEGIN_LIST
	eventBeginMap  eventKind = C.BERM_EVENT_BEGIN_MAP
	eventBeginSet  eventKind = C.BERM_EVENT_BEGIN_SET
	eventEnd       eventKind = C.BERM_EVENT_END
)

var eventKindWords = [...]string{
	eventScalar:    "scalar",
	eventKey:       "key",
	eventBeginList: "begin-list",
	eventBeginMap:  "begin-map",
	eventBeginSet:  "begin-set",
	eventEnd:       "end",
}

// String gives the word of the policy language; of a number without one, the number.
func (v eventKind) String() string { return wordOf(eventKindWords[:], uint32(v)) }
