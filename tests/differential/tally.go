package main

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// tally is one run: what was compared and what came of it.
type tally struct {
	comparer
	options     *options
	seeds       *Seeds
	start       time.Time
	compared    int
	explained   [len(kinds)]int
	unexplained int
}

func (t *tally) compareAll(exprs []string) error {
	if t.options.generated {
		for _, expr := range exprs {
			fmt.Printf("%s\n    %s\n", expr, t.celGo.answer(expr))
		}
	}
	found, err := t.differences(exprs)
	if err != nil {
		return err
	}
	t.compared += len(exprs)
	for i := range found {
		if err := t.take(&found[i]); err != nil {
			return err
		}
	}
	return nil
}

// How many parts of one expression are cut out, and how many changes shrinking tries: an end that does
// not depend on the time.
const (
	cutsMax  = 50
	triesMax = 20000
)

// take explains a difference, or shrinks and reports it.
func (t *tally) take(d *Difference) error {
	d.Node = t.seeds.parse(d.Expr)
	rest, kind, err := t.resolve(d)
	if err != nil {
		return err
	}
	if kind >= 0 {
		return t.count(rest, kind)
	}
	return t.shrinkAndReport(rest)
}

// resolve finds the kind of a difference, or what is left of it that has none, -1. Parts that are
// explained are cut out one by one, so that they hide nothing else.
func (t *tally) resolve(d *Difference) (rest *Difference, kind int, err error) {
	for cuts := 0; d.Node != nil && cuts < cutsMax; cuts++ {
		if kind := t.explain(d); kind >= 0 {
			return d, kind, nil
		}
		inner, err := t.innermost(d)
		if err != nil || inner == nil {
			return d, -1, err
		}
		kind := t.explain(inner)
		if kind < 0 {
			return inner, -1, nil
		}
		rest, err := t.without(d, inner)
		if err != nil || rest == nil {
			return inner, kind, err
		}
		d = rest
	}
	return d, -1, nil
}

func (t *tally) count(d *Difference, kind int) error {
	t.explained[kind]++
	if t.options.verbose {
		fmt.Printf("%s: %s\n    cel-go %s\n    Berm   %s\n", kinds[kind].name, d.Expr, d.Go, d.Berm)
	}
	return nil
}

// innermost is the smallest part of an expression in which the sides differ when it stands alone; nil
// when only the whole differs.
func (t *tally) innermost(d *Difference) (*Difference, error) {
	parts := map[string]*Node{}
	var texts []string
	d.Node.walk(func(n *Node) bool {
		if text := n.String(); n != d.Node && len(n.Kids) > 0 && parts[text] == nil {
			parts[text] = n
			texts = append(texts, text)
		}
		return true
	})
	found, err := t.differences(texts)
	var smallest *Difference
	for i := range found {
		found[i].Node = parts[found[i].Expr]
		if smallest == nil || found[i].Node.size() < smallest.Node.size() {
			smallest = &found[i]
		}
	}
	return smallest, err
}

// without is what still differs when a part is replaced by something that both sides agree about; nil
// when nothing does.
func (t *tally) without(d, part *Difference) (*Difference, error) {
	by, err := t.standIn(part)
	if err != nil {
		return nil, err
	}
	rest := d.Node.substituted(part.Node, by)
	found, err := t.one(rest.String())
	if found != nil {
		found.Node = rest
	}
	return found, err
}

// standIn is what cel-go says a part is, as a literal; an error, which Berm says it is, where no literal
// says that to both sides: a map with keys that are none.
func (t *tally) standIn(part *Difference) (*Node, error) {
	failure := binary("/", lit("1"), lit("0"))
	value := t.celGo.value(part.Expr)
	if value == nil {
		return failure, nil
	}
	if text, is := value.(types.String); is {
		value = types.String(strings.ToValidUTF8(string(text), "\uFFFD"))
	}
	by, ok := valueLiteral(value)
	if !ok {
		return failure, nil
	}
	differs, err := t.one(by.String())
	if differs != nil {
		by = failure
	}
	return by, err
}

// shrinkAndReport shrinks to what nobody has explained: it keeps away from what is, so that it does not
// end there by chance. A part that holds a macro's variable does not stand alone, so there may be an
// explanation for what is left when shrinking may go anywhere.
func (t *tally) shrinkAndReport(d *Difference) error {
	unexplained := func(found *Difference) (bool, error) {
		_, kind, err := t.resolve(found)
		return kind < 0, err
	}
	small, err := t.shrunk(d, unexplained)
	if err != nil {
		return err
	}
	if small.Node == nil || small.Node.any(isMacro) {
		smaller, err := t.shrunk(small, func(*Difference) (bool, error) { return true, nil })
		if err != nil {
			return err
		}
		last, kind, err := t.resolve(smaller)
		if err != nil {
			return err
		}
		if kind >= 0 {
			return t.count(last, kind)
		}
	}
	t.unexplained++
	return t.show(small)
}

func isMacro(n *Node) bool {
	return n.Kind == Member && len(n.Kids) > 2 && n.Kids[1].Kind == Ident
}

// shrunk is the smallest difference that shrinking comes to over those that are wanted.
func (t *tally) shrunk(d *Difference, wanted func(*Difference) (bool, error)) (*Difference, error) {
	last, tries := d, 0
	var failure error
	differs := func(text string) bool {
		if tries++; tries > triesMax || failure != nil {
			return false
		}
		found, err := t.one(text)
		if err != nil {
			failure = err
			return false
		}
		if found == nil {
			return false
		}
		found.Node = t.seeds.parse(text)
		var is bool
		if is, failure = wanted(found); is {
			last = found
		}
		return is
	}
	if d.Node == nil {
		shrinkText(d.Expr, differs)
		return last, failure
	}
	differsTree := func(n *Node) bool { return differs(n.String()) }
	n := shrink(d.Node, differsTree)
	for i := range t.env.Names {
		n = t.inlined(n, &t.env.Names[i], differsTree)
	}
	return last, failure
}

// inlined is a tree with a variable's value in its place, where that changes nothing.
func (t *tally) inlined(n *Node, v *Variable, differs func(*Node) bool) *Node {
	value, ok := valueLiteral(v.Value)
	if !ok || !n.any(func(at *Node) bool { return at.Kind == Ident && at.Text == v.Name }) {
		return n
	}
	changed := n.replaced(v.Name, value)
	if !differs(changed) {
		return n
	}
	return shrink(changed, differs)
}

// explore is for people: one expression, in the first environment of the seed.
func (t *tally) explore(expr string) error {
	if err := t.see(randomEnvironment(rand.New(rand.NewPCG(t.options.seed, 0)))); err != nil {
		return err
	}
	answers, err := t.berm.answers([]string{expr})
	if err != nil {
		return err
	}
	fmt.Printf("cel-go %s\nBerm   %s\n", t.celGo.answer(expr), answers[0])
	return t.compareAll([]string{expr})
}

func (t *tally) show(d *Difference) error {
	fmt.Printf("%s\n    cel-go %s\n    Berm   %s\n", d.Expr, d.Go, d.Berm)
	if t.options.found == "" {
		return nil
	}
	if err := os.MkdirAll(t.options.found, 0o777); err != nil {
		return err
	}
	name := fmt.Sprintf("%d-%03d.yaml", t.options.seed, t.unexplained)
	return os.WriteFile(filepath.Join(t.options.found, name), []byte(t.asCase(d)), 0o666)
}

// asCase is a difference as a file of cases (docs/cases.md) that expects cel-go's answer. Which of the
// two is right is for people to say.
func (t *tally) asCase(d *Difference) string {
	expected := `error: ""`
	if value := t.celGo.value(d.Expr); value != nil {
		expected = expectation(value)
	}
	return fmt.Sprintf("# Berm: %s\nexpressions: a difference from cel-go, seed %d\nobject: %s\n"+
		"cases:\n  - {expr: %s, %s}\n", d.Berm, t.options.seed, documentJSON(d.Env.Document), jsonText(d.Expr), expected)
}

// expectation is a value as a case has it, as far as YAML goes.
func expectation(value ref.Val) string {
	switch v := value.(type) {
	case types.Null:
		return "value: null"
	case types.Bool, types.Int:
		return fmt.Sprintf("value: %v", v.Value())
	case types.String:
		return "value: " + jsonText(string(v))
	case types.Uint:
		return fmt.Sprintf("type: uint, value: %d", uint64(v))
	case types.Double:
		return fmt.Sprintf("type: double, value: %s", doubleText(float64(v)))
	case types.Bytes:
		return "type: bytes, value: " + jsonText(base64.StdEncoding.EncodeToString(v))
	}
	return "value: " + jsonText(string(canonical(value))) // to be written out by hand
}

func (t *tally) report() {
	total := 0
	for _, count := range t.explained {
		total += count
	}
	order := make([]int, len(kinds))
	for i := range order {
		order[i] = i
	}
	sort.Slice(order, func(i, j int) bool { return t.explained[order[i]] > t.explained[order[j]] })
	for _, i := range order {
		if t.explained[i] > 0 {
			fmt.Printf("%8d explained: %s\n", t.explained[i], kinds[i].name)
		}
	}
	fmt.Printf("%d compared, %d differ in explained ways, %d unexplained (seed %d, %.0f s)\n",
		t.compared, total, t.unexplained, t.options.seed, time.Since(t.start).Seconds())
}
