package main

import (
	"strings"
)

// Kind says what a Node is.
type Kind uint8

// The kinds of node. Children are in Kids in the order in which they are written.
const (
	Literal   Kind = iota // Text as written
	Ident                 // Text
	Select                // Kids[0].Text
	OptSelect             // Kids[0].?Text
	Index                 // Kids[0][Kids[1]]
	OptIndex              // Kids[0][?Kids[1]]
	Call                  // Text(Kids...)
	Member                // Kids[0].Text(Kids[1:]...)
	Unary                 // Text Kids[0]
	Binary                // Kids[0] Text Kids[1]
	Cond                  // Kids[0] ? Kids[1] : Kids[2]
	List                  // [Kids...]
	Map                   // {Kids[0]: Kids[1], ...}
)

// Node is an expression as a tree. Trees are not shared and never changed once they are built, so
// that the shrinker can replace any part by another.
type Node struct {
	Kind Kind
	Text string
	Kids []*Node
	// Optional marks elements of a List, or entries of a Map, that begin with a question mark.
	Optional []bool
}

func lit(text string) *Node                 { return &Node{Kind: Literal, Text: text} }
func ident(name string) *Node               { return &Node{Kind: Ident, Text: name} }
func call(name string, kids ...*Node) *Node { return &Node{Kind: Call, Text: name, Kids: kids} }
func unary(op string, a *Node) *Node        { return &Node{Kind: Unary, Text: op, Kids: []*Node{a}} }
func cond(c, a, b *Node) *Node              { return &Node{Kind: Cond, Kids: []*Node{c, a, b}} }
func list(kids ...*Node) *Node              { return &Node{Kind: List, Kids: kids} }
func mapOf(kids ...*Node) *Node             { return &Node{Kind: Map, Kids: kids} }
func selectField(of *Node, name string) *Node {
	return &Node{Kind: Select, Text: name, Kids: []*Node{of}}
}
func optSelect(of *Node, name string) *Node {
	return &Node{Kind: OptSelect, Text: name, Kids: []*Node{of}}
}
func index(of, at *Node) *Node           { return &Node{Kind: Index, Kids: []*Node{of, at}} }
func optIndex(of, at *Node) *Node        { return &Node{Kind: OptIndex, Kids: []*Node{of, at}} }
func binary(op string, a, b *Node) *Node { return &Node{Kind: Binary, Text: op, Kids: []*Node{a, b}} }
func member(of *Node, name string, args ...*Node) *Node {
	return &Node{Kind: Member, Text: name, Kids: append([]*Node{of}, args...)}
}

// The binding strength of operators; what is not listed is a unary operator or a primary.
var strength = map[string]int{
	"||": 2, "&&": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "==": 4, "!=": 4, "in": 4,
	"+": 5, "-": 5, "*": 6, "/": 6, "%": 6,
}

const (
	strengthCond    = 1
	strengthUnary   = 7
	strengthPrimary = 8
)

func (n *Node) strength() int {
	switch n.Kind {
	case Cond:
		return strengthCond
	case Binary:
		return strength[n.Text]
	case Unary:
		return strengthUnary
	case Literal:
		// A sign belongs to the number, but in front of a selection it would be read as an operator.
		if strings.HasPrefix(n.Text, "-") {
			return strengthUnary
		}
	}
	return strengthPrimary
}

// String is the expression as text, with no more parentheses than it needs.
func (n *Node) String() string {
	var out strings.Builder
	n.write(&out, 0)
	return out.String()
}

func (n *Node) write(out *strings.Builder, least int) {
	if n.strength() < least {
		out.WriteByte('(')
		defer out.WriteByte(')')
	}
	switch n.Kind {
	case Literal, Ident:
		out.WriteString(n.Text)
	case Select, OptSelect:
		n.Kids[0].write(out, strengthPrimary)
		out.WriteString(map[Kind]string{Select: ".", OptSelect: ".?"}[n.Kind] + n.Text)
	case Index, OptIndex:
		n.Kids[0].write(out, strengthPrimary)
		out.WriteString(map[Kind]string{Index: "[", OptIndex: "[?"}[n.Kind])
		n.Kids[1].write(out, 0)
		out.WriteByte(']')
	case Call:
		out.WriteString(n.Text)
		writeArguments(out, n.Kids)
	case Member:
		n.Kids[0].write(out, strengthPrimary)
		out.WriteString("." + n.Text)
		writeArguments(out, n.Kids[1:])
	case Unary:
		out.WriteString(n.Text)
		// "--1" and "-" in front of a number would be read as one number
		out.WriteString(map[bool]string{true: "(", false: ""}[n.Kids[0].Kind == Literal])
		n.Kids[0].write(out, strengthUnary)
		out.WriteString(map[bool]string{true: ")", false: ""}[n.Kids[0].Kind == Literal])
	case Binary:
		own := strength[n.Text]
		n.Kids[0].write(out, own)
		out.WriteString(" " + n.Text + " ")
		n.Kids[1].write(out, own+1)
	case Cond:
		n.Kids[0].write(out, strengthCond+1)
		out.WriteString(" ? ")
		n.Kids[1].write(out, strengthCond+1)
		out.WriteString(" : ")
		n.Kids[2].write(out, strengthCond)
	case List:
		n.writeList(out)
	case Map:
		n.writeMap(out)
	}
}

func writeArguments(out *strings.Builder, args []*Node) {
	out.WriteByte('(')
	for i, arg := range args {
		if i > 0 {
			out.WriteString(", ")
		}
		arg.write(out, 0)
	}
	out.WriteByte(')')
}

func (n *Node) isOptional(i int) bool { return i < len(n.Optional) && n.Optional[i] }

func (n *Node) writeList(out *strings.Builder) {
	out.WriteByte('[')
	for i, kid := range n.Kids {
		if i > 0 {
			out.WriteString(", ")
		}
		if n.isOptional(i) {
			out.WriteByte('?')
		}
		kid.write(out, 0)
	}
	out.WriteByte(']')
}

func (n *Node) writeMap(out *strings.Builder) {
	out.WriteByte('{')
	for i := 0; i < len(n.Kids); i += 2 {
		if i > 0 {
			out.WriteString(", ")
		}
		if n.isOptional(i / 2) {
			out.WriteByte('?')
		}
		n.Kids[i].write(out, 0)
		out.WriteString(": ")
		n.Kids[i+1].write(out, 0)
	}
	out.WriteByte('}')
}

// with is n with kid i replaced.
func (n *Node) with(i int, kid *Node) *Node {
	changed := *n
	changed.Kids = append([]*Node(nil), n.Kids...)
	changed.Kids[i] = kid
	return &changed
}

// without is a List or Map, or a call, with one element, entry or argument less.
func (n *Node) without(i int) *Node {
	changed := *n
	width := 1
	if n.Kind == Map {
		width = 2
	}
	changed.Kids = append(append([]*Node(nil), n.Kids[:i*width]...), n.Kids[(i+1)*width:]...)
	if i < len(n.Optional) {
		changed.Optional = append(append([]bool(nil), n.Optional[:i]...), n.Optional[i+1:]...)
	}
	return &changed
}

// size is the number of nodes.
func (n *Node) size() int {
	total := 1
	for _, kid := range n.Kids {
		total += kid.size()
	}
	return total
}

// walk calls visit for each node, parents first, until it says false.
func (n *Node) walk(visit func(*Node) bool) bool {
	if !visit(n) {
		return false
	}
	for _, kid := range n.Kids {
		if !kid.walk(visit) {
			return false
		}
	}
	return true
}

// any says whether some node is what is asked for.
func (n *Node) any(is func(*Node) bool) bool {
	return !n.walk(func(at *Node) bool { return !is(at) })
}

// replaced is n with every use of a name replaced.
func (n *Node) replaced(name string, by *Node) *Node {
	if n.Kind == Ident && n.Text == name {
		return by
	}
	changed := *n
	changed.Kids = make([]*Node, len(n.Kids))
	for i, kid := range n.Kids {
		changed.Kids[i] = kid.replaced(name, by)
	}
	return &changed
}

// substituted is n with one part of it replaced.
func (n *Node) substituted(part, by *Node) *Node {
	if n == part {
		return by
	}
	changed := *n
	changed.Kids = make([]*Node, len(n.Kids))
	for i, kid := range n.Kids {
		changed.Kids[i] = kid.substituted(part, by)
	}
	return &changed
}
