package main

import (
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"

	"cel.dev/cel-go/common/types"
)

func withoutSeeds(t *testing.T) *Seeds {
	t.Helper()
	seeds, err := newSeeds("")
	if err != nil {
		t.Fatal(err)
	}
	return seeds
}

// Generated trees print as texts that parse to the same text again, but for the parentheses in runs of &&
// and ||, which cel-go's parser sets as it likes.
func TestPrinting(t *testing.T) {
	seeds := withoutSeeds(t)
	for number := range uint64(300) {
		r := rand.New(rand.NewPCG(1, number))
		g := &generator{r: r, env: randomEnvironment(r)}
		made := g.make(randomType(r, 2), 5)
		parsed := seeds.parse(made.String())
		if parsed == nil {
			t.Fatalf("does not parse: %s", made)
		}
		plain := strings.NewReplacer("(", "", ")", "")
		again := seeds.parse(parsed.String())
		if again == nil || plain.Replace(again.String()) != plain.Replace(parsed.String()) {
			t.Errorf("%s\nprinted again is\n%s", parsed, again)
		}
	}
}

func TestPrecedence(t *testing.T) {
	a, b, c := ident("a"), ident("b"), ident("c")
	for _, test := range []struct {
		node *Node
		text string
	}{
		{binary("*", binary("+", a, b), c), "(a + b) * c"},
		{binary("-", a, binary("-", b, c)), "a - (b - c)"},
		{binary("-", binary("-", a, b), c), "a - b - c"},
		{cond(cond(a, b, c), a, cond(b, c, a)), "(a ? b : c) ? a : b ? c : a"},
		{member(unary("-", a), "size"), "(-a).size()"},
		{unary("-", lit("1")), "-(1)"},
		{selectField(lit("-1"), "x"), "(-1).x"},
		{index(member(a, "f", binary("||", b, c)), lit("0")), "a.f(b || c)[0]"},
	} {
		if got := test.node.String(); got != test.text {
			t.Errorf("%s, expected %s", got, test.text)
		}
	}
}

// The same seed makes the same expressions.
func TestSeeds(t *testing.T) {
	make := func() string {
		r := rand.New(rand.NewPCG(7, 3))
		env := randomEnvironment(r)
		tally := &tally{seeds: &Seeds{}}
		return string(env.line()) + strings.Join(tally.expressions(r, env), "\n")
	}
	if make() != make() {
		t.Error("two runs differ")
	}
}

// Whatever holds a division by zero shrinks to that, through operators, calls and variables.
func TestShrinking(t *testing.T) {
	seeds := withoutSeeds(t)
	holds := func(n *Node) bool {
		return n.any(func(at *Node) bool {
			return at.Kind == Binary && at.Text == "/" && at.Kids[1].String() == "0"
		})
	}
	for _, text := range []string{
		"[1, 2].map(x, {'a': x / 0}, true) == [] || has(object.a) && b ? 'long' : 'text'",
		"cel.bind(z, 0, [[1 / z]])",
		"optional.of([3 / 0]).orValue(f(1, 2, 3))",
	} {
		small := shrink(seeds.parse(text), holds)
		if got := small.String(); got != "0 / 0" {
			if !holds(small) || small.size() > 3 {
				t.Errorf("%s became %s", text, got)
			}
		}
	}
	if got := shrinkText("abc#def#", func(s string) bool { return strings.Contains(s, "#") }); got != "#" {
		t.Errorf("text became %q", got)
	}
}

func TestCanonical(t *testing.T) {
	side, err := newCelGo()
	if err != nil {
		t.Fatal(err)
	}
	for expr, want := range map[string]Answer{
		"[1, 2u, 1.0, -0.0]":                                  "[i1,u2,d3ff0000000000000,d8000000000000000]",
		"{'b': null, 'a': [true]}":                            `{s"a":[T],s"b":n}`,
		"['\"\\u00e9', b'\\xff']":                             `[s"\x22\xc3\xa9",b"ff"]`,
		"optional.of(optional.none())":                        "O(O())",
		"timestamp('1969-12-31T23:59:59.5Z') - duration('0')": "t-1.500000000",
		"duration('-1.5s')":                                   "D-1500000000",
		"type(1)":                                             `y"int"`,
		"ip('::1')":                                           `x"ip(\x22::1\x22)"`,
		"0.0 / 0.0":                                           "dNaN",
	} {
		if got := side.answer(expr); got != want {
			t.Errorf("%s: %s, expected %s", expr, got, want)
		}
	}
	if !side.answer("1 / 0").isError() || !side.answer("1 +").isError() {
		t.Error("errors are none")
	}
}

func TestAgreement(t *testing.T) {
	for _, test := range []struct {
		a, b Answer
		same bool
	}{
		{"i1", "i1", true}, {"i1", "u1", false}, {"!a", "!b", true}, {"!a", "i1", false}, {"#a", "!a", false},
	} {
		if agree(test.a, test.b) != test.same {
			t.Errorf("%s and %s", test.a, test.b)
		}
	}
}

// A value inlined into an expression is that value.
func TestLiterals(t *testing.T) {
	side, err := newCelGo()
	if err != nil {
		t.Fatal(err)
	}
	for number := range uint64(200) {
		r := rand.New(rand.NewPCG(2, number))
		for _, v := range randomEnvironment(r).Names {
			made, ok := valueLiteral(v.Value)
			if !ok {
				t.Fatalf("no literal for %s", canonical(v.Value))
			}
			if got := side.answer(made.String()); got != canonical(v.Value) {
				t.Errorf("%s is %s, expected %s", made, got, canonical(v.Value))
			}
		}
		text := randomText(r)
		if got := side.value(stringLiteral(r, text).String()); got != types.String(text) {
			t.Errorf("%q came out as %v", text, got)
		}
		data := randomBytes(r)
		if got := side.answer(bytesLiteral(r, data).String()); got != canonical(types.Bytes(data)) {
			t.Errorf("%x came out as %s", data, got)
		}
	}
}

// Each kind is explained, under its name, and there are ten at most.
func TestKindsAreExplained(t *testing.T) {
	text, err := os.ReadFile("explained.md")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, heading := range regexp.MustCompile(`(?m)^## (.+)$`).FindAllStringSubmatch(string(text), -1) {
		names = append(names, heading[1])
	}
	if len(names) != len(kinds) || len(kinds) > 10 {
		t.Fatalf("%d kinds, %d explanations", len(kinds), len(names))
	}
	for _, k := range kinds {
		if !strings.Contains("\n"+strings.Join(names, "\n")+"\n", "\n"+k.name+"\n") {
			t.Errorf("%q is not explained", k.name)
		}
	}
}
