package main

import (
	"math/rand/v2"
	"strconv"
)

// generator makes random expressions, typed most of the time, for one environment.
type generator struct {
	r     *rand.Rand
	env   *Environment
	local []Variable // of the macros around; values unset
	fresh int
}

// A production makes an expression of the type it stands under; d is how deep it may nest.
type production func(g *generator, t *Type, d int) *Node

var productions = map[Sort][]production{}

// byAny are productions for every type: ways through which a value of any type can come.
var byAny []production

func init() {
	byAny = []production{
		func(g *generator, t *Type, d int) *Node {
			return cond(g.make(boolType, d), g.make(t, d), g.make(t, d))
		},
		func(g *generator, t *Type, d int) *Node { return index(g.make(listOf(t), d), g.smallIndex(d)) },
		func(g *generator, t *Type, d int) *Node {
			key := pick(g.r, keyTypes)
			return index(g.make(mapType(key, t), d), g.make(g.either(key, pick(g.r, numberTypes)), d))
		},
		func(g *generator, t *Type, d int) *Node {
			name := pick(g.r, []string{"a", "b", "name"})
			return selectField(mapOf(g.key(name), g.make(t, d)), name)
		},
		func(g *generator, t *Type, d int) *Node { return member(g.make(optionalOf(t), d), "value") },
		func(g *generator, t *Type, d int) *Node {
			return member(g.make(optionalOf(t), d), "orValue", g.make(t, d))
		},
		func(g *generator, t *Type, d int) *Node { return call("dyn", g.make(t, d)) },
		func(g *generator, t *Type, d int) *Node {
			name, of := g.name(), randomType(g.r, 1)
			init := g.make(of, d)
			return member(ident("cel"), "bind", ident(name), init, g.under(t, d, Variable{Name: name, Type: of}))
		},
	}
}

// make is a random expression, mostly of type t.
func (g *generator) make(t *Type, d int) *Node {
	if g.r.IntN(60) == 0 {
		t = randomType(g.r, 1) // anything, where something else is expected
	}
	if d <= 0 || g.r.IntN(5) == 0 {
		return g.leaf(t)
	}
	if t.Kind == DynKind {
		return g.make(randomType(g.r, 1), d)
	}
	d -= 1 + g.r.IntN(2)
	own := productions[t.Kind]
	if len(own) == 0 || g.r.IntN(6) == 0 {
		return pick(g.r, byAny)(g, t, d)
	}
	return pick(g.r, own)(g, t, d)
}

// under makes an expression in which a few more variables are seen.
func (g *generator) under(t *Type, d int, vars ...Variable) *Node {
	g.local = append(g.local, vars...)
	made := g.make(t, d)
	g.local = g.local[:len(g.local)-len(vars)]
	return made
}

// name is a variable for a macro: a new one, or one that hides another.
func (g *generator) name() string {
	if g.r.IntN(8) == 0 {
		return pick(g.r, []string{"x", "s", "l", "object", "e", "math", "int"})
	}
	g.fresh++
	return "v" + strconv.Itoa(g.fresh)
}

func (g *generator) variable(t *Type) *Node {
	var fitting []string
	for i := len(g.local) - 1; i >= 0; i-- {
		if g.local[i].Type.fits(t) {
			fitting = append(fitting, g.local[i].Name)
		}
	}
	if len(fitting) > 0 && g.r.IntN(4) > 0 {
		return ident(pick(g.r, fitting))
	}
	for _, v := range g.env.Names {
		if v.Type.fits(t) {
			fitting = append(fitting, v.Name)
		}
	}
	if len(fitting) == 0 {
		return nil
	}
	name := pick(g.r, fitting)
	if g.r.IntN(40) == 0 {
		name = "." + name
	}
	return ident(name)
}

func (g *generator) leaf(t *Type) *Node {
	switch g.r.IntN(8) {
	case 0, 1, 2:
		if found := g.variable(t); found != nil {
			return found
		}
	case 3:
		if found := g.path(t); found != nil {
			return found
		}
	}
	return g.literal(t)
}

// path is a way into the document, to something of type t if there is any.
func (g *generator) path(t *Type) *Node {
	var found *Node
	at, value := ident("object"), g.env.Document
	for range 5 {
		if documentType(value).fits(t) {
			found = at
			if g.r.IntN(2) == 0 {
				break
			}
		}
		var next *Node
		if next, value = g.step(at, value); next == nil {
			break
		}
		at = next
	}
	return found
}

func (g *generator) step(at *Node, value any) (*Node, any) {
	switch v := value.(type) {
	case []any:
		if len(v) > 0 {
			i := g.r.IntN(len(v))
			return index(at, lit(strconv.Itoa(i))), v[i]
		}
	case Members:
		if len(v) > 0 {
			m := pick(g.r, v)
			if isName(m.Name) && g.r.IntN(3) > 0 {
				return selectField(at, m.Name), m.Value
			}
			return index(at, stringLiteral(g.r, m.Name)), m.Value
		}
	}
	return nil, nil
}

// isName says whether a field of this name can be selected with a point.
func isName(name string) bool {
	for i, c := range name {
		letter := (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != "" && name != "in" && name != "true" && name != "false" && name != "null"
}

func documentType(value any) *Type {
	switch value.(type) {
	case nil:
		return nullType
	case bool:
		return boolType
	case int64:
		return intType
	case uint64:
		return uintType
	case float64:
		return doubleType
	case string:
		return stringType
	case []any:
		return listOf(dynType)
	}
	return mapType(stringType, dynType)
}

func (g *generator) literal(t *Type) *Node {
	r := g.r
	switch t.Kind {
	case BoolKind:
		return lit(strconv.FormatBool(r.IntN(2) == 0))
	case IntKind:
		return intLiteral(r, randomInt(r))
	case UintKind:
		return uintLiteral(r, randomUint(r))
	case DoubleKind:
		return doubleLiteral(r, randomDouble(r))
	case StringKind:
		return stringLiteral(r, randomText(r))
	case BytesKind:
		return bytesLiteral(r, randomBytes(r))
	case TimeKind:
		return call("timestamp", stringLiteral(r, randomTimeText(r)))
	case DurationKind:
		return call("duration", stringLiteral(r, randomDurationText(r)))
	case TypeKind:
		return g.typeName()
	case ListKind:
		return g.listLiteral(t, 0)
	case MapKind:
		return g.mapLiteral(t, 0)
	case AddressKind:
		return call("ip", stringLiteral(r, randomAddressText(r)))
	case NetworkKind:
		return call("cidr", stringLiteral(r, randomNetworkText(r)))
	case OptionalKind:
		if r.IntN(3) == 0 {
			return member(ident("optional"), "none")
		}
		return member(ident("optional"), "of", g.literal(t.Element))
	case DynKind:
		return g.literal(pick(r, scalarTypes))
	}
	return lit("null")
}

func (g *generator) typeName() *Node {
	switch g.r.IntN(14) {
	case 0:
		return selectField(selectField(ident("google"), "protobuf"), pick(g.r, []string{"Timestamp",
			"Duration"}))
	case 1:
		return ident("optional_type")
	}
	return ident(pick(g.r, []string{"int", "uint", "double", "string", "bytes", "bool", "list", "map",
		"null_type", "type"}))
}

func (g *generator) key(name string) *Node { return stringLiteral(g.r, name) }

func (g *generator) smallIndex(d int) *Node {
	switch g.r.IntN(12) {
	case 0:
		return g.make(intType, d)
	case 1:
		return lit(pick(g.r, []string{"-1", "0u", "1.0", "0.5", "1u", "dyn(1.0)", "2", "3"}))
	}
	return lit(strconv.Itoa(g.r.IntN(2)))
}

func (g *generator) listLiteral(t *Type, d int) *Node {
	made := list()
	optional := g.r.IntN(8) == 0
	for range g.r.IntN(4) {
		marked := optional && g.r.IntN(2) == 0
		of := t.Element
		if marked {
			of = optionalOf(of)
		}
		made.Kids = append(made.Kids, g.make(of, d))
		made.Optional = append(made.Optional, marked)
	}
	return made
}

func (g *generator) mapLiteral(t *Type, d int) *Node {
	made := mapOf()
	optional := g.r.IntN(8) == 0
	for i := range g.r.IntN(4) {
		marked := optional && g.r.IntN(2) == 0
		of := t.Element
		if marked {
			of = optionalOf(of)
		}
		key := g.make(t.Key, d-1)
		if g.r.IntN(8) > 0 { // keys that are told apart
			switch t.Key.Kind {
			case BoolKind:
				if i > 1 {
					return made
				}
				key = lit(strconv.FormatBool(i == 0))
			case IntKind:
				key = lit(strconv.Itoa(i))
			case UintKind:
				key = lit(strconv.Itoa(i) + "u")
			case StringKind:
				key = stringLiteral(g.r, []string{"a", "b", "name", "é"}[i])
			}
		}
		made.Kids = append(made.Kids, key, g.make(of, d))
		made.Optional = append(made.Optional, marked)
	}
	return made
}
