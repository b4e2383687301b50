package main

import (
	"math"
	"net/netip"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// A kind of difference that has an explanation; explained.md gives it, under the same name. `is` is
// asked about shrunk differences, so it looks at the root of the expression, and looks closely: what
// it does not know is unexplained.
type kind struct {
	name string
	is   func(c *comparer, d *Difference) bool
}

var kinds = [...]kind{
	{"limits", isLimit},
	{"order", isOrder},
	{"map keys", isMapKeys},
	{"specification", isAgainstSpec},
	{"times", isTime},
	{"unchecked operands", isUncheckedOperand},
	{"refused before running", isRefusedEarly},
	{"what macros take", isMacroArgument},
	{"names in patterns", isPatternName},
	{"invalid UTF-8 in format", isFormattedBytes},
}

// explain is the kind of a difference, -1 for none.
func (c *comparer) explain(d *Difference) int {
	for i := range kinds {
		if kinds[i].is(c, d) {
			return i
		}
	}
	return -1
}

func isLimit(c *comparer, d *Difference) bool {
	return d.Berm.isLimit() || bermError(d, "REGEX_UNSUPPORTED")
}

// isOrder: cel-go gives several answers, in the order of its maps; or a list with NaN was sorted.
func isOrder(c *comparer, d *Difference) bool {
	n := d.Node
	if d.GoVaries {
		return true
	}
	if n == nil || n.Kind != Member || (n.Text != "sort" && n.Text != "sortBy") {
		return false
	}
	keys := n.Kids[0]
	if n.Text == "sortBy" {
		keys = member(n.Kids[0], "map", n.Kids[1:]...)
	}
	list, isList := c.celGo.value(keys.String()).(traits.Lister)
	if !isList {
		return false
	}
	for it := list.Iterator(); it.HasNext() == types.True; {
		if number, is := it.Next().(types.Double); is && math.IsNaN(float64(number)) {
			return true
		}
	}
	return false
}

func bermError(d *Difference, name string) bool {
	return strings.HasPrefix(string(d.Berm), "!"+name+":")
}

// isMapKeys: a map literal with a key that is no key, or with two equal ones; or a search for bytes.
func isMapKeys(c *comparer, d *Difference) bool {
	if d.Node == nil {
		return false
	}
	if d.Node.Kind == Binary && d.Node.Text == "in" {
		_, bytes := c.celGo.value(d.Node.Kids[0].String()).(types.Bytes)
		return bytes && d.Berm == "F" && strings.Contains(string(d.Go), "unhashable")
	}
	if strings.Contains(string(d.Go), "unhashable") {
		return d.Node.any(c.isMapWithWrongKey) // a panic, which ends everything
	}
	if d.Node.Kind != Map || d.Go.isError() {
		return false
	}
	var keys []ref.Val
	for i := 0; i < len(d.Node.Kids); i += 2 {
		key := c.celGo.value(d.Node.Kids[i].String())
		if key == nil {
			return false
		}
		keys = append(keys, key)
	}
	repeated, kept := false, d.Node
	for i := len(keys) - 1; i >= 0; i-- {
		for _, other := range keys[:i] {
			if key := keys[i]; key.Equal(other) == types.True {
				repeated = true
				if d.Node.isOptional(i) && c.isAbsent(d.Node.Kids[2*i+1]) {
					kept = kept.without(i)
					break
				}
			}
		}
	}
	if kept != d.Node && c.celGo.answer(kept.String()) == d.Berm {
		return true // an optional entry without a value takes the entry before it away
	}
	return (repeated && bermError(d, "KEY_REPEATED")) || (c.isMapWithWrongKey(d.Node) && bermError(d, "KEY_TYPE"))
}

func (c *comparer) isAbsent(n *Node) bool {
	optional, is := c.celGo.value(n.String()).(*types.Optional)
	return is && !optional.HasValue()
}

func (c *comparer) isMapWithWrongKey(n *Node) bool {
	for i := 0; n.Kind == Map && i < len(n.Kids); i += 2 {
		switch c.celGo.value(n.Kids[i].String()).(type) {
		case types.Bool, types.Int, types.Uint, types.String, nil:
		default:
			return true
		}
	}
	return false
}

// isAgainstSpec: cel-spec's conformance suite, or its grammar, wants what Berm answers.
func isAgainstSpec(c *comparer, d *Difference) bool {
	return isSearchBeyond(c, d) || isMappedAddress(c, d) || isOptionalInside(c, d) || isComment(c, d) ||
		isTestInside(c, d)
}

// isComment: a carriage return ends a comment, too. Where it is a line feed the sides agree.
func isComment(c *comparer, d *Difference) bool {
	_, comment, found := strings.Cut(d.Expr, "//")
	if !found || !strings.Contains(comment, "\r") {
		return false
	}
	other, err := c.one(strings.ReplaceAll(d.Expr, "\r", "\n"))
	return err == nil && other == nil
}

// isTestInside: has() over an optional, as the branch that is taken or as an index, is an optional itself; alone it
// is a bool, and with that in its place the sides agree.
func isTestInside(c *comparer, d *Difference) bool {
	n := d.Node
	if n == nil || (n.Kind != Cond && n.Kind != Index && n.Kind != OptIndex) {
		return false
	}
	plain := n
	for i, kid := range n.Kids {
		if value, is := c.celGo.value(kid.String()).(types.Bool); is && kid.Kind == Call && kid.Text == "has" {
			plain = plain.with(i, mustLiteral(value))
		}
	}
	optional := strings.HasPrefix(string(d.Go), "O(") || strings.Contains(string(d.Go), "types.Optional")
	return plain != n && optional && c.celGo.answer(plain.String()) == d.Berm
}

// isMappedAddress: an IPv4 address in the hexadecimal form of IPv6 is one, but not in dots.
func isMappedAddress(c *comparer, d *Difference) bool {
	n := d.Node
	if n == nil || (n.Kind != Call && n.Kind != Member) || len(n.Kids) == 0 {
		return false
	}
	text, is := c.celGo.value(n.Kids[len(n.Kids)-1].String()).(types.String)
	host, _, _ := strings.Cut(string(text), "/")
	address, err := netip.ParseAddr(host)
	return is && err == nil && address.Is4In6() && !strings.Contains(host, ".") && !d.Berm.isError()
}

// isSearchBeyond: a position behind the end of the text is an error in Berm.
func isSearchBeyond(c *comparer, d *Difference) bool {
	n := d.Node
	if n == nil || n.Kind != Member || (n.Text != "indexOf" && n.Text != "lastIndexOf") || len(n.Kids) != 3 {
		return false
	}
	text, isText := c.celGo.value(n.Kids[0].String()).(types.String)
	at, isInt := c.celGo.value(n.Kids[2].String()).(types.Int)
	return isText && isInt && at > text.Size().(types.Int) && bermError(d, "INDEX_RANGE") && !d.Go.isError()
}

// isUncheckedOperand: without its checker cel-go does not look at operands that do not matter, takes
// functions for methods and methods for functions, and negates durations. Its checker refuses all of
// these, or the operand is an error by itself.
func isUncheckedOperand(c *comparer, d *Difference) bool {
	n := d.Node
	if n == nil || d.Go.isError() || !d.Berm.isError() {
		return false
	}
	if n.Kind == Index || n.Kind == OptIndex {
		optional, is := c.celGo.value(n.Kids[0].String()).(*types.Optional)
		return is && !optional.HasValue() && c.celGo.answer(n.Kids[1].String()).isError()
	}
	if c.celGo.checks(n.String()) && c.celGo.checks(c.withValues(n).String()) {
		return false
	}
	switch n.Kind {
	case Unary:
		_, is := c.celGo.value(n.Kids[0].String()).(types.Duration)
		return is && n.Text == "-" && bermError(d, "NO_OVERLOAD")
	case Binary:
		return d.Go == "F" && strings.Contains("< <= > >=", n.Text) && bermError(d, "NO_OVERLOAD") &&
			(c.isNaN(n.Kids[0]) || c.isNaN(n.Kids[1]))
	case Call:
		return (bermError(d, "NO_SUCH_FUNCTION") || bermError(d, "NO_OVERLOAD")) && len(n.Kids) > 0 &&
			c.celGo.answer(member(n.Kids[0], strings.TrimPrefix(n.Text, "."), n.Kids[1:]...).String()) == d.Go
	case Member:
		return isUncheckedMember(c, d)
	}
	return false
}

// withValues is a tree with literals for the operands, so that a check sees the types that dyn() and
// documents hide from it.
func (c *comparer) withValues(n *Node) *Node {
	changed := n
	for i, kid := range n.Kids {
		if value := c.celGo.value(kid.String()); value != nil {
			if literal, ok := valueLiteral(value); ok {
				changed = changed.with(i, literal)
			}
		}
	}
	return changed
}

func isUncheckedMember(c *comparer, d *Difference) bool {
	n := d.Node
	switch n.Text {
	case "or", "orValue", "optMap", "optFlatMap":
		return bermError(d, "NO_OVERLOAD") || bermError(d, "NOT_OPTIONAL")
	case "all", "exists", "exists_one", "existsOne", "map", "filter",
		"transformList", "transformMap", "transformMapEntry":
		text, is := c.celGo.value(n.Kids[0].String()).(types.String)
		return is && text == "" && bermError(d, "NOT_ITERABLE")
	}
	return (bermError(d, "NO_SUCH_FUNCTION") || bermError(d, "NO_OVERLOAD")) &&
		c.celGo.answer(call(n.Text, n.Kids...).String()) == d.Go
}

func (c *comparer) isNaN(n *Node) bool {
	value, is := c.celGo.value(n.String()).(types.Double)
	return is && math.IsNaN(float64(value))
}

// isRefusedEarly: cel-go refuses a call before anything runs, and so the whole expression; to Berm
// the call is an error where it is evaluated, and only there.
func isRefusedEarly(c *comparer, d *Difference) bool {
	early := strings.HasPrefix(string(d.Go), "!parse:") || strings.HasPrefix(string(d.Go), "!program:")
	if d.Node == nil || d.Berm.isError() || !early {
		return false
	}
	if d.Node.Kind == Index && d.Berm == "O()" {
		return strings.Contains(string(d.Go), "invalid qualifier type") // of what is absent anyway
	}
	return d.Node.any(func(n *Node) bool {
		if n == d.Node || (n.Kind != Member && n.Kind != Call && n.Kind != Index && n.Kind != OptIndex) {
			return false
		}
		refused := string(c.celGo.answer(n.String()))
		for _, reason := range earlyReasons(n) {
			if strings.Contains(refused, reason) && strings.Contains(string(d.Go), reason) {
				answers, err := c.berm.answers([]string{n.String()})
				return err == nil && answers[0].isError()
			}
		}
		return false
	})
}

// earlyReasons are what cel-go may say of a call, or of an index, that it refuses before anything runs.
func earlyReasons(n *Node) []string {
	if n.Kind == Index || n.Kind == OptIndex {
		return []string{"invalid qualifier type"}
	}
	name := strings.TrimPrefix(n.Text, ".")
	qualified := name
	if n.Kind == Member && n.Kids[0].Kind == Ident {
		qualified = strings.TrimPrefix(n.Kids[0].Text, ".") + "." + name
	}
	return []string{"no such overload: " + name, "no such overload: " + qualified + "(", name + "()",
		"sortBy can only be applied to", "math.greatest()", "math.least()"}
}

// isMacroArgument: cel-go takes .x for the variable of a macro, which nothing in it can name, and has()
// for a selection, and does not know math.greatest and math.least, which are macros, behind a dot.
func isMacroArgument(c *comparer, d *Difference) bool {
	n := d.Node
	if n != nil && n.Kind == Call && n.Text == "has" && len(n.Kids) == 1 {
		return n.Kids[0].Kind == Call && n.Kids[0].Text == "has" && strings.Contains(string(d.Berm), "has() expects a field")
	}
	if n == nil || n.Kind != Member {
		return false
	}
	if n.Kids[0].Kind == Ident && n.Kids[0].Text == ".math" {
		plain := n.with(0, ident("math"))
		return (n.Text == "greatest" || n.Text == "least") && c.celGo.answer(plain.String()) == d.Berm
	}
	return strings.Contains(string(d.Berm), "expects a simple name for its variable") &&
		n.any(func(at *Node) bool { return at.Kind == Ident && strings.HasPrefix(at.Text, ".") })
}

var patternName = regexp.MustCompile(`\\[pP](?:\{\^?([^}]*)\}|(.))`)

// isPatternName: a name of a class that RE2 does not have and Go has since 1.25.
func isPatternName(c *comparer, d *Difference) bool {
	n := d.Node
	if n == nil || n.Text != "matches" || len(n.Kids) < 2 || !bermError(d, "REGEX") || d.Go.isError() {
		return false
	}
	pattern, _ := c.celGo.value(n.Kids[1].String()).(types.String)
	for _, found := range patternName.FindAllStringSubmatch(string(pattern), -1) {
		name := found[1] + found[2]
		_, category := unicode.Categories[name]
		_, script := unicode.Scripts[name]
		if (!category && !script && name != "Any") || name == "LC" || name == "Cn" {
			return true
		}
	}
	return false
}

// isOptionalInside: an optional that a selection finds in a list or map is not looked through by the
// next one; bound to a variable it is.
func isOptionalInside(c *comparer, d *Difference) bool {
	n := d.Node
	if n == nil || !isSelection(n) || !isSelection(n.Kids[0]) || !strings.HasPrefix(string(d.Berm), "O(") {
		return false
	}
	_, is := c.celGo.value(n.Kids[0].String()).(*types.Optional)
	apart := member(ident("cel"), "bind", ident("apart"), n.Kids[0], n.with(0, ident("apart")))
	return is && d.Go.isError() && c.celGo.answer(apart.String()) == d.Berm
}

func isSelection(n *Node) bool {
	return n.Kind == Select || n.Kind == OptSelect || n.Kind == Index || n.Kind == OptIndex
}

// isFormattedBytes: cel-go puts bytes that are no UTF-8 into a string.
func isFormattedBytes(c *comparer, d *Difference) bool {
	text, is := c.celGo.value(d.Expr).(types.String)
	return is && d.Node.Kind == Member && d.Node.Text == "format" && !utf8.ValidString(string(text)) &&
		string(d.Berm) == "s"+quoteBytes(strings.ToValidUTF8(string(text), "\uFFFD"))
}
