package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Regular expressions from a grammar of RE2's syntax, over few letters so that they match now and
// then, with a few faults in between.

var patternAtoms = []string{"a", "b", "c", "ab", "x", ".", "é", "日", "\\.", "\\d", "\\w", "\\s", "\\D",
	"\\W", "\\S",
	"[abc]", "[^a]", "[a-c]", "[^\\d]", "[\\w-]", "[[:alpha:]]", "[[:^digit:]]", "[]a]", "[a\\]]",
	"[^\\n]", "[é-日]",
	"\\x61", "\\x{65E5}", "\\t", "\\n", "\\pL", "\\p{Lu}", "\\PN", "\\p{Greek}", "[\\pL\\d]", "\\Qa.b\\E",
	"\\101", "\\a",
	"(?i)a", "(?s)", "(?)", "(?-i)", "k", "S", "-", "_", "@", "1", "0", " ", "/", "\\/", "\\-", "%", "<",
	"\"", "'"}

var patternAnchors = []string{"^", "$", "\\b", "\\B", "\\A", "\\z", "(?m)^", "(?m:$)", ""}

var patternFaults = []string{"(", ")", "[", "a**", "*a", "\\1", "(?=a)", "(?!a)", "(?<=a)", "\\Z", "\\G",
	"a{1001}", "a{2,1}", "[b-a]",
	"(?P<n>a)(?P<n>b)", "(?P<>a)", "\\8", "\\p{Nope}", "[[:nope:]]", "(?z)", "\\", "a++", "(?>a)", "(?#c)",
	"\\C", "\\X",
	"{", "}", "]", "a{,2}", "a{", "{1}", "x{1,2", "(?i", "\\u0061", "\\xg", "\\x{110000}", "(?P=n)",
	"\\k<n>", "(?-)", "\\h", "\\e", "\\cA"}

func randomPattern(r *rand.Rand, depth int) string {
	if depth == 0 {
		return pick(r, patternAtoms)
	}
	switch r.IntN(12) {
	case 0, 1, 2:
		return randomPattern(r, depth-1) + randomPattern(r, depth-1)
	case 3:
		return randomPattern(r, depth-1) + "|" + randomPattern(r, depth-1)
	case 4, 5:
		return pick(r, []string{"(", "(?:", "(?i:", "(?s:", "(?P<n>", "(?U:", "(?is-m:", "(?<n>",
			"(?-i:"}) + randomPattern(r, depth-1) + ")"
	case 6, 7, 8:
		return "(?:" + randomPattern(r, depth-1) + ")" + randomRepeat(r)
	case 9:
		return pick(r, patternAtoms) + randomRepeat(r)
	case 10:
		return pick(r, patternAnchors) + randomPattern(r, depth-1) + pick(r, patternAnchors)
	}
	if r.IntN(4) == 0 {
		return randomPattern(r, depth-1) + pick(r, patternFaults)
	}
	return randomClass(r)
}

func randomRepeat(r *rand.Rand) string {
	text := pick(r, []string{"*", "+", "?", "{2}", "{0}", "{1,}", "{0,3}", "{2,4}",
		"{0,}", fmt.Sprintf("{%d}", r.IntN(40))})
	if r.IntN(4) == 0 {
		text += "?"
	}
	return text
}

func randomClass(r *rand.Rand) string {
	var out strings.Builder
	out.WriteString(pick(r, []string{"[", "[^"}))
	for range 1 + r.IntN(3) {
		from := pick(r, []rune("ab0A_é日"))
		out.WriteRune(from)
		if r.IntN(3) == 0 {
			out.WriteString("-")
			out.WriteRune(from + rune(r.IntN(30)))
		}
	}
	out.WriteByte(']')
	return out.String()
}

var subjectPieces = []string{"a", "b", "c", "ab", "aab", "x", "é", "日", ".", "1", "42", "A", "B", "K",
	"\u212a", "k", "s", "ſ", " ", "\n", "\t", "_",
	"-", "foo", "name", "a.b", "α", "Ω", "-7", "@", "/", "ß", "\u2028", "\U0001F600"}

func randomSubject(r *rand.Rand) string {
	var out strings.Builder
	for range r.IntN(8) {
		out.WriteString(pick(r, subjectPieces))
	}
	return out.String()
}
