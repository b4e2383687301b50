package main

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
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
	{"map order", func(c *comparer, d *Difference) bool { return d.GoVaries }},
	{"map keys", isMapKeys},
	{"getMilliseconds", isMilliseconds},
	{"search from beyond the end", isSearchBeyond},
	{"zones", isZone},
	{"unchecked operands", isUncheckedOperand},
	{"intermediate overflow", isIntermediateOverflow},
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

func isLimit(c *comparer, d *Difference) bool { return d.Berm.isLimit() }

func bermError(d *Difference, name string) bool {
	return strings.HasPrefix(string(d.Berm), "!"+name+":")
}

// isMapKeys: a map literal with a key that is no key, or with two equal ones.
func isMapKeys(c *comparer, d *Difference) bool {
	if d.Node == nil || d.Node.Kind != Map || d.Go.isError() {
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
	repeated, wrong := false, false
	for i, key := range keys {
		switch key.(type) {
		case types.Bool, types.Int, types.Uint, types.String:
		default:
			wrong = true
		}
		for _, other := range keys[:i] {
			repeated = repeated || key.Equal(other) == types.True
		}
	}
	return (repeated && bermError(d, "KEY_REPEATED")) || (wrong && bermError(d, "KEY_TYPE"))
}

// isMilliseconds: cel-go gives a duration's whole length, Berm the part below a second.
func isMilliseconds(c *comparer, d *Difference) bool {
	if d.Node == nil || d.Node.Kind != Member || d.Node.Text != "getMilliseconds" || len(d.Node.Kids) != 1 {
		return false
	}
	if _, is := c.celGo.value(d.Node.Kids[0].String()).(types.Duration); !is {
		return false
	}
	whole, err := strconv.ParseInt(strings.TrimPrefix(string(d.Go), "i"), 10, 64)
	return err == nil && string(d.Berm) == "i"+strconv.FormatInt(whole%1000, 10)
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

// isZone: an accessor with a name that Go takes for a zone and the grammar of zones does not have.
func isZone(c *comparer, d *Difference) bool {
	n := d.Node
	if n == nil || n.Kind != Member || !strings.HasPrefix(n.Text, "get") || len(n.Kids) != 2 {
		return false
	}
	name, is := c.celGo.value(n.Kids[1].String()).(types.String)
	return is && name == "" && bermError(d, "TIME_ZONE") && !d.Go.isError()
}

// isUncheckedOperand: cel-go's own checker refuses the expression for its types; without it,
// operands that do not matter are not looked at.
func isUncheckedOperand(c *comparer, d *Difference) bool {
	n := d.Node
	if n == nil || n.Kind != Member || d.Go.isError() || c.celGo.checks(n.String()) {
		return false
	}
	switch n.Text {
	case "or", "orValue", "optMap", "optFlatMap":
		return bermError(d, "NO_OVERLOAD") || bermError(d, "NOT_OPTIONAL")
	case "all", "exists", "exists_one", "existsOne", "map", "filter", "transformList", "transformMap", "transformMapEntry":
		text, is := c.celGo.value(n.Kids[0].String()).(types.String)
		return is && text == "" && bermError(d, "NOT_ITERABLE")
	}
	return false
}

// isIntermediateOverflow: cel-go negates the least duration before it adds it.
func isIntermediateOverflow(c *comparer, d *Difference) bool {
	n := d.Node
	if n == nil || n.Kind != Binary || n.Text != "-" {
		return false
	}
	by, is := c.celGo.value(n.Kids[1].String()).(types.Duration)
	return is && int64(by.Duration) == math.MinInt64 && strings.Contains(string(d.Go), "overflow") && !d.Berm.isError()
}

// isFormattedBytes: cel-go puts bytes that are no UTF-8 into a string.
func isFormattedBytes(c *comparer, d *Difference) bool {
	text, is := c.celGo.value(d.Expr).(types.String)
	return is && d.Node.Kind == Member && d.Node.Text == "format" && !utf8.ValidString(string(text)) &&
		string(d.Berm) == "s"+quoteBytes(strings.ToValidUTF8(string(text), "\uFFFD"))
}
