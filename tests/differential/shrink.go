package main

import "strconv"

// shrink makes a tree as small as it gets while `differs` holds for it, by delta debugging: parts
// are taken out of lists and calls, and each part is replaced by one of its own parts or by the
// simplest literals. `differs` holds for n.
func shrink(n *Node, differs func(*Node) bool) *Node {
	for {
		smaller := shrinkOnce(n, func(kid *Node) *Node { return kid }, differs)
		if smaller == nil {
			return n
		}
		n = smaller
	}
}

// shrinkOnce is the whole tree with one change in n or below it, nil when no change will do.
// `around` puts n into the whole tree.
func shrinkOnce(n *Node, around func(*Node) *Node, differs func(*Node) bool) *Node {
	for _, candidate := range simpler(n) {
		if whole := around(candidate); differs(whole) {
			return whole
		}
	}
	for i, kid := range n.Kids {
		within := func(changed *Node) *Node { return around(n.with(i, changed)) }
		if whole := shrinkOnce(kid, within, differs); whole != nil {
			return whole
		}
	}
	return nil
}

var simplest = []*Node{lit("0"), lit("true"), lit("''"), list(), mapOf()}

// simpler are replacements for a node, the smallest first. Each is smaller than the node, or as
// large but in a fixed order before it, so that shrinking ends.
func simpler(n *Node) []*Node {
	var candidates []*Node
	if len(n.Kids) > 0 {
		candidates = append(candidates, simplest...)
		candidates = append(candidates, n.Kids...)
		for _, kid := range n.Kids {
			candidates = append(candidates, kid.Kids...)
		}
	} else {
		candidates = append(candidates, simplerLeaf(n)...)
	}
	candidates = append(candidates, unbound(n)...)
	switch n.Kind {
	case List:
		for i := range n.Kids {
			candidates = append(candidates, n.without(i))
		}
		if len(n.Optional) > 0 && n.any(func(at *Node) bool { return at == n && hasMark(at) }) {
			plain := *n
			plain.Optional = nil
			candidates = append(candidates, &plain)
		}
	case Map:
		for i := range len(n.Kids) / 2 {
			candidates = append(candidates, n.without(i))
		}
	case Call:
		for i := range n.Kids {
			candidates = append(candidates, n.without(i))
		}
	case Member:
		for i := 1; i < len(n.Kids); i++ {
			candidates = append(candidates, n.without(i))
		}
	}
	return candidates
}

// unbound is the body of cel.bind, or of a macro over a list or map, with a value in the variable's place.
func unbound(n *Node) []*Node {
	if n.Kind != Member || len(n.Kids) < 3 || n.Kids[1].Kind != Ident {
		return nil
	}
	of, variable, last := n.Kids[0], n.Kids[1].Text, n.Kids[len(n.Kids)-1]
	if n.Text == "bind" && len(n.Kids) == 4 {
		return []*Node{last.replaced(variable, n.Kids[2])}
	}
	if (n.Text == "optMap" || n.Text == "optFlatMap") && of.Kind == Member && of.Text == "of" && len(of.Kids) == 2 {
		return []*Node{last.replaced(variable, of.Kids[1])}
	}
	two := len(n.Kids) > 3 && n.Kids[2].Kind == Ident
	var candidates []*Node
	for i, element := range of.Kids {
		switch {
		case of.Kind == List:
			candidates = append(candidates, last.replaced(variable, element))
			if two {
				number := lit(strconv.Itoa(i))
				candidates = append(candidates, last.replaced(n.Kids[2].Text, element).replaced(variable, number))
			}
		case of.Kind == Map && i%2 == 0:
			body := last
			if two {
				body = last.replaced(n.Kids[2].Text, of.Kids[i+1])
			}
			candidates = append(candidates, body.replaced(variable, element))
		}
	}
	return candidates
}

func hasMark(n *Node) bool {
	for _, mark := range n.Optional {
		if mark {
			return true
		}
	}
	return false
}

// simplerLeaf shortens a literal; an identifier gives way to the simplest literals.
func simplerLeaf(n *Node) []*Node {
	if n.Kind == Ident {
		return simplest[:3]
	}
	if n.Kind != Literal {
		return nil
	}
	var candidates []*Node
	for _, s := range simplest[:3] {
		if n.Text == s.Text {
			return candidates
		}
		candidates = append(candidates, s)
	}
	// shorter texts: halves first, then without each code point
	text := []rune(n.Text)
	for _, width := range []int{len(text) / 2, len(text) / 4, 1} {
		for at := 0; width > 0 && at+width <= len(text); at += width {
			candidates = append(candidates, lit(string(text[:at])+string(text[at+width:])))
		}
	}
	return candidates
}

// shrinkText is the same for a text that need not parse.
func shrinkText(text string, differs func(string) bool) string {
	for {
		smaller := shorterText(text, differs)
		if smaller == text {
			return text
		}
		text = smaller
	}
}

func shorterText(text string, differs func(string) bool) string {
	cut := []rune(text)
	for width := len(cut) / 2; width > 0; width /= 2 {
		for at := 0; at+width <= len(cut); {
			candidate := string(cut[:at]) + string(cut[at+width:])
			if differs(candidate) {
				cut = []rune(candidate)
			} else {
				at += width
			}
		}
	}
	return string(cut)
}
