package main

import (
	"math/rand/v2"
	"os"
	"testing"
)

// What Berm would answer, and the kind that explains it; "" for none. Where `berm` is empty, Berm is asked.
type explanation struct{ expr, berm, kind string }

var explanations = []explanation{
	{"'a'.matches('\\\\pz')", "!REGEX_UNSUPPORTED: x", "limits"},
	{"1 + 1", "#RULE_COST: x", "limits"},
	{"1 + 1", "!RULE_COST: x", ""},
	{"1 + 1", "i3", ""},

	{"[0.0 / 0.0, 1.0].sort()", "[d3ff0000000000000,dNaN]", "order"},
	{"[2.0, 1.0].sort()", "[d4000000000000000,d3ff0000000000000]", ""},

	{"{1: 2, 1: 3}", "!KEY_REPEATED: x", "map keys"},
	{"{1: 2, 1u: 3}", "!KEY_REPEATED: x", "map keys"},
	{"{1: 2, 2: 3}", "!KEY_REPEATED: x", ""},
	{"{1: 2, 1: 3}", "!KEY_TYPE: x", ""},
	{"{1: 2, 1: 3}", "{i1:i2}", ""},
	{"{1.5: 2}", "!KEY_TYPE: x", "map keys"},
	{"{true: 2}", "!KEY_TYPE: x", ""},
	{"{0: 1, ?0: optional.none()}", "{i0:i1}", "map keys"},
	{"{true: 0, ?0: optional.of(0), ?0: optional.none()}", "{T:i0,i0:i0}", "map keys"},
	{"{true: 0, ?0: optional.of(0), ?0: optional.none()}", "{T:i0,i0:i1}", ""},
	{"{0: 1, ?1: optional.none()}", "{}", ""},

	{"'abc'.indexOf('a', 30)", "!INDEX_RANGE: x", "specification"},
	{"'abc'.indexOf('a', 3)", "!INDEX_RANGE: x", ""},
	{"ip('::ffff:c0a8:1')", "x\"ip(\\x22192.168.0.1\\x22)\"", "specification"},
	{"ip('::ffff:192.168.0.1')", "x\"ip(\\x22192.168.0.1\\x22)\"", ""},
	{"{'a': optional.of({'b': 1})}.a.b", "O(i1)", "specification"},
	{"{'a': optional.of({'b': 1})}.a.b", "O(i2)", ""},
	{"1 // x\r+ 1", "", "specification"},
	{"true ? has({}.?a.b) : 0", "F", "specification"},
	{"false ? 0 : has({'a': {'b': 1}}.?a.b)", "T", "specification"},
	{"true ? has({}.?a.b) : 0", "T", ""},
	{"true ? {}.?a.b : 0", "F", ""},
	{"{false: 0}[has({}.?a.b)]", "i0", "specification"},
	{"{false: 0}[?has({}.?a.b)]", "O(i0)", "specification"},
	{"{false: 0}[has({}.?a.b)]", "i1", ""},
	{"{false: 0}[{}.?a.b]", "i0", ""},

	{"duration('1.5s').getMilliseconds()", "i500", "times"},
	{"duration('1.5s').getMilliseconds()", "i501", ""},
	{"timestamp(0).getHours('')", "!TIME_ZONE: x", "times"},
	{"timestamp(0).getHours('+5:30')", "!TIME_ZONE: x", "times"},
	{"timestamp(0).getHours('2:0')", "!TIME_ZONE: x", "times"},
	{"timestamp(0).getHours('+05:30')", "!TIME_ZONE: x", ""},
	{"timestamp(0).getHours('02:00')", "!TIME_ZONE: x", ""},
	{"timestamp(0).getHours('Europe/Berlin')", "!TIME_ZONE: x", ""},
	{"timestamp(0).getHours('+5:30')", "i4", ""},
	{"string(timestamp('1970-01-01T01:00:00+01:00'))", `s"1970-01-01T00:00:00Z"`, "times"},
	{"string(timestamp('1970-01-01T01:00:00+01:00'))", `s"1970-01-01T01:00:00Z"`, ""},
	{"optional.ofNonZeroValue(timestamp(0))", "O()", "times"},
	{"optional.ofNonZeroValue(timestamp(1))", "O()", ""},

	{"-duration('1s')", "!NO_OVERLOAD: x", "unchecked operands"},
	{"-(1)", "!NO_OVERLOAD: x", ""},
	{"sort([1])", "!NO_SUCH_FUNCTION: x", "unchecked operands"},
	{"'::'.ip()", "!NO_OVERLOAD: x", "unchecked operands"},
	{"cidr('::/8').ip()", "!NO_OVERLOAD: x", ""},
	{"[1].size()", "!NO_OVERLOAD: x", ""},
	{"[1].sort()", "!NO_SUCH_FUNCTION: x", ""},
	{"size([1])", "!NO_OVERLOAD: x", ""},
	{"ip(cidr('10.0.0.0/8'))", "!NO_OVERLOAD: x", "unchecked operands"},
	{"ip(dyn(cidr('10.0.0.0/8')))", "!NO_OVERLOAD: x", "unchecked operands"},
	{"ip(dyn('10.0.0.0'))", "!NO_OVERLOAD: x", ""},
	{"{}.?missing.or(dyn({}))", "!NO_OVERLOAD: x", "unchecked operands"},
	{"{}.?missing.or(dyn(optional.none()))", "!NO_OVERLOAD: x", ""},
	{"optional.of(1).orValue(2)", "!NO_OVERLOAD: x", ""},
	{"1 < 0.0 / 0.0", "!NO_OVERLOAD: x", ""},

	{"true || f()", "", "refused before running"},
	{"true || 1.sortBy(x, x) == []", "", "refused before running"},
	{"optional.of(0).or(optional.of(0, 0))", "", "refused before running"},
	{"true || 1", "!NO_OVERLOAD: x", ""},

	{"has(has(object.f))", "!B0204: has() expects a field", "what macros take"},
	{"has(object.f)", "!B0204: has() expects a field", ""},
	{".math.greatest(1, 2)", "i2", "what macros take"},
	{".math.greatest(1, 2)", "i1", ""},

	{"'a'.matches(r'\\p{letter}')", "!REGEX: x", "names in patterns"},
	{"'a'.matches(r'\\p{Lu}')", "!REGEX: x", ""},

	{"'%s'.format([b'\\xff'])", `s"\xef\xbf\xbd"`, "invalid UTF-8 in format"},
	{"'%s'.format([b'a'])", `s"\xef\xbf\xbd"`, ""},
}

// The kinds explain what they are for and nothing beside it.
func TestExplanations(t *testing.T) {
	c := &comparer{}
	var err error
	if c.celGo, err = newCelGo(); err != nil {
		t.Fatal(err)
	}
	const program = "../../build-differential/berm-differential"
	if _, missing := os.Stat(program); missing == nil {
		if c.berm, err = startBerm(program); err != nil {
			t.Fatal(err)
		}
		defer c.berm.stop()
		if err := c.see(randomEnvironment(rand.New(rand.NewPCG(1, 1)))); err != nil {
			t.Fatal(err)
		}
	}
	seeds := withoutSeeds(t)
	for _, test := range explanations {
		d := &Difference{Expr: test.expr, Node: seeds.parse(test.expr), Go: c.celGo.answer(test.expr), Berm: Answer(test.berm)}
		if test.berm == "" {
			if c.berm == nil {
				continue
			}
			answers, err := c.berm.answers([]string{test.expr})
			if err != nil {
				t.Fatal(err)
			}
			d.Berm = answers[0]
		}
		name := ""
		if kind := c.explain(d); kind >= 0 {
			name = kinds[kind].name
		}
		if name != test.kind {
			t.Errorf("%s (cel-go %s, Berm %s) is explained by %q, expected %q", test.expr, d.Go, d.Berm, name, test.kind)
		}
	}
}
