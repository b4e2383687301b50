package berm

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func evaluate(t *testing.T, text, document string, options ...Option) (any, error) {
	t.Helper()
	e, err := CompileExpression("expr", text, options...)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if document == "" {
		return e.Eval(context.Background(), nil, time.Unix(0, 0))
	}
	d, _, err := Parse(Input{Text: []byte(document)})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	return e.Eval(context.Background(), d, time.Unix(0, 0))
}

func TestValues(t *testing.T) {
	for text, want := range map[string]any{
		"null": nil, "true": true, "1": int64(1), "-2": int64(-2), "3u": uint64(3), "1.5": 1.5, "'a'": "a", "b'\\xff'": []byte{0xff},
		"now": time.Unix(0, 0).UTC(), "duration('1.5s')": 1500 * time.Millisecond, "[1, 'a']": []any{int64(1), "a"},
		"{'b': 1, 'a': [2u]}": Map{{"b", int64(1)}, {"a", []any{uint64(2)}}}, "type(1)": TypeName("int"),
		"optional.of(1)": Optional{int64(1), true}, "optional.none()": Optional{}, "object": nil,
		"timestamp('1969-12-31T23:59:59.25Z')": time.Unix(-1, 250000000).UTC(),
	} {
		if got, err := evaluate(t, text, ""); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %#v, %v", text, got, err)
		}
	}
	if got, err := evaluate(t, "object.a[1]", `{"a": [1, "x"]}`); got != "x" || err != nil {
		t.Errorf("%#v, %v", got, err)
	}
	if got, err := evaluate(t, "1 / 0", ""); !errors.Is(err, ErrExpression) || !strings.Contains(err.Error(), "division by zero") {
		t.Errorf("%#v, %v", got, err)
	}
	if value, found := (Map{{int64(1), "i"}, {uint64(1), "u"}}).Get(uint64(1)); value != "u" || !found {
		t.Error(value)
	}
	if _, found := (Map{}).Get("a"); found {
		t.Error("found in an empty map")
	}
}

// What a function gets is what it gave before: every sort of value there and back.
func TestFunctions(t *testing.T) {
	echo := Function{Declaration: "acme.echo(A) -> A", Call: func(args []any) (any, error) { return args[0], nil }}
	for _, text := range []string{
		"null", "true", "false", "-7", "7u", "0.5", "'héllo'", "b'\\x00\\xff'", "timestamp('1969-01-01T00:00:00.5Z')", "duration('-1h')",
		"[1, [2, {}], {'a': [null]}]", "{1: 'a', 2u: 'b', true: 'c', 'd': 1.0}",
	} {
		if got, err := evaluate(t, fmt.Sprintf("acme.echo(%s) == %s", text, text), "", WithFunctions(echo)); got != true || err != nil {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, c := range []struct {
		declared, call string
		result         any
		want           any
	}{
		{"int", "acme.f()", 7, int64(7)}, {"int", "acme.f()", int8(-7), int64(-7)}, {"uint", "acme.f()", uint16(7), uint64(7)},
		{"double", "acme.f()", float32(0.5), 0.5}, {"double", "acme.f()", 2, 2.0}, {"list(string)", "acme.f()", []string{"a"}, []any{"a"}},
		{"map(string, dyn)", "acme.f()", map[string]any{"b": 1, "a": nil}, Map{{"a", nil}, {"b", int64(1)}}},
		{"optional_type(int)", "acme.f()", nil, Optional{}}, {"optional_type(int)", "acme.f()", Optional{1, true}, Optional{int64(1), true}},
		{"set(int)", "acme.f()", Set{1, 2}, Set{int64(1), int64(2)}}, {"string", "acme.f()", Sensitive{"x"}, Sensitive{"x"}},
		{"list(string)", "acme.f()[0]", Sensitive{[]any{"x"}}, Sensitive{"x"}},
	} {
		f := Function{Declaration: "acme.f() -> " + c.declared, Call: func([]any) (any, error) { return c.result, nil }}
		if got, err := evaluate(t, c.call, "", WithFunctions(f)); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s from %#v: %#v, %v", c.declared, c.result, got, err)
		}
	}
	if text := fmt.Sprintf("%v %#v %s", Sensitive{"x"}, Sensitive{"x"}, []any{Sensitive{"x"}}); strings.Contains(text, "x") {
		t.Error(text)
	}
}

func TestFunctionsThatFail(t *testing.T) {
	var cyclic any = struct{}{}
	for name, call := range map[string]func([]any) (any, error){
		"error": func([]any) (any, error) { return 1, errors.New("no") },
		"panic": func([]any) (any, error) { panic("oh") },
		"type":  func([]any) (any, error) { return "text", nil },
		"value": func([]any) (any, error) { return cyclic, nil },
		"none":  nil,
		"key":   func([]any) (any, error) { return Map{{[]any{}, 1}}, nil },
	} {
		f := Function{Declaration: "acme.f() -> int", Call: call}
		if name == "none" {
			f = Function{Declaration: "acme.f() -> int"}
		}
		if got, err := evaluate(t, "acme.f()", "", WithFunctions(f)); !errors.Is(err, ErrExpression) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if _, err := Compile(nil, AllowEmpty(), WithFunctions(Function{Declaration: "f("})); !errors.Is(err, ErrArgument) {
		t.Error(err)
	}
}

const owners = `guardrail: owners
title: Somebody answers for it
match: {kinds: [document]}
validations:
  - {name: known, expression: "acme.owner(object.team) != '' && acme.floor(acme.owner(object.team)) > 0", message: "owner: {acme.owner(object.team)}"}
`

func TestDeferredFunctions(t *testing.T) {
	var asked int32
	owner := Function{Declaration: "acme.owner(string) -> string", Resolve: func(ctx context.Context, args []any) (any, error) {
		atomic.AddInt32(&asked, 1)
		return map[string]any{"a": "ann", "b": "bob"}[args[0].(string)], ctx.Err()
	}}
	floor := Function{Declaration: "acme.floor(string) -> int", Resolve: func(_ context.Context, args []any) (any, error) {
		return map[string]int{"ann": 3}[args[0].(string)], nil
	}}
	policy := compileText(t, owners, WithFunctions(owner, floor))
	if result := check(t, policy, `{"team": "a"}`); !result.Allowed || result.Counts[VerdictPass] != 1 {
		t.Errorf("%+v", result)
	}
	if asked != 1 {
		t.Errorf("the owner was asked for %d times", asked)
	}
	result := check(t, policy, `{"team": "b"}`)
	if result.Allowed || len(result.Findings) != 1 || result.Findings[0].Message != "owner: bob" {
		t.Errorf("%+v", result)
	}
	report, err := policy.NewReport()
	if err != nil {
		t.Fatal(err)
	}
	policy.Run(context.Background(), Run{Inputs: []Input{{Name: "b", Text: []byte(`{"team": "b"}`)}}, Report: report})
	var text strings.Builder
	if report.Write(&text, ReportText, 0); strings.Count(text.String(), "owner: bob") != 1 {
		t.Error(text.String())
	}
	ctx, cancel := context.WithCancel(context.Background())
	owner.Resolve = func(ctx context.Context, _ []any) (any, error) { cancel(); return nil, ctx.Err() }
	if _, err := compileText(t, owners, WithFunctions(owner, floor)).Check(ctx, []byte(`{"team": "a"}`)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	owner.Resolve = func(context.Context, []any) (any, error) { panic("oh") }
	if result := check(t, compileText(t, owners, WithFunctions(owner, floor)), `{"team": "a"}`); result.Counts[VerdictError] != 1 {
		t.Errorf("%+v", result)
	}
	owner.Resolve = func(context.Context, []any) (any, error) { return 1, nil }
	if _, err := compileText(t, owners, WithFunctions(owner, floor)).Check(context.Background(), []byte(`{"team": "a"}`)); !errors.Is(err, ErrArgument) {
		t.Errorf("another type than declared: %v", err)
	}
}

func TestOverloads(t *testing.T) {
	give := func(result string) func(context.Context, []any) (any, error) {
		return func(context.Context, []any) (any, error) { return result, nil }
	}
	functions := WithFunctions(Function{Declaration: "acme.f(int) -> string", Resolve: give("one")},
		Function{Declaration: "acme.f(int, int) -> string", Resolve: give("two")},
		Function{Declaration: "list(int).f() -> string", Resolve: give("method")})
	if got, err := evaluate(t, "acme.f(1) + acme.f(1, 2) + [1].f()", "", functions); got != "onetwomethod" || err != nil {
		t.Errorf("%v, %v", got, err)
	}
}

func TestZones(t *testing.T) {
	const text = "timestamp('2026-07-01T12:00:00Z').getHours('Europe/Berlin')"
	if _, err := evaluate(t, text, ""); !errors.Is(err, ErrExpression) {
		t.Errorf("without zones: %v", err)
	}
	if _, err := os.Stat("/usr/share/zoneinfo/Europe/Berlin"); err != nil {
		t.Skip("no zoneinfo")
	}
	zones := WithZones(ZonesIn(os.DirFS("/usr/share/zoneinfo")))
	if got, err := evaluate(t, text+" + "+text, "", zones); got != int64(28) || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := evaluate(t, strings.Replace(text, "Berlin", "../../passwd", 1), "", zones); !errors.Is(err, ErrExpression) {
		t.Errorf("no zone: %v", err)
	}
}
