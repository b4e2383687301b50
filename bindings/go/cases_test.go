package berm

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The shared cases of tests/cases (docs/cases.md), which C and every binding run from the same files.

// caseRun is one case that runs; faults are collected, because the runner itself is tested with cases that must have some.
type caseRun struct {
	name   string
	faults []string
}

func (c *caseRun) faultf(format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

func (c *caseRun) equal(what string, want, got any) {
	if want != got {
		c.faultf("%s: expected %q, got %q", what, want, got)
	}
}

func (c *caseRun) contains(what, want, got string) {
	if !strings.Contains(got, want) {
		c.faultf("%s: expected %q in %q", what, want, got)
	}
}

// --- nodes of a case file ---

func member(node any, key string) any {
	m, _ := node.(Map)
	value, _ := m.Get(key)
	return value
}

func given(node any, key string) bool {
	m, _ := node.(Map)
	_, found := m.Get(key)
	return found
}

func text(node any, key string) string {
	s, _ := member(node, key).(string)
	return s
}

func flag(node any, key string, otherwise bool) bool {
	if b, ok := member(node, key).(bool); ok {
		return b
	}
	return otherwise
}

func list(node any, key string) []any {
	l, _ := member(node, key).([]any)
	return l
}

// keys reports what is not known: a slip must not turn a check off.
func (c *caseRun) keys(node any, known string) {
	m, ok := node.(Map)
	if !ok {
		c.faultf("a mapping is expected here")
	}
	for _, entry := range m {
		if !strings.Contains(" "+known+" ", fmt.Sprintf(" %v ", entry.Key)) {
			c.faultf("there is no key '%v'", entry.Key)
		}
	}
}

func (c *caseRun) now(node any) time.Time {
	if !given(node, "now") {
		return time.Unix(0, 0)
	}
	now, err := time.Parse(time.RFC3339Nano, text(node, "now"))
	if err != nil {
		c.faultf("now: %v", err)
	}
	return now
}

// --- values ---

func typeName(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "bool"
	case int64:
		return "int"
	case uint64:
		return "uint"
	case float64:
		return "double"
	case string:
		return "string"
	case []byte:
		return "bytes"
	case time.Time:
		return "timestamp"
	case time.Duration:
		return "duration"
	case []any:
		return "list"
	case Map:
		return "map"
	case Set:
		return "set"
	case Optional:
		return "optional"
	case TypeName:
		return "type"
	case Unknown:
		return "unknown"
	}
	return fmt.Sprintf("%T", value)
}

func same(got, want any) bool {
	switch w := want.(type) {
	case float64:
		g, ok := got.(float64)
		return ok && math.Float64bits(g) == math.Float64bits(w) // -0.0 is not 0.0, NaN is NaN
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return false
		}
		for i := range w {
			if !same(g[i], w[i]) {
				return false
			}
		}
		return true
	case Map:
		g, ok := got.(Map)
		if !ok || len(g) != len(w) {
			return false
		}
		for i := range w {
			if !same(g[i].Key, w[i].Key) || !same(g[i].Value, w[i].Value) {
				return false
			}
		}
		return true
	case nil, bool, int64, uint64, string:
		return got == want
	}
	return false
}

// plain is a value as JSON says it, with what JSON lacks as text.
func plain(value any) string {
	switch v := value.(type) {
	case Optional:
		if !v.Present {
			return "null"
		}
		return plain(v.Value)
	case []byte:
		return base64.StdEncoding.EncodeToString(v)
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	case time.Duration:
		return seconds(v)
	case nil:
		return "null"
	case []any:
		var parts []string
		for _, element := range v {
			parts = append(parts, plain(element))
		}
		return "[" + strings.Join(parts, ",") + "]"
	case Map:
		var parts []string
		for _, entry := range v {
			parts = append(parts, plain(entry.Key)+":"+plain(entry.Value))
		}
		return "{" + strings.Join(parts, ",") + "}"
	case float64:
		if math.IsInf(v, 0) {
			return strings.TrimPrefix(strconv.FormatFloat(v, 'g', -1, 64)+"inity", "+")
		}
		return strings.Replace(strconv.FormatFloat(v, 'g', -1, 64), "Infinity", "Inf", 1)
	}
	return fmt.Sprint(value)
}

func seconds(d time.Duration) string {
	sign := ""
	n := uint64(d)
	if d < 0 {
		sign, n = "-", -n
	}
	fraction := strings.TrimRight(fmt.Sprintf(".%09d", n%1e9), "0")
	return sign + strconv.FormatUint(n/1e9, 10) + strings.TrimSuffix(fraction, ".") + "s"
}

// --- diagnostics ---

func (c *caseRun) diagnostics(want []any, got []Diagnostic) {
	for i, d := range got {
		place := d.Source
		if d.Line > 0 {
			place = fmt.Sprintf("%s:%d:%d", d.Source, d.Line, d.Column)
		}
		if i >= len(want) {
			c.faultf("unexpected %s at %s: %s", d.Code, place, d.Message)
			continue
		}
		c.keys(want[i], "code at says help")
		c.equal("diagnostic", text(want[i], "code"), d.Code)
		if given(want[i], "at") {
			c.equal("place of the diagnostic", text(want[i], "at"), place)
		}
		c.contains("diagnostic", text(want[i], "says"), d.Message)
		c.contains("help", text(want[i], "help"), d.Hint)
	}
	for i := len(got); i < len(want); i++ {
		c.faultf("the diagnostic %s is missing", text(want[i], "code"))
	}
}

// expectsErrors knows the warnings: a key that occurs twice, patterns that name nothing, an override that changes nothing.
func expectsErrors(want []any) bool {
	for _, d := range want {
		if !strings.Contains(" B0111 B0550 B0552 ", " "+text(d, "code")+" ") {
			return true
		}
	}
	return false
}

func compiled(err error, policy *Policy) []Diagnostic {
	var failed *CompileError
	if errors.As(err, &failed) {
		return failed.Diagnostics
	}
	if policy != nil {
		return policy.Warnings()
	}
	return nil
}

// --- expressions ---

func expressionCases(document any) []*caseRun {
	group := &caseRun{name: "(group)"}
	group.keys(document, "expressions description object now cases")
	cases := list(document, "cases")
	if len(cases) == 0 {
		group.faultf("there are no `cases`")
	}
	var runs []*caseRun
	if len(group.faults) > 0 {
		runs = append(runs, group)
	}
	for _, spec := range cases {
		c := &caseRun{name: text(spec, "expr")}
		c.expression(document, spec)
		runs = append(runs, c)
	}
	return runs
}

func (c *caseRun) expression(group, spec any) {
	c.keys(spec, "expr value type error diagnostics object")
	outcomes := 0
	for _, key := range []string{"value", "error", "diagnostics"} {
		if given(spec, key) {
			outcomes++
		}
	}
	if !given(spec, "expr") || outcomes != 1 {
		c.faultf("a case has `expr`, and one of `value`, `error` and `diagnostics`")
		return
	}
	e, err := CompileExpression("expr", text(spec, "expr"))
	defer e.Close()
	var warnings *Policy
	if e != nil {
		warnings = e.policy
	}
	c.diagnostics(list(spec, "diagnostics"), compiled(err, warnings))
	if err == nil && !given(spec, "diagnostics") {
		c.evaluate(e, group, spec)
	} else if err != nil && !errors.Is(err, ErrPolicy) {
		c.faultf("%v", err)
	}
}

// objectOf makes a document of a node: by way of JSON, as C does.
func (c *caseRun) objectOf(group, spec any) *Document {
	holder := group
	if given(spec, "object") {
		holder = spec
	}
	if !given(holder, "object") {
		return nil
	}
	var json bytes.Buffer
	writeJSON(&json, member(holder, "object"))
	d, _, err := Parse(Input{Text: json.Bytes(), Format: FormatJSON})
	if err != nil {
		c.faultf("object: %v in %s", err, json.String())
	}
	return d
}

func writeJSON(out *bytes.Buffer, value any) {
	switch v := value.(type) {
	case Map:
		out.WriteByte('{')
		for i, entry := range v {
			if i > 0 {
				out.WriteByte(',')
			}
			writeJSON(out, fmt.Sprint(entry.Key))
			out.WriteByte(':')
			writeJSON(out, entry.Value)
		}
		out.WriteByte('}')
	case []any:
		out.WriteByte('[')
		for i, element := range v {
			if i > 0 {
				out.WriteByte(',')
			}
			writeJSON(out, element)
		}
		out.WriteByte(']')
	case string:
		out.WriteString(strings.NewReplacer("\x7f", "\\u007f", "\\x", "\\u00", "\\a", "\\u0007", "\\v", "\\u000b").
			Replace(strconv.Quote(v)))
	case float64:
		number := strconv.FormatFloat(v, 'g', -1, 64)
		if !strings.ContainsAny(number, ".e") {
			number += ".0"
		}
		out.WriteString(number)
	case nil:
		out.WriteString("null")
	default:
		fmt.Fprint(out, v)
	}
}

func (c *caseRun) evaluate(e *Expression, group, spec any) {
	d := c.objectOf(group, spec)
	defer d.Close()
	got, err := e.Eval(context.Background(), d, c.now(group))
	want := member(spec, "value")
	switch {
	case given(spec, "value") && err != nil:
		c.faultf("expected a value, got the error: %v", err)
	case given(spec, "value"):
		wanted := typeName(want)
		agrees := same(got, want)
		if given(spec, "type") {
			wanted = text(spec, "type")
			agrees = wanted == typeName(got) && plain(got) == plain(want)
		}
		if !agrees {
			c.faultf("expected %s %s, got %s %s", wanted, plain(want), typeName(got), plain(got))
		}
	case errors.Is(err, ErrExpression):
		c.contains("error", text(spec, "error"), err.Error())
	default:
		c.faultf("expected the error %q, got %s %s, %v", text(spec, "error"), typeName(got), plain(got), err)
	}
}

// --- policies ---

func policyCase(spec any) *caseRun {
	c := &caseRun{name: text(spec, "policy")}
	c.keys(spec, "policy description source sources builtins allowEmpty diagnostics runs tests profile parameters waivers")
	wantsErrors := expectsErrors(list(spec, "diagnostics"))
	if (given(spec, "runs") || given(spec, "tests")) == wantsErrors {
		c.faultf("a case has `runs` or `tests`, unless its policies do not compile")
	}
	var options []Option
	if !flag(spec, "builtins", true) {
		options = append(options, WithoutBuiltins())
	}
	if flag(spec, "allowEmpty", false) {
		options = append(options, AllowEmpty())
	}
	options = append(options, WithProfile(text(spec, "profile")))
	policy, err := Compile(c.sources(spec), options...)
	c.diagnostics(list(spec, "diagnostics"), compiled(err, policy))
	if err != nil {
		if !wantsErrors || !errors.Is(err, ErrPolicy) {
			c.faultf("%v", err)
		}
		return c
	}
	defer policy.Close()
	c.all(spec, policy, "")
	c.loaded(spec, policy)
	return c
}

func (c *caseRun) sources(spec any) []Source {
	if given(spec, "source") == given(spec, "sources") {
		c.faultf("a case has either `source` or `sources`")
	}
	var sources []Source
	if given(spec, "source") {
		sources = append(sources, Text("policy.yaml", text(spec, "source")))
	}
	named, _ := member(spec, "sources").(Map)
	for _, entry := range named {
		content, _ := entry.Value.(string)
		sources = append(sources, Text(fmt.Sprint(entry.Key), content))
	}
	for _, role := range []Role{RoleParameters, RoleWaivers} {
		if key := role.String(); given(spec, key) {
			sources = append(sources, Source{Name: key + ".yaml", Text: []byte(text(spec, key)), Role: role})
		}
	}
	return sources
}

// loaded does everything again with the image that was saved and loaded: it is the same program.
func (c *caseRun) loaded(spec any, policy *Policy) {
	image, err := policy.MarshalBinary()
	if err != nil {
		c.faultf("saving: %v", err)
		return
	}
	loaded, err := Load(image)
	if err != nil {
		c.faultf("loading: %v", err)
		return
	}
	defer loaded.Close()
	c.all(spec, loaded, " (saved and loaded)")
}

func (c *caseRun) all(spec any, policy *Policy, form string) {
	for _, run := range list(spec, "runs") {
		c.once(run, policy, form)
	}
	if !given(spec, "tests") {
		return
	}
	results, err := policy.Test()
	if err != nil {
		c.faultf("tests%s: %v", form, err)
	}
	tests := list(spec, "tests")
	for i, result := range results {
		if i >= len(tests) {
			c.faultf("test '%s': not expected; %s", result.Name, result.Message)
			continue
		}
		c.keys(tests[i], "name passed says")
		c.equal("test", text(tests[i], "name"), result.Name)
		c.equal("passed", flag(tests[i], "passed", true), result.Passed)
		c.contains("result", text(tests[i], "says"), result.Message)
	}
	for i := len(results); i < len(tests); i++ {
		c.faultf("a test is missing%s", form)
	}
}

func (c *caseRun) once(spec any, policy *Policy, form string) {
	c.keys(spec, "name input inputs now passes explain denied findings verdicts fails resources unmatched waivers apart drift")
	run := Run{Now: c.now(spec), Passes: flag(spec, "passes", false), Explain: flag(spec, "explain", false), Drift: flag(spec, "drift", false)}
	inputs, err := c.inputs(spec, policy)
	run.Inputs = inputs
	name := text(spec, "name") + form
	if flag(spec, "apart", false) {
		c.apart(name, spec, policy, run, false)
		c.apart(name, spec, policy, run, true)
	} else {
		c.together(name, spec, policy, run, err)
	}
	for _, in := range inputs {
		in.Document.Close()
		in.Before.Close()
	}
}

// apart: each input in a run of its own, all added to one report, in this order and in the other: that must not show.
func (c *caseRun) apart(name string, spec any, policy *Policy, run Run, backwards bool) {
	report, err := policy.NewReport()
	if err != nil {
		c.faultf("%s: %v", name, err)
		return
	}
	defer report.Close()
	for i := range run.Inputs {
		one := run
		one.Report = report
		at := i
		if backwards {
			at = len(run.Inputs) - 1 - i
		}
		one.Inputs = run.Inputs[at : at+1]
		if _, err := policy.Run(context.Background(), one); err != nil {
			c.faultf("%s: %v", name, err)
		}
	}
	result, err := report.Result()
	if err != nil {
		c.faultf("%s: %v", name, err)
	}
	c.findings(name, list(spec, "findings"), result.Findings, run.Inputs)
	c.summary(spec, result)
	c.waivers(name, spec, report)
}

func (c *caseRun) together(name string, spec any, policy *Policy, run Run, err error) {
	var result Result
	if err == nil {
		if given(spec, "waivers") {
			run.Report, _ = policy.NewReport()
			defer run.Report.Close()
		}
		result, err = policy.Run(context.Background(), run)
	}
	switch {
	case given(spec, "fails"):
		c.failure(member(spec, "fails"), err)
	case err != nil:
		c.faultf("%s: %v", name, err)
	default:
		c.findings(name, list(spec, "findings"), result.Findings, run.Inputs)
		c.summary(spec, result)
		c.waivers(name, spec, run.Report)
	}
}

// waivers compares a map of ids with status and problems: {W-1: expired, W-2: unused broad}.
func (c *caseRun) waivers(name string, spec any, report *Report) {
	if !given(spec, "waivers") {
		return
	}
	want, _ := member(spec, "waivers").(Map)
	got, err := report.Waivers()
	if err != nil || len(got) != len(want) {
		c.faultf("%s: expected %d waivers, got %d, %v", name, len(want), len(got), err)
	}
	problems := []struct {
		bit  WaiverProblems
		word string
	}{
		{WaiverIsBroad, "broad"}, {WaiverHasIndex, "index"}, {WaiverSelfApproved, "self-approved"},
		{WaiverNamesNothing, "names-nothing"}, {WaiverNotAllowed, "not-allowed"},
	}
	for _, w := range got {
		state := w.Status.String()
		for _, problem := range problems {
			if w.Problems&problem.bit != 0 {
				state += " " + problem.word
			}
		}
		c.equal(name+": waiver "+w.ID, text(Map(want), w.ID), state)
	}
}

// waived compares a list: "W-1" for one that counts, what it says for one that does not.
func (c *caseRun) waived(where string, want any, got []Waived) {
	wanted, _ := want.([]any)
	if len(wanted) != len(got) {
		c.faultf("%s: expected %d waivers, got %d", where, len(wanted), len(got))
	}
	for i := 0; i < len(wanted) && i < len(got); i++ {
		counts := got[i].Standing == WaivedCounts
		if counts != (got[i].Why == "") {
			c.faultf("%s: a waiver that counts says why", where)
		}
		if counts {
			c.equal(where, wanted[i], got[i].Waiver)
		} else {
			c.equal(where, wanted[i], got[i].Why)
		}
	}
}

func (c *caseRun) inputs(spec any, policy *Policy) ([]Input, error) {
	if given(spec, "input") == given(spec, "inputs") {
		c.faultf("a run has either `input` or `inputs`")
	}
	if given(spec, "input") {
		d, _, err := policy.Parse(Input{Name: "input", Text: []byte(text(spec, "input"))})
		return []Input{{Document: d}}, err
	}
	var inputs []Input
	for _, node := range list(spec, "inputs") {
		c.keys(node, "name text format target diagnostics before")
		in := Input{Name: "input", Text: []byte(text(node, "text"))}
		if given(node, "name") {
			in.Name = text(node, "name")
		}
		if given(node, "format") {
			if err := in.Format.UnmarshalText([]byte(text(node, "format"))); err != nil {
				c.faultf("%v", err)
			}
		}
		d, diagnostics, err := policy.Parse(in)
		c.diagnostics(list(node, "diagnostics"), diagnostics)
		if err != nil {
			return inputs, err
		}
		in = Input{Document: d, Target: text(node, "target")}
		if given(node, "before") {
			before := Input{Name: "before", Text: []byte(text(node, "before")), Format: in.Format}
			if in.Before, _, err = policy.Parse(before); err != nil {
				return inputs, err
			}
		}
		inputs = append(inputs, in)
	}
	return inputs, nil
}

func (c *caseRun) failure(want any, err error) {
	c.keys(want, "status code at says")
	var failed *Error
	if !errors.As(err, &failed) {
		c.faultf("expected the status %s, got %v", text(want, "status"), err)
		return
	}
	c.equal("status", text(want, "status"), failed.Status.Name())
	if given(want, "code") {
		c.equal("code", text(want, "code"), fmt.Sprintf("B%04d", failed.Code))
	}
	if given(want, "at") {
		c.equal("place", text(want, "at"), fmt.Sprintf("%d:%d", failed.Line, failed.Column))
	}
	c.contains("error", text(want, "says"), failed.Message)
}

func (c *caseRun) findings(name string, want []any, got []Finding, inputs []Input) {
	for i := range got {
		f := &got[i]
		where := fmt.Sprintf("%s: finding %d (%s %s %s)", name, i+1, f.Verdict, f.ID(), f.Address)
		if i >= len(want) {
			c.faultf("%s is unexpected: %s", where, f.Message)
			continue
		}
		c.finding(where, want[i], f, inputs)
	}
	for i := len(got); i < len(want); i++ {
		c.faultf("%s: finding %d is missing", name, i+1)
	}
}

func (c *caseRun) finding(where string, want any, f *Finding, inputs []Input) {
	at, to, witness, decided := "none", "none", "none", "none"
	if f.Place.Line > 0 {
		at = fmt.Sprintf("%d:%d", f.Place.Line, f.Place.Column)
		to = fmt.Sprintf("%d:%d", f.Place.EndLine, f.Place.EndColumn)
	}
	if f.Witness != nil {
		witness, decided = f.Witness.String(), fmt.Sprintf("%d:%d", f.Witness.Line, f.Witness.Column)
	}
	got := map[string]any{
		"verdict": f.Verdict.String(), "guardrail": f.Guardrail, "validation": f.Validation, "severity": f.Severity.String(),
		"enforcement": f.Enforcement.String(), "kind": f.Kind, "address": f.Address, "element": f.Element, "message": f.Message,
		"says": f.Message, "action": f.Action.String(), "at": at, "to": to, "input": inputs[f.Input].name(),
		"sensitive": f.Sensitive, "witness": witness, "decided": decided, "explanation": f.Explanation,
		"waiver": f.Waiver, "expires": f.Expires, "waivers": f.Waivers, "reason": f.Reason,
	}
	if !given(want, "verdict") {
		c.faultf("%s: a finding has a `verdict`", where)
	}
	entries, _ := want.(Map)
	for _, entry := range entries {
		key := entry.Key.(string)
		value, known := got[key]
		switch {
		case !known:
			c.faultf("%s: there is no key '%s'", where, key)
		case key == "waivers":
			c.waived(where, entry.Value, f.Waivers)
		case key == "says":
			c.contains(where, entry.Value.(string), f.Message)
		default:
			c.equal(where+": "+key, entry.Value, value)
		}
	}
}

func (c *caseRun) summary(spec any, result Result) {
	if given(spec, "denied") {
		c.equal("denied", flag(spec, "denied", false), !result.Allowed)
	}
	c.number("resources", spec, result.Resources)
	c.number("unmatched", spec, result.Unmatched)
	if !given(spec, "verdicts") {
		return
	}
	verdicts := member(spec, "verdicts")
	c.keys(verdicts, strings.Join(verdictWords[:], " "))
	for verdict, word := range verdictWords {
		if given(verdicts, word) {
			c.number(word, verdicts, result.Counts[verdict])
		} else {
			c.equal(word, uint64(0), result.Counts[verdict])
		}
	}
}

func (c *caseRun) number(key string, spec any, got uint64) {
	if !given(spec, key) {
		return
	}
	if want, ok := member(spec, key).(int64); !ok || uint64(want) != got {
		c.faultf("%s: expected %v, got %d", key, member(spec, key), got)
	}
}

// --- files ---

func caseFile(t *testing.T, path string) []*caseRun {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	d, _, err := Parse(Input{Name: path, Text: content, Format: FormatYAML, YAML: YAMLCore, Duplicates: DuplicatesForbid})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	roots, err := d.Roots()
	if err != nil {
		t.Fatal(err)
	}
	var runs []*caseRun
	for _, root := range roots {
		switch {
		case given(root, "expressions"):
			runs = append(runs, expressionCases(root)...)
		case given(root, "policy"):
			runs = append(runs, policyCase(root))
		default:
			runs = append(runs, &caseRun{name: "?", faults: []string{"a document starts with `expressions` or `policy`"}})
		}
	}
	return runs
}

func TestSharedCases(t *testing.T) {
	paths, err := filepath.Glob("../../tests/cases/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Skip("the shared cases are not here")
	}
	more, _ := filepath.Glob("../../tests/cases/governance/*.yaml") // of a part of the library
	for _, path := range append(paths, more...) {
		path := path
		t.Run(strings.TrimSuffix(filepath.Base(path), ".yaml"), func(t *testing.T) {
			t.Parallel()
			runs := caseFile(t, path)
			for _, c := range runs {
				for _, fault := range c.faults {
					t.Errorf("%s: %s", c.name, fault)
				}
			}
			t.Logf("%d cases", len(runs))
		})
	}
}

// The runner itself: each case of these files expects something false, and every one of them has to be caught.
func TestSharedCasesRunner(t *testing.T) {
	paths, err := filepath.Glob("../../tests/cases/wrong/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Skip("the shared cases are not here")
	}
	for _, path := range paths {
		for _, c := range caseFile(t, path) {
			if len(c.faults) == 0 {
				t.Errorf("%s: %s: passed", path, c.name)
			}
		}
	}
}
