package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// Literals in all the ways in which they can be written.

func intLiteral(r *rand.Rand, i int64) *Node {
	if r.IntN(8) == 0 && i != math.MinInt64 {
		sign := ""
		if i < 0 {
			sign, i = "-", -i
		}
		return lit(sign + "0x" + pick(r, []string{"", "0"}) + strconv.FormatInt(i, 16))
	}
	return lit(strconv.FormatInt(i, 10))
}

func uintLiteral(r *rand.Rand, u uint64) *Node {
	if r.IntN(8) == 0 {
		return lit("0x" + strings.ToUpper(strconv.FormatUint(u, 16)) + "u")
	}
	return lit(strconv.FormatUint(u, 10) + pick(r, []string{"u", "u", "U"}))
}

func doubleLiteral(r *rand.Rand, d float64) *Node {
	switch {
	case math.IsNaN(d):
		return binary("/", lit("0.0"), lit("0.0"))
	case math.IsInf(d, 1):
		return binary("/", lit("1.0"), lit("0.0"))
	case math.IsInf(d, -1):
		return call("double", lit("'-Infinity'"))
	}
	switch r.IntN(6) {
	case 0:
		return lit(strconv.FormatFloat(d, 'e', -1, 64))
	case 1:
		return lit(strconv.FormatFloat(d, 'E', 16, 64)) // digits that do not matter
	case 2:
		if text := floatText(d); strings.HasPrefix(text, "0.") {
			return lit(text[1:])
		}
	}
	return lit(floatText(d))
}

// writeRune writes one code point of a string literal: as it is, or as one of its escapes.
func writeRune(out *strings.Builder, r *rand.Rand, c rune, quote string) {
	special := map[rune]string{'\a': `\a`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`, '\v': `\v`,
		'\\': `\\`, '"': `\"`, '\'': `\'`, '`': "\\`", '?': `\?`}
	short, has := special[c]
	plain := c != '\\' && c != '\r' && c != rune(quote[0]) && (c != '\n' || len(quote) == 3) && c != 0
	switch choice := r.IntN(12); {
	case plain && (choice > 3 || (choice > 1 && !has)):
		out.WriteRune(c)
	case has && choice != 0:
		out.WriteString(short)
	case c < 0x100 && r.IntN(3) == 0:
		fmt.Fprintf(out, pick(r, []string{`\x%02x`, `\X%02X`, `\%03o`}), c)
	case c < 0x10000 && r.IntN(2) == 0:
		fmt.Fprintf(out, `\u%04x`, c)
	default:
		fmt.Fprintf(out, `\U%08X`, c)
	}
}

func stringLiteral(r *rand.Rand, text string) *Node {
	quote := pick(r, []string{"'", "'", `"`, `"`, "'''", `"""`})
	if r.IntN(6) == 0 && !strings.ContainsAny(text, "'\"\r\n\x00") && !strings.HasSuffix(text, `\`) {
		return lit(pick(r, []string{"r", "R"}) + quote + text + quote)
	}
	var out strings.Builder
	for _, c := range text {
		writeRune(&out, r, c, quote)
	}
	return lit(quote + out.String() + quote)
}

func bytesLiteral(r *rand.Rand, data []byte) *Node {
	quote := pick(r, []string{"'", `"`, "'''"})
	var out strings.Builder
	for i := 0; i < len(data); {
		c, size := utf8.DecodeRune(data[i:])
		printable := c != utf8.RuneError && c >= 0x20 && c != '\\' && c != '"' && c != '\'' && c != 0x7f
		if printable && r.IntN(4) > 0 {
			out.WriteRune(c)
			i += size
			continue
		}
		fmt.Fprintf(&out, pick(r, []string{`\x%02x`, `\X%02X`, `\%03o`}), data[i])
		i++
	}
	return lit(pick(r, []string{"b", "B"}) + quote + out.String() + quote)
}

// plainString is a string literal with no escape that it can do without.
func plainString(text string) string {
	var out strings.Builder
	for _, c := range text {
		switch {
		case c == '\'' || c == '\\':
			out.WriteString(`\` + string(c))
		case c == '\n':
			out.WriteString(`\n`)
		case c < 0x20 || c == 0x7f || (c >= 0x80 && !strconv.IsPrint(c)):
			fmt.Fprintf(&out, `\U%08x`, c)
		default:
			out.WriteRune(c)
		}
	}
	return "'" + out.String() + "'"
}

// valueLiteral is a value as an expression, for one that has to stand by itself.
func valueLiteral(value ref.Val) (*Node, bool) {
	switch v := value.(type) {
	case types.Null:
		return lit("null"), true
	case types.Bool:
		return lit(strconv.FormatBool(bool(v))), true
	case types.Int:
		return lit(strconv.FormatInt(int64(v), 10)), true
	case types.Uint:
		return lit(strconv.FormatUint(uint64(v), 10) + "u"), true
	case types.Double:
		if d := float64(v); !math.IsNaN(d) && !math.IsInf(d, 0) {
			return lit(floatText(d)), true
		}
		return call("double", lit("'"+doubleText(float64(v))+"'")), true
	case types.String:
		return lit(plainString(string(v))), true
	case types.Bytes:
		return lit(fmt.Sprintf("b'%s'", hexEscapes(v))), true
	case types.Timestamp:
		return call("timestamp", lit("'"+v.Time.UTC().Format(time.RFC3339Nano)+"'")), true
	case types.Duration:
		return call("duration", lit("'"+v.Duration.String()+"'")), true
	case *types.Optional:
		if !v.HasValue() {
			return member(ident("optional"), "none"), true
		}
		return member(ident("optional"), "of", mustLiteral(v.GetValue())), true
	case ref.Type:
		return ident(v.TypeName()), true
	case traits.Mapper:
		made := mapOf()
		for _, key := range sortedKeys(v) {
			made.Kids = append(made.Kids, mustLiteral(key), mustLiteral(v.Get(key)))
		}
		return made, true
	case traits.Lister:
		made := list()
		for it := v.Iterator(); it.HasNext() == types.True; {
			made.Kids = append(made.Kids, mustLiteral(it.Next()))
		}
		return made, true
	}
	return addressLiteral(value)
}

// addressLiteral is a value of the network library.
func addressLiteral(value ref.Val) (*Node, bool) {
	text, is := value.ConvertToType(types.StringType).(types.String)
	name := map[string]string{"net.IP": "ip", "net.CIDR": "cidr"}[value.Type().TypeName()]
	if !is || name == "" {
		return nil, false
	}
	return call(name, lit(plainString(string(text)))), true
}

func mustLiteral(value ref.Val) *Node {
	if made, ok := valueLiteral(value); ok {
		return made
	}
	return lit("null")
}

func hexEscapes(data []byte) string {
	var out strings.Builder
	for _, c := range data {
		fmt.Fprintf(&out, `\x%02x`, c)
	}
	return out.String()
}
