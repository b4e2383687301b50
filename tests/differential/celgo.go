package main

import (
	"fmt"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/decls"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"cel.dev/cel-go/ext"
	"cel.dev/cel-go/parser"
)

// celGo answers expressions with cel-go: parsed and evaluated without the checker, as Berm's half
// does, with every extension that both have, in its newest version.
type celGo struct {
	env        *cel.Env
	activation map[string]any
}

func newCelGo() (*celGo, error) {
	env, err := cel.NewCustomEnv(cel.StdLib(), cel.OptionalTypes(),
		cel.CrossTypeNumericComparisons(true), cel.DefaultUTCTimeZone(true), cel.EnableErrorOnBadPresenceTest(true),
		cel.EnableIdentifierEscapeSyntax(), cel.VariableDecls(declarations()...),
		ext.Strings(ext.StringsMaxPrecision(1000)), ext.Lists(), ext.Math(), ext.Sets(), ext.Encoders(), ext.Bindings(),
		ext.TwoVarComprehensions(), ext.Regex(), ext.Network(),
		cel.Macros(parser.ExistsOneMacroNew), // which is there, but not among the standard ones
		listSearch("indexOf", func(i, found int) bool { return found < 0 }),
		listSearch("lastIndexOf", func(i, found int) bool { return true }))
	return &celGo{env: env}, err
}

// listSearch is an overload of Kubernetes' lists library that Berm has and cel-go has not: the only
// ones whose names are in use without it.
func listSearch(name string, better func(i, found int) bool) cel.EnvOption {
	element := types.NewTypeParamType("T")
	search := func(list, wanted ref.Val) ref.Val {
		found := -1
		for i, it := 0, list.(traits.Lister).Iterator(); it.HasNext() == types.True; i++ {
			if it.Next().Equal(wanted) == types.True && better(i, found) {
				found = i
			}
		}
		return types.Int(found)
	}
	return cel.Function(name, cel.MemberOverload("list_"+name,
		[]*cel.Type{types.NewListType(element), element}, cel.IntType, cel.BinaryBinding(search)))
}

// declarations are the names of environments with their types, which only checks needs.
func declarations() []*decls.VariableDecl {
	declared := []*decls.VariableDecl{decls.NewVariable("object", types.DynType)}
	for _, v := range environmentNames {
		declared = append(declared, decls.NewVariable(v.Name, v.Type.declared()))
	}
	return declared
}

func (c *celGo) see(environment *Environment) { c.activation = environment.activation() }

func (c *celGo) answer(expr string) (answer Answer) {
	value, failure := c.evaluate(expr)
	if value == nil {
		return failure
	}
	return canonical(value)
}

// value is what an expression comes to, nil for an error.
func (c *celGo) value(expr string) ref.Val {
	value, _ := c.evaluate(expr)
	return value
}

func (c *celGo) evaluate(expr string) (value ref.Val, failure Answer) {
	// A panic is a fault of cel-go's that its own Eval reports as an error; parsing does not.
	defer func() {
		if fault := recover(); fault != nil {
			value, failure = nil, Answer(fmt.Sprintf("!panic: %v", fault))
		}
	}()
	ast, issues := c.env.Parse(expr)
	if issues.Err() != nil {
		return nil, oneLine("!parse: ", issues.Err())
	}
	program, err := c.env.Program(ast)
	if err != nil {
		return nil, oneLine("!program: ", err)
	}
	value, _, err = program.Eval(c.activation)
	if err != nil {
		return nil, oneLine("!", err)
	}
	return value, ""
}

// checks says whether cel-go's checker accepts an expression.
func (c *celGo) checks(expr string) bool {
	_, issues := c.env.Compile(expr)
	return issues.Err() == nil
}

func oneLine(prefix string, err error) Answer {
	return Answer(prefix + strings.ReplaceAll(err.Error(), "\n", " "))
}
