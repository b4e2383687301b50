package main

import (
	"strconv"
	"strings"
)

// Productions for texts, times and everything that holds other values.

func init() {
	productions[StringKind] = []production{
		func(g *generator, t *Type, d int) *Node { return binary("+", g.make(t, d), g.make(t, d)) },
		func(g *generator, t *Type, d int) *Node {
			return call("string", g.make(pick(g.r, []*Type{boolType, intType, uintType, doubleType, doubleType, t,
				bytesType, timeType, durationType, dynType, addressType, networkType}), d))
		},
		makeCut, makeCut, makeReplace, makeFormat, makeFormat,
		func(g *generator, t *Type, d int) *Node {
			return member(g.make(t, d), pick(g.r, []string{"lowerAscii", "upperAscii", "trim", "reverse"}))
		},
		func(g *generator, t *Type, d int) *Node { return member(ident("strings"), "quote", g.make(t, d)) },
		func(g *generator, t *Type, d int) *Node {
			if g.r.IntN(2) == 0 {
				return member(g.make(listOf(t), d), "join")
			}
			return member(g.make(listOf(t), d), "join", g.make(t, d))
		},
		func(g *generator, t *Type, d int) *Node {
			return member(ident("base64"), "encode", g.make(bytesType, d))
		},
	}
	productions[BytesKind] = []production{
		func(g *generator, t *Type, d int) *Node { return binary("+", g.make(t, d), g.make(t, d)) },
		func(g *generator, t *Type, d int) *Node { return call("bytes", g.make(g.either(stringType, t), d)) },
		func(g *generator, t *Type, d int) *Node {
			return member(ident("base64"), "decode", g.make(stringType, d))
		},
	}
	productions[TimeKind] = []production{
		func(g *generator, t *Type, d int) *Node {
			return call("timestamp", g.make(pick(g.r, []*Type{stringType, intType, t}), d))
		},
		func(g *generator, t *Type, d int) *Node {
			return binary(pick(g.r, []string{"+", "-"}), g.make(t, d), g.make(durationType, d))
		},
		func(g *generator, t *Type, d int) *Node { return binary("+", g.make(durationType, d), g.make(t, d)) },
	}
	productions[DurationKind] = []production{
		func(g *generator, t *Type, d int) *Node {
			return call("duration", g.make(pick(g.r, []*Type{stringType, intType, t}), d))
		},
		func(g *generator, t *Type, d int) *Node { return binary("-", g.make(timeType, d), g.make(timeType, d)) },
		func(g *generator, t *Type, d int) *Node {
			return binary(pick(g.r, []string{"+", "-"}), g.make(t, d), g.make(t, d))
		},
	}
	productions[AddressKind] = []production{
		func(g *generator, t *Type, d int) *Node { return call("ip", g.make(stringType, d)) },
		func(g *generator, t *Type, d int) *Node { return member(g.make(networkType, d), "ip") },
	}
	productions[NetworkKind] = []production{
		func(g *generator, t *Type, d int) *Node { return call("cidr", g.make(stringType, d)) },
		func(g *generator, t *Type, d int) *Node { return member(g.make(t, d), "masked") },
	}
	productions[TypeKind] = []production{
		func(g *generator, t *Type, d int) *Node { return call("type", g.make(randomType(g.r, 2), d)) },
	}
	productions[ListKind] = []production{
		(*generator).listLiteral, (*generator).listLiteral, makeMapped, makeMapped, makeFiltered, makeSliced,
		func(g *generator, t *Type, d int) *Node { return binary("+", g.make(t, d), g.make(t, d)) },
		func(g *generator, t *Type, d int) *Node {
			return member(g.make(t, d), pick(g.r, []string{"reverse", "distinct", "sort"}))
		},
		makeSortBy, makeFlat, makeSplit,
		func(g *generator, t *Type, d int) *Node {
			return member(ident("optional"), "unwrap", g.make(listOf(optionalOf(t.Element)), d))
		},
		func(g *generator, t *Type, d int) *Node {
			return member(g.make(listOf(optionalOf(t.Element)), d), "unwrapOpt")
		},
	}
	productions[MapKind] = []production{(*generator).mapLiteral, (*generator).mapLiteral, makeTransformedMap}
	productions[OptionalKind] = []production{
		func(g *generator, t *Type, d int) *Node {
			return member(ident("optional"), pick(g.r, []string{"of", "ofNonZeroValue"}), g.make(t.Element, d))
		},
		func(g *generator, t *Type, d int) *Node {
			return optSelect(g.make(mapType(stringType, t.Element), d), pick(g.r, []string{"a", "b", "name", "missing"}))
		},
		func(g *generator, t *Type, d int) *Node {
			return optIndex(g.make(listOf(t.Element), d), g.smallIndex(d))
		},
		func(g *generator, t *Type, d int) *Node {
			key := pick(g.r, keyTypes)
			return optIndex(g.make(mapType(key, t.Element), d), g.make(key, d))
		},
		func(g *generator, t *Type, d int) *Node { return member(g.make(t, d), "or", g.make(t, d)) },
		func(g *generator, t *Type, d int) *Node {
			return member(g.make(listOf(t.Element), d), pick(g.r, []string{"first", "last"}))
		},
		makeOptionalMacro, makeOptionalPath,
	}
}

func makeCut(g *generator, t *Type, d int) *Node {
	small := func() *Node {
		if g.r.IntN(4) == 0 {
			return g.make(intType, d)
		}
		return lit(strconv.Itoa(g.r.IntN(5)))
	}
	switch of := g.make(t, d); g.r.IntN(3) {
	case 0:
		return member(of, "charAt", small())
	case 1:
		return member(of, "substring", small())
	default:
		return member(of, "substring", small(), small())
	}
}

func makeReplace(g *generator, t *Type, d int) *Node {
	args := []*Node{g.make(t, d), g.make(t, d)}
	if g.r.IntN(2) == 0 {
		args = append(args, lit(strconv.Itoa(g.r.IntN(5)-1)))
	}
	return member(g.make(t, d), "replace", args...)
}

func makeFormat(g *generator, t *Type, d int) *Node {
	var text strings.Builder
	args := list()
	for range g.r.IntN(4) {
		text.WriteString(pick(g.r, []string{"", "a", " ", "é", "%%", ": "}))
		verb := pick(g.r, []string{"s", "s", "s", "d", "f", "e", "b", "x", "X", "o", "z", "5d"})
		if g.r.IntN(3) == 0 && (verb == "f" || verb == "e") {
			verb = "." + pick(g.r, []string{"", "0", "1", "2", "3", "5", "9", "17", "40", "400", "1000", "1001"}) + verb
		}
		text.WriteString("%" + verb)
		args.Kids = append(args.Kids, g.make(g.formatted(verb), d))
	}
	if len(args.Kids) > 0 && g.r.IntN(20) == 0 {
		args = args.without(0)
	}
	return member(stringLiteral(g.r, text.String()), "format", args)
}

// formatted is a type that goes well with a verb of format.
func (g *generator) formatted(verb string) *Type {
	switch verb[len(verb)-1] {
	case 'd', 'o':
		return pick(g.r, numberTypes)
	case 'f', 'e':
		return g.either(doubleType, pick(g.r, numberTypes))
	case 'b':
		return pick(g.r, []*Type{intType, uintType, boolType})
	case 'x', 'X':
		return pick(g.r, []*Type{intType, uintType, stringType, bytesType})
	}
	return randomType(g.r, 2)
}

func makeMapped(g *generator, t *Type, d int) *Node {
	count := 1 + g.r.IntN(2)
	of, vars := g.rangeOf(d, count)
	args := []*Node{}
	for _, v := range vars {
		args = append(args, ident(v.Name))
	}
	if g.r.IntN(2) == 0 {
		args = append(args, g.under(boolType, d, vars...))
	}
	args = append(args, g.under(t.Element, d, vars...))
	return member(of, map[int]string{1: "map", 2: "transformList"}[count], args...)
}

func makeFiltered(g *generator, t *Type, d int) *Node {
	v := Variable{Name: g.name(), Type: t.Element}
	return member(g.make(t, d), "filter", ident(v.Name), g.under(boolType, d, v))
}

func makeSliced(g *generator, t *Type, d int) *Node {
	from := g.r.IntN(4) - g.r.IntN(2)
	return member(g.make(t, d), "slice", lit(strconv.Itoa(from)), lit(strconv.Itoa(from+g.r.IntN(4)-g.r.IntN(2))))
}

func makeSortBy(g *generator, t *Type, d int) *Node {
	v := Variable{Name: g.name(), Type: t.Element}
	return member(g.make(t, d), "sortBy", ident(v.Name), g.under(pick(g.r, orderedTypes), d, v))
}

func makeFlat(g *generator, t *Type, d int) *Node {
	if t.Element.Kind == IntKind && g.r.IntN(2) == 0 {
		return member(ident("lists"), "range", lit(strconv.Itoa(pick(g.r, []int{-1, 0, 1, 2, 3, 5, 8, 17, 40}))))
	}
	of := g.make(listOf(g.either(t, t.Element)), d)
	if g.r.IntN(2) == 0 {
		return member(of, "flatten")
	}
	return member(of, "flatten", lit(strconv.Itoa(g.r.IntN(4)-1)))
}

func makeSplit(g *generator, t *Type, d int) *Node {
	args := []*Node{g.make(stringType, d)}
	if g.r.IntN(2) == 0 {
		args = append(args, lit(strconv.Itoa(g.r.IntN(5)-1)))
	}
	return member(g.make(stringType, d), "split", args...)
}

func makeTransformedMap(g *generator, t *Type, d int) *Node {
	of, vars := g.rangeOf(d, 2)
	args := []*Node{ident(vars[0].Name), ident(vars[1].Name)}
	if g.r.IntN(2) == 0 {
		args = append(args, g.under(boolType, d, vars...))
	}
	if g.r.IntN(2) == 0 {
		return member(of, "transformMap", append(args, g.under(t.Element, d, vars...))...)
	}
	entry := mapOf(g.under(t.Key, d, vars...), g.under(t.Element, d, vars...))
	if g.r.IntN(10) == 0 {
		entry = g.under(t, d, vars...)
	}
	return member(of, "transformMapEntry", append(args, entry)...)
}

func makeOptionalMacro(g *generator, t *Type, d int) *Node {
	v := Variable{Name: g.name(), Type: randomType(g.r, 1)}
	of := g.make(optionalOf(v.Type), d)
	if g.r.IntN(2) == 0 {
		return member(of, "optMap", ident(v.Name), g.under(t.Element, d, v))
	}
	return member(of, "optFlatMap", ident(v.Name), g.under(t, d, v))
}

// makeOptionalPath is a chain of selections into the document after a first optional one.
func makeOptionalPath(g *generator, t *Type, d int) *Node {
	made := optSelect(ident("object"), pick(g.r, []string{"a", "spec", "items", "missing"}))
	for range g.r.IntN(3) {
		switch g.r.IntN(4) {
		case 0:
			made = selectField(made, pick(g.r, []string{"a", "b", "name"}))
		case 1:
			made = optSelect(made, pick(g.r, []string{"a", "b", "name"}))
		case 2:
			made = index(made, g.smallIndex(0))
		default:
			made = optIndex(made, g.leaf(pick(g.r, keyTypes)))
		}
	}
	return made
}
