package main

import (
	"encoding/hex"
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// An Answer is what an expression comes to, as one line: the canonical text of a value (see
// berm_side.c), "!..." for an error, "#..." for a limit of the implementation's own.
type Answer string

func (a Answer) isError() bool { return strings.HasPrefix(string(a), "!") }
func (a Answer) isLimit() bool { return strings.HasPrefix(string(a), "#") }

// agree says whether two answers are the same: one value of one type, or two errors of any text.
func agree(a, b Answer) bool { return a == b || (a.isError() && b.isError()) }

func canonical(value ref.Val) Answer {
	var out strings.Builder
	writeCanonical(&out, value)
	return Answer(out.String())
}

func quoteBytes(text string) string {
	var out strings.Builder
	out.WriteByte('"')
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c >= 0x20 && c < 0x7f && c != '"' && c != '\\' {
			out.WriteByte(c)
		} else {
			fmt.Fprintf(&out, "\\x%02x", c)
		}
	}
	out.WriteByte('"')
	return out.String()
}

func canonicalDouble(d float64) string {
	if math.IsNaN(d) {
		return "dNaN"
	}
	return fmt.Sprintf("d%016x", math.Float64bits(d))
}

func canonicalTime(t time.Time) string { return fmt.Sprintf("t%d.%09d", t.Unix(), t.Nanosecond()) }

func writeCanonical(out *strings.Builder, value ref.Val) {
	switch v := value.(type) {
	case types.Null:
		out.WriteByte('n')
	case types.Bool:
		out.WriteString(map[bool]string{true: "T", false: "F"}[bool(v)])
	case types.Int:
		out.WriteString("i" + strconv.FormatInt(int64(v), 10))
	case types.Uint:
		out.WriteString("u" + strconv.FormatUint(uint64(v), 10))
	case types.Double:
		out.WriteString(canonicalDouble(float64(v)))
	case types.String:
		out.WriteString("s" + quoteBytes(string(v)))
	case types.Bytes:
		out.WriteString(`b"` + hex.EncodeToString(v) + `"`)
	case types.Timestamp:
		out.WriteString(canonicalTime(v.Time))
	case types.Duration:
		out.WriteString("D" + strconv.FormatInt(int64(v.Duration), 10))
	case *types.Optional:
		out.WriteString("O(")
		if v.HasValue() {
			writeCanonical(out, v.GetValue())
		}
		out.WriteByte(')')
	case ref.Type:
		out.WriteString("y" + quoteBytes(v.TypeName()))
	case *types.Err:
		out.WriteString("!" + strings.ReplaceAll(v.String(), "\n", " "))
	case traits.Mapper:
		writeCanonicalMap(out, v)
	case traits.Lister:
		writeCanonicalList(out, v)
	default:
		text, isText := value.ConvertToType(types.StringType).(types.String)
		name := strings.ToLower(strings.TrimPrefix(value.Type().TypeName(), "net."))
		if !isText {
			fmt.Fprintf(out, "?%T", value)
			return
		}
		out.WriteString("x" + quoteBytes(name+`("`+string(text)+`")`))
	}
}

func writeCanonicalList(out *strings.Builder, list traits.Lister) {
	out.WriteByte('[')
	first := true
	for it := list.Iterator(); it.HasNext() == types.True; first = false {
		if !first {
			out.WriteByte(',')
		}
		writeCanonical(out, it.Next())
	}
	out.WriteByte(']')
}

func writeCanonicalMap(out *strings.Builder, m traits.Mapper) {
	var members []string
	for it := m.Iterator(); it.HasNext() == types.True; {
		key := it.Next()
		value := m.Get(key)
		members = append(members, string(canonical(key)+":"+canonical(value)))
	}
	sort.Strings(members)
	out.WriteString("{" + strings.Join(members, ",") + "}")
}
