package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"sort"
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// Environment is what expressions see: `object`, a document, and variables of known types.
type Environment struct {
	Document any // nil, bool, int64, uint64, float64, string, []any, Members
	Names    []Variable
}

// Members are a document's object, in order.
type Members []Field

// Field is one member.
type Field struct {
	Name  string
	Value any
}

// Variable is a name with its value.
type Variable struct {
	Name  string
	Type  *Type
	Value ref.Val
}

// line is the environment as berm_side.c wants it.
func (e *Environment) line() []byte {
	names := map[string]any{}
	for _, v := range e.Names {
		names[v.Name] = typedJSON(v.Value)
	}
	encoded, err := json.Marshal(names)
	if err != nil {
		panic(err) // texts and maps can be encoded
	}
	return []byte(`{"object":` + documentJSON(e.Document) + `,"names":` + string(encoded) + `}`)
}

func (e *Environment) activation() map[string]any {
	seen := map[string]any{"object": native(e.Document)}
	for _, v := range e.Names {
		seen[v.Name] = v.Value
	}
	return seen
}

// typedJSON is a value as the conformance cases write it (typed_values.h).
func typedJSON(value ref.Val) any {
	one := func(key string, of any) map[string]any { return map[string]any{key: of} }
	switch v := value.(type) {
	case types.Null:
		return one("null", nil)
	case types.Bool:
		return one("bool", bool(v))
	case types.Int:
		return one("int", strconv.FormatInt(int64(v), 10))
	case types.Uint:
		return one("uint", strconv.FormatUint(uint64(v), 10))
	case types.Double:
		return one("double", doubleText(float64(v)))
	case types.String:
		return one("string", string(v))
	case types.Bytes:
		return one("bytes", hex.EncodeToString(v))
	case types.Timestamp:
		return one("timestamp", v.Time.UTC().Format(time.RFC3339Nano))
	case types.Duration:
		return one("duration", v.Duration.String())
	case ref.Type:
		return one("type", v.TypeName())
	case traits.Mapper:
		members := []any{}
		for _, key := range sortedKeys(v) {
			members = append(members, []any{typedJSON(key), typedJSON(v.Get(key))})
		}
		return one("map", members)
	case traits.Lister:
		items := []any{}
		for it := v.Iterator(); it.HasNext() == types.True; {
			items = append(items, typedJSON(it.Next()))
		}
		return one("list", items)
	}
	panic(fmt.Sprintf("a variable cannot be a %T", value))
}

// sortedKeys puts a map's keys in an order of their own: Go's changes from run to run.
func sortedKeys(m traits.Mapper) []ref.Val {
	var keys []ref.Val
	for it := m.Iterator(); it.HasNext() == types.True; {
		keys = append(keys, it.Next())
	}
	sort.Slice(keys, func(i, j int) bool { return canonical(keys[i]) < canonical(keys[j]) })
	return keys
}

func doubleText(d float64) string {
	switch {
	case math.IsNaN(d):
		return "NaN"
	case math.IsInf(d, 1):
		return "Infinity"
	case math.IsInf(d, -1):
		return "-Infinity"
	}
	return floatText(d)
}

// floatText is a finite double with a point or an exponent, so that nobody takes it for an integer.
func floatText(d float64) string {
	text := strconv.FormatFloat(d, 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}

func jsonText(text string) string {
	encoded, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(encoded)
}

// documentJSON writes a document with numbers as they are: a double stays one.
func documentJSON(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case float64:
		return floatText(v)
	case string:
		return jsonText(v)
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = documentJSON(item)
		}
		return "[" + strings.Join(parts, ",") + "]"
	case Members:
		parts := make([]string, len(v))
		for i, m := range v {
			parts[i] = jsonText(m.Name) + ":" + documentJSON(m.Value)
		}
		return "{" + strings.Join(parts, ",") + "}"
	}
	return fmt.Sprint(value)
}

// native is a document as cel-go takes it.
func native(value any) any {
	switch v := value.(type) {
	case nil:
		return types.NullValue
	case []any:
		items := make([]any, len(v))
		for i, item := range v {
			items[i] = native(item)
		}
		return items
	case Members:
		members := make(map[string]any, len(v))
		for _, m := range v {
			members[m.Name] = native(m.Value)
		}
		return members
	}
	return value
}

// --- documents ---

var fieldNames = []string{"a", "b", "name", "spec", "items", "labels", "size", "on", "in", "x-y", "naïve", "",
	"if", "package", "null", "int"}

func randomLeaf(r *rand.Rand) any {
	switch r.IntN(8) {
	case 0:
		return nil
	case 1:
		return r.IntN(2) == 0
	case 2:
		return randomUint(r)
	case 3:
		d := randomDouble(r)
		if math.IsNaN(d) || math.IsInf(d, 0) {
			return 0.5
		}
		return d
	case 4, 5:
		return randomText(r)
	}
	return randomInt(r)
}

func randomDocument(r *rand.Rand, depth int) any {
	kind := r.IntN(10)
	if depth == 0 || kind < 4 {
		leaf := randomLeaf(r)
		if u, is := leaf.(uint64); is && u <= math.MaxInt64 {
			return int64(u) // JSON has no unsigned numbers; what fits is an int
		}
		return leaf
	}
	if kind < 6 {
		items := make([]any, r.IntN(5))
		for i := range items {
			items[i] = randomDocument(r, depth-1)
		}
		return items
	}
	return randomMembers(r, depth)
}

func randomMembers(r *rand.Rand, depth int) Members {
	count := r.IntN(6)
	if r.IntN(20) == 0 {
		count = len(fieldNames) + 20 // maps this large are searched in another way
	}
	members := Members{}
	for i := range count {
		name := fieldNames[r.IntN(len(fieldNames))]
		if count > len(fieldNames) {
			name = "k" + strconv.Itoa(i)
		}
		if members.find(name) == nil {
			members = append(members, Field{name, randomDocument(r, depth-1)})
		}
	}
	return members
}

func (m Members) find(name string) *Field {
	for i := range m {
		if m[i].Name == name {
			return &m[i]
		}
	}
	return nil
}

// --- variables ---

// environmentNames are the variables of every environment; their values change.
var environmentNames = []Variable{
	{Name: "x", Type: intType}, {Name: "y", Type: intType}, {Name: "u", Type: uintType},
	{Name: "d", Type: doubleType}, {Name: "s", Type: stringType}, {Name: "t", Type: stringType},
	{Name: "bs", Type: bytesType}, {Name: "b", Type: boolType}, {Name: "ts", Type: timeType},
	{Name: "tt", Type: timeType}, {Name: "dur", Type: durationType}, {Name: "nil", Type: nullType},
	{Name: "ty", Type: typeType}, {Name: "l", Type: listOf(dynType)}, {Name: "li", Type: listOf(intType)},
	{Name: "ls", Type: listOf(stringType)}, {Name: "ld", Type: listOf(doubleType)},
	{Name: "ll", Type: listOf(listOf(intType))}, {Name: "m", Type: mapType(stringType, intType)},
	{Name: "mi", Type: mapType(intType, stringType)}, {Name: "mm", Type: mapType(dynType, dynType)},
}

func randomEnvironment(r *rand.Rand) *Environment {
	e := &Environment{Document: randomMembers(r, 4)}
	for _, v := range environmentNames {
		v.Value = randomValue(r, v.Type, 3)
		e.Names = append(e.Names, v)
	}
	return e
}

var scalarTypes = []*Type{boolType, intType, uintType, doubleType, stringType, bytesType,
	timeType, durationType, nullType}

func randomValue(r *rand.Rand, of *Type, depth int) ref.Val {
	switch of.Kind {
	case BoolKind:
		return types.Bool(r.IntN(2) == 0)
	case IntKind:
		return types.Int(randomInt(r))
	case UintKind:
		return types.Uint(randomUint(r))
	case DoubleKind:
		return types.Double(randomDouble(r))
	case StringKind:
		return types.String(randomText(r))
	case BytesKind:
		return types.Bytes(randomBytes(r))
	case TimeKind:
		return types.Timestamp{Time: randomTime(r)}
	case DurationKind:
		return types.Duration{Duration: randomDuration(r)}
	case TypeKind:
		return types.DefaultTypeAdapter.NativeToValue(randomNativeType(r))
	case ListKind:
		return randomListValue(r, of, depth)
	case MapKind:
		return randomMapValue(r, of, depth)
	case DynKind:
		if depth > 0 && r.IntN(4) == 0 {
			return randomValue(r, listOf(dynType), depth-1)
		}
		return randomValue(r, scalarTypes[r.IntN(len(scalarTypes))], depth)
	}
	return types.NullValue
}

func randomListValue(r *rand.Rand, of *Type, depth int) ref.Val {
	items := make([]ref.Val, r.IntN(5))
	for i := range items {
		items[i] = randomValue(r, of.Element, depth-1)
	}
	return types.DefaultTypeAdapter.NativeToValue(items)
}

var keyTypes = []*Type{stringType, stringType, intType, uintType, boolType}

func randomMapValue(r *rand.Rand, of *Type, depth int) ref.Val {
	members := map[ref.Val]ref.Val{}
	count := r.IntN(5)
	if r.IntN(20) == 0 {
		count = 30
	}
	for range count {
		key := of.Key
		if key.Kind == DynKind {
			key = pick(r, keyTypes)
		}
		added, repeated := randomValue(r, key, 0), false
		for old := range members {
			repeated = repeated || old.Equal(added) == types.True
		}
		if !repeated {
			members[added] = randomValue(r, of.Element, depth-1)
		}
	}
	return types.DefaultTypeAdapter.NativeToValue(members)
}

func randomNativeType(r *rand.Rand) ref.Val {
	all := []ref.Val{types.IntType, types.UintType, types.StringType, types.BoolType, types.DoubleType,
		types.ListType, types.MapType, types.BytesType, types.NullType, types.TypeType,
		types.TimestampType, types.DurationType}
	return all[r.IntN(len(all))]
}
