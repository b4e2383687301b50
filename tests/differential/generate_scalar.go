package main

import "strconv"

// Productions for bools and numbers.

func init() {
	productions[BoolKind] = []production{
		func(g *generator, t *Type, d int) *Node { return binary("&&", g.make(t, d), g.make(t, d)) },
		func(g *generator, t *Type, d int) *Node { return binary("||", g.make(t, d), g.make(t, d)) },
		func(g *generator, t *Type, d int) *Node { return unary("!", g.make(t, d)) },
		makeEquality, makeEquality, makeOrder, makeOrder, makeMembership, makeTextTest, makeMatch,
		makeQuantifier, makeQuantifier, makeChain, makeHas, makeSets, makeFloatTest, makeNetworkTest,
		func(g *generator, t *Type, d int) *Node {
			return member(g.make(optionalOf(randomType(g.r, 1)), d), "hasValue")
		},
		func(g *generator, t *Type, d int) *Node { return call("bool", g.make(g.either(stringType, t), d)) },
	}
	productions[IntKind] = append([]production{
		makeArithmetic, makeArithmetic, makeNegation, makeSize, makeTimeField, makeTimeField, makePosition,
		func(g *generator, t *Type, d int) *Node {
			if g.r.IntN(2) == 0 {
				return member(g.make(addressType, d), "family")
			}
			return member(g.make(networkType, d), "prefixLength")
		},
		func(g *generator, t *Type, d int) *Node { return call("int", g.convertible(d)) },
	}, numberProductions...)
	productions[UintKind] = append([]production{
		makeArithmetic, makeArithmetic,
		func(g *generator, t *Type, d int) *Node { return call("uint", g.convertible(d)) },
	}, numberProductions...)
	productions[DoubleKind] = append([]production{
		makeArithmetic, makeArithmetic, makeNegation,
		func(g *generator, t *Type, d int) *Node { return call("double", g.convertible(d)) },
		func(g *generator, t *Type, d int) *Node {
			name := pick(g.r, []string{"ceil", "floor", "round", "trunc"})
			return member(ident("math"), name, g.make(t, d))
		},
		func(g *generator, t *Type, d int) *Node {
			return member(ident("math"), "sqrt", g.make(pick(g.r, numberTypes), d))
		},
	}, numberProductions...)
}

var numberProductions = []production{
	func(g *generator, t *Type, d int) *Node {
		return member(ident("math"), pick(g.r, []string{"abs", "sign"}), g.make(t, d))
	},
	func(g *generator, t *Type, d int) *Node {
		var args []*Node
		for range 1 + g.r.IntN(3) {
			args = append(args, g.make(g.either(t, pick(g.r, numberTypes)), d))
		}
		if g.r.IntN(3) == 0 {
			args = []*Node{list(args...)}
		}
		return member(ident("math"), pick(g.r, []string{"greatest", "least"}), args...)
	},
	func(g *generator, t *Type, d int) *Node {
		name := pick(g.r, []string{"bitAnd", "bitOr", "bitXor"})
		return member(ident("math"), name, g.make(t, d), g.make(t, d))
	},
	func(g *generator, t *Type, d int) *Node { return member(ident("math"), "bitNot", g.make(t, d)) },
	func(g *generator, t *Type, d int) *Node {
		name := pick(g.r, []string{"bitShiftLeft", "bitShiftRight"})
		by := g.make(intType, d)
		if g.r.IntN(2) == 0 {
			by = lit(strconv.Itoa(g.r.IntN(70) - 2))
		}
		return member(ident("math"), name, g.make(t, d), by)
	},
}

// either is t, or now and then the other.
func (g *generator) either(t, other *Type) *Type {
	if g.r.IntN(4) == 0 {
		return other
	}
	return t
}

// convertible is something that conversions to numbers take.
func (g *generator) convertible(d int) *Node {
	return g.make(pick(g.r, []*Type{intType, uintType, doubleType, doubleType, stringType, timeType,
		durationType, boolType}), d)
}

func makeArithmetic(g *generator, t *Type, d int) *Node {
	op := pick(g.r, []string{"+", "-", "*", "/", "%"})
	return binary(op, g.make(t, d), g.make(t, d))
}

func makeNegation(g *generator, t *Type, d int) *Node { return unary("-", g.make(t, d)) }

func makeEquality(g *generator, t *Type, d int) *Node {
	of := randomType(g.r, 2)
	other := g.either(of, pick(g.r, numberTypes))
	if g.r.IntN(4) == 0 { // alike but for the types of numbers
		of, other = pick(g.r, numberTypes), pick(g.r, numberTypes)
		if key := pick(g.r, keyTypes); g.r.IntN(3) == 0 {
			of, other = mapType(key, of), mapType(g.either(key, pick(g.r, numberTypes)), other)
		} else if g.r.IntN(2) == 0 {
			of, other = listOf(of), listOf(other)
		}
	}
	return binary(pick(g.r, []string{"==", "!="}), g.make(of, d), g.make(other, d))
}

// makeChain is a long run of one operator, with parentheses here and there.
func makeChain(g *generator, t *Type, d int) *Node {
	op := pick(g.r, []string{"&&", "||"})
	made := g.make(t, d-1)
	for range g.r.IntN(30) {
		if next := g.leaf(t); g.r.IntN(6) == 0 {
			made = binary(op, next, made)
		} else {
			made = binary(op, made, next)
		}
	}
	return made
}

func makeOrder(g *generator, t *Type, d int) *Node {
	of := pick(g.r, orderedTypes)
	other := of
	if g.r.IntN(2) == 0 {
		of, other = pick(g.r, numberTypes), pick(g.r, numberTypes)
	}
	return binary(pick(g.r, []string{"<", "<=", ">", ">="}), g.make(of, d), g.make(other, d))
}

func makeMembership(g *generator, t *Type, d int) *Node {
	of := randomType(g.r, 1)
	if g.r.IntN(2) == 0 {
		key := pick(g.r, keyTypes)
		return binary("in", g.make(g.either(key, pick(g.r, numberTypes)), d), g.make(mapType(key, of), d))
	}
	return binary("in", g.make(of, d), g.make(listOf(of), d))
}

func makeTextTest(g *generator, t *Type, d int) *Node {
	name := pick(g.r, []string{"startsWith", "endsWith", "contains"})
	return member(g.make(stringType, d), name, g.make(stringType, d))
}

func makeMatch(g *generator, t *Type, d int) *Node {
	subject, pattern := g.make(stringType, d-1), stringLiteral(g.r, randomPattern(g.r, 3))
	if g.r.IntN(4) > 0 {
		subject = stringLiteral(g.r, randomSubject(g.r))
	}
	if g.r.IntN(12) == 0 {
		pattern = g.make(stringType, d) // not known before it runs
	}
	if g.r.IntN(3) == 0 {
		return call("matches", subject, pattern)
	}
	return member(subject, "matches", pattern)
}

func makeHas(g *generator, t *Type, d int) *Node {
	of := g.path(mapType(stringType, dynType))
	if of == nil || g.r.IntN(4) == 0 {
		of = g.make(g.either(mapType(stringType, dynType), dynType), d)
	}
	return call("has", selectField(of, pick(g.r, []string{"a", "b", "name", "spec", "missing", "`x-y`",
		"`a b`"})))
}

func makeSets(g *generator, t *Type, d int) *Node {
	of := listOf(randomType(g.r, 0))
	return member(ident("sets"), pick(g.r, []string{"contains", "equivalent",
		"intersects"}), g.make(of, d), g.make(of, d))
}

func makeFloatTest(g *generator, t *Type, d int) *Node {
	return member(ident("math"), pick(g.r, []string{"isNaN", "isInf", "isFinite"}), g.make(doubleType, d))
}

func makeSize(g *generator, t *Type, d int) *Node {
	of := g.make(pick(g.r, []*Type{stringType, bytesType, listOf(dynType), mapType(stringType, dynType)}), d)
	if g.r.IntN(2) == 0 {
		return call("size", of)
	}
	return member(of, "size")
}

func makeTimeField(g *generator, t *Type, d int) *Node {
	if g.r.IntN(3) == 0 {
		name := pick(g.r, []string{"getHours", "getMinutes", "getSeconds"})
		if g.r.IntN(20) == 0 {
			name = "getMilliseconds"
		}
		return member(g.make(durationType, d), name)
	}
	name := pick(g.r, []string{"getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek",
		"getDayOfYear",
		"getHours", "getMinutes", "getSeconds", "getMilliseconds"})
	of := g.make(timeType, d)
	if g.r.IntN(2) == 0 {
		return member(of, name)
	}
	return member(of, name, stringLiteral(g.r, pick(g.r, someZones)))
}

func makePosition(g *generator, t *Type, d int) *Node {
	args := []*Node{g.make(stringType, d)}
	if g.r.IntN(2) == 0 {
		args = append(args, g.make(intType, d-1))
	}
	return member(g.make(stringType, d), pick(g.r, []string{"indexOf", "lastIndexOf"}), args...)
}

// makeQuantifier is a macro that gives a bool, over a list or a map, with one variable or two.
func makeQuantifier(g *generator, t *Type, d int) *Node {
	names := []string{"all", "exists", "exists_one"}
	if g.r.IntN(2) == 0 {
		of, vars := g.rangeOf(d, 1)
		return member(of, pick(g.r, names), ident(vars[0].Name), g.under(boolType, d, vars...))
	}
	of, vars := g.rangeOf(d, 2)
	name := pick(g.r, append(names, "existsOne"))
	return member(of, name, ident(vars[0].Name), ident(vars[1].Name), g.under(boolType, d, vars...))
}

// rangeOf is a list or a map, and what one or two variables of a macro over it stand for.
func (g *generator) rangeOf(d, count int) (*Node, []Variable) {
	element := randomType(g.r, 1)
	one, two := Variable{Name: g.name()}, Variable{Name: g.name()}
	for two.Name == one.Name {
		two.Name = g.name()
	}
	if g.r.IntN(3) == 0 {
		key := pick(g.r, keyTypes)
		one.Type, two.Type = key, element
		return g.make(mapType(key, element), d), []Variable{one, two}[:count]
	}
	one.Type, two.Type = intType, element
	if count == 1 {
		one.Type = element
	}
	return g.make(listOf(element), d), []Variable{one, two}[:count]
}
