package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/parser"
)

// Seeds are expressions that others wrote, as trees of which parts are exchanged.
type Seeds struct {
	Exprs  []*Node
	Texts  []string // as they were written
	parser *parser.Parser
}

// newSeeds reads the expressions of conformance cases (*.jsonl) in a folder; there may be none.
func newSeeds(folder string) (*Seeds, error) {
	p, err := parser.NewParser(parser.EnableOptionalSyntax(true), parser.EnableIdentEscapeSyntax(true))
	if err != nil {
		return nil, err
	}
	seeds := &Seeds{parser: p}
	files, err := filepath.Glob(filepath.Join(folder, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		if strings.HasPrefix(filepath.Base(file), "block_") {
			continue // cel.block is for tests of the suite's own kind
		}
		if err := seeds.read(file); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	return seeds, nil
}

func (s *Seeds) read(file string) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var seed struct {
			Expr string `json:"expr"`
		}
		if err := json.Unmarshal(lines.Bytes(), &seed); err != nil {
			return err
		}
		s.Texts = append(s.Texts, seed.Expr)
		if node := s.parse(seed.Expr); node != nil && node.size() < 60 && !node.any(isOutOfScope) {
			s.Exprs = append(s.Exprs, node)
		}
	}
	return lines.Err()
}

// isOutOfScope: what only one side has, or has only for tests.
func isOutOfScope(n *Node) bool {
	return n.Kind == Member && n.Kids[0].Kind == Ident &&
		((n.Kids[0].Text == "cel" && n.Text != "bind") || n.Kids[0].Text == "proto")
}

// parse is a text as a tree, macros as plain calls; nil when it is none.
func (s *Seeds) parse(text string) *Node {
	parsed, errors := s.parser.Parse(common.NewTextSource(text))
	if errors != nil && len(errors.GetErrors()) > 0 {
		return nil
	}
	return fromAST(parsed.Expr())
}

var operatorTexts = map[string]string{
	operators.LogicalNot: "!", operators.Negate: "-", operators.LogicalAnd: "&&", operators.LogicalOr: "||",
	operators.Equals: "==", operators.NotEquals: "!=", operators.Less: "<", operators.LessEquals: "<=",
	operators.Greater: ">", operators.GreaterEquals: ">=", operators.In: "in", operators.OldIn: "in",
	operators.Add: "+", operators.Subtract: "-", operators.Multiply: "*", operators.Divide: "/", operators.Modulo: "%",
}

func fromASTs(exprs []ast.Expr) []*Node {
	nodes := make([]*Node, len(exprs))
	for i, e := range exprs {
		if nodes[i] = fromAST(e); nodes[i] == nil {
			return nil
		}
	}
	return nodes
}

// fromAST is nil for what a Node cannot say: messages.
func fromAST(e ast.Expr) *Node {
	switch e.Kind() {
	case ast.LiteralKind:
		text, ok := literalText(e.AsLiteral())
		if !ok {
			return nil
		}
		return lit(text)
	case ast.IdentKind:
		return ident(e.AsIdent())
	case ast.SelectKind:
		of := fromAST(e.AsSelect().Operand())
		if of == nil {
			return nil
		}
		return selectField(of, fieldText(e.AsSelect().FieldName()))
	case ast.CallKind:
		return fromCall(e.AsCall())
	case ast.ListKind:
		return fromList(e.AsList())
	case ast.MapKind:
		return fromMap(e.AsMap())
	}
	return nil
}

func fieldText(name string) string {
	if isName(name) {
		return name
	}
	return "`" + name + "`"
}

func literalText(value ref.Val) (string, bool) {
	switch v := value.(type) {
	case types.Double:
		return floatText(float64(v)), true
	case types.String:
		return plainString(string(v)), true
	}
	node, ok := valueLiteral(value)
	if !ok || node.Kind != Literal {
		return "", false
	}
	return node.Text, true
}

func fromCall(c ast.CallExpr) *Node {
	kids := fromASTs(c.Args())
	if len(kids) != len(c.Args()) {
		return nil
	}
	name := c.FunctionName()
	if c.IsMemberFunction() {
		of := fromAST(c.Target())
		if of == nil {
			return nil
		}
		return member(of, name, kids...)
	}
	switch name {
	case operators.Conditional:
		return cond(kids[0], kids[1], kids[2])
	case operators.Index:
		return index(kids[0], kids[1])
	case operators.OptIndex:
		return optIndex(kids[0], kids[1])
	case operators.OptSelect:
		return optSelect(kids[0], fieldText(string(c.Args()[1].AsLiteral().(types.String))))
	}
	if op, found := operatorTexts[name]; found {
		if len(kids) == 1 {
			return unary(op, kids[0])
		}
		return binary(op, kids[0], kids[1])
	}
	return call(name, kids...)
}

func fromList(l ast.ListExpr) *Node {
	kids := fromASTs(l.Elements())
	if len(kids) != l.Size() {
		return nil
	}
	made := list(kids...)
	made.Optional = make([]bool, len(kids))
	for _, i := range l.OptionalIndices() {
		made.Optional[i] = true
	}
	return made
}

func fromMap(m ast.MapExpr) *Node {
	made := mapOf()
	for _, entry := range m.Entries() {
		key, value := fromAST(entry.AsMapEntry().Key()), fromAST(entry.AsMapEntry().Value())
		if key == nil || value == nil {
			return nil
		}
		made.Kids = append(made.Kids, key, value)
		made.Optional = append(made.Optional, entry.AsMapEntry().IsOptional())
	}
	return made
}

// --- mutation ---

// mutate changes a few places of a seed: another part of a seed, a generated part, another operator.
func (s *Seeds) mutate(g *generator) *Node {
	made := pick(g.r, s.Exprs)
	for range 1 + g.r.IntN(3) {
		made = replaceAt(made, g.r.IntN(made.size()), func(old *Node) *Node { return s.change(g, old) })
	}
	return made
}

func (s *Seeds) change(g *generator, old *Node) *Node {
	switch g.r.IntN(6) {
	case 0:
		return partOf(g.r, pick(g.r, s.Exprs))
	case 1:
		if old.Kind == Binary {
			return binary(pick(g.r, []string{"+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=",
				"in", "&&", "||"}),
				old.Kids[0], old.Kids[1])
		}
	case 2:
		if old.Kind == Member && len(old.Kids) > 0 {
			if other := partOf(g.r, pick(g.r, s.Exprs)); other.Kind == Member {
				return member(old.Kids[0], other.Text, old.Kids[1:]...)
			}
		}
	case 3:
		return call("dyn", old)
	}
	return g.make(literalType(old), 1+g.r.IntN(3))
}

// literalType is a type that may do where a node stood.
func literalType(n *Node) *Type {
	if n.Kind != Literal {
		return dynType
	}
	switch text := n.Text; {
	case text == "true" || text == "false":
		return boolType
	case strings.HasPrefix(text, `"`):
		return stringType
	case strings.HasPrefix(text, "b"):
		return bytesType
	case strings.HasSuffix(text, "u"):
		return uintType
	case strings.ContainsAny(text, ".e"):
		return doubleType
	}
	return intType
}

// replaceAt replaces the i-th node, counted from the root, parents first.
func replaceAt(n *Node, i int, with func(*Node) *Node) *Node {
	if i == 0 {
		return with(n)
	}
	i--
	for k, kid := range n.Kids {
		if size := kid.size(); i < size {
			return n.with(k, replaceAt(kid, i, with))
		} else {
			i -= size
		}
	}
	return n
}

func partOf(r *rand.Rand, n *Node) *Node {
	var part *Node
	i := r.IntN(n.size())
	replaceAt(n, i, func(old *Node) *Node { part = old; return old })
	return part
}

// --- texts ---

// tokens cuts an expression where a token may end; what is cut needs not be a token.
func tokens(text string) []string {
	var cut []string
	start := 0
	flush := func(end int) {
		if start < end {
			cut = append(cut, text[start:end])
		}
		start = end
	}
	for i, c := range text {
		word := c == '_' || c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
		if !word {
			flush(i)
			start = i
			flush(i + len(string(c)))
		}
	}
	flush(len(text))
	return cut
}

var tokenPool = []string{"(", ")", "[", "]", "{", "}", ",", ".", ".?", "[?", "?", ":", "!", "-", "--", "+",
	"==", "=", "&&", "|", "||", " ", "\n",
	"\t", "//", "// x\n", "in", "null", "true", "1", "1u", "0x", "0xg", "1e", "1.", ".5", "1.5e+", "'",
	"\"", "'''", "r'", "b'", "\\", "\\n'", "\\u00",
	"`", "`a`", "@", "#", "$", "~", "a", "_", "é", "if", "as", "package", "9223372036854775808",
	"-9223372036854775808", "1e999",
	"18446744073709551616u", "\f", "\r", "\v", "\u00a0", ";", "*", "'\\377'", "'\\400'", "'\\ud800'",
	"b'\\u0061'", "'\\U00110000'", "'\\z'"}

// scramble changes a text at a few places, so that it may be no expression any more.
func scramble(r *rand.Rand, text string) string {
	cut := tokens(text)
	for range 1 + r.IntN(3) {
		i := r.IntN(len(cut))
		switch r.IntN(4) {
		case 0:
			cut[i] = ""
		case 1:
			cut[i] += cut[r.IntN(len(cut))]
		case 2:
			cut[i] = pick(r, tokenPool)
		default:
			cut[i] += pick(r, tokenPool)
		}
	}
	return strings.Join(cut, "")
}
