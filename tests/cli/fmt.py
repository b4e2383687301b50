#!/usr/bin/env python3
"""fmt.py BERM ROOT: what berm fmt changes, that it changes nothing else, is idempotent, and that formatted policies compile to
the same program (places apart): the shipped ones, and expressions whose white space was made up."""
import pathlib
import random
import re
import subprocess
import sys
import tempfile

HEAD = "guardrail: g\ntitle: t\nmatch: {kinds: [thing]}\nvalidations:\n"
# what is written, and what it becomes; None: it stays
CASES = [
    ("  - {name: v, expression: \"a&&b\"}", "  - {name: v, expression: \"a && b\"}"),
    ("  - name: v\n    expression: object.a  ==1   ||object.b", "  - name: v\n    expression: object.a == 1 || object.b"),
    ("  - name: v # why&&how\n    expression: 'f ( x ,y )'  # a  comment", "  - name: v # why&&how\n    expression: 'f(x, y)'  # a  comment"),
    ("  - name: v\n    expression: '[ 1,2 ] .size()>-1'", "  - name: v\n    expression: '[1, 2].size() > -1'"),
    ("  - name: v\n    expression: \"{ 'a' :1 } [ 'a' ]==1?true:false\"", "  - name: v\n    expression: \"{'a': 1}['a'] == 1 ? true : false\""),
    ("  - name: v\n    expression: object . ? a [ ? 'b' ] . orValue( ! c )",
     "  - name: v\n    expression: object.?a[?'b'].orValue(!c)"),
    ("  - name: v\n    expression: |\n      a&&\n        b  ||c\n", "  - name: v\n    expression: |\n      a &&\n        b || c\n"),
    ("  - name: v\n    expression: \"a == \\\"x\\\"&&b\"", "  - name: v\n    expression: \"a == \\\"x\\\" && b\""),
    ("  - name: v\n    expression: 'a == ''x  y''&&b'", "  - name: v\n    expression: 'a == ''x  y'' && b'"),
    ("  - name: v\n    expression: true", "  - name: v\n    expression: \"true\""),
    ("  - {name: no, expression: a}", "  - {name: \"no\", expression: a}"),
    ("  - {name: v, expression: a}\ncontrols:\n  - {framework: cis, version: 1.10, id: 5.2}",
     "  - {name: v, expression: a}\ncontrols:\n  - {framework: cis, version: \"1.10\", id: \"5.2\"}"),
    ("  - {name: v, expression: a, message: \"a&&b  {x&&y}\"}", None),
    ("  - {name: v, expression: 'a&&'}", None),
    ("  - name: v\n    expression: |\n      a // b&&c\n      &&d", "  - name: v\n    expression: |\n      a // b&&c\n      && d"),
    ("  - {name: v, expression: a - -1}\ntests: [{name: t, object: {on: no, v: 1.10, e: 'a&&b'}, expect: {v: pass}}]", None),
]
FRAGMENTS = ["object.a", "object.b.c", "1", "-2", "2.5", "'x  y'", "\"q\"", "true", "params.p", "size(object.l)",
             "object.l.exists(x,x>1&&x<9)", "object.?a.orValue(3)", "[1,2,3]", "{'k':1,'m':[2]}", "object.l[0]", "has(object.z)",
             "object.m['k']", "b'ab'", "r'a\\d'", "0x1F", "1u"]


def make(rng, depth):
    if depth == 0 or rng.random() < 0.2:
        return rng.choice(FRAGMENTS)
    shape = rng.randrange(6)
    if shape == 0:
        return f"({make(rng, depth - 1)})"
    if shape == 1:
        return f"{make(rng, depth - 1)}?{make(rng, depth - 1)}:{make(rng, depth - 1)}" if depth == 3 else rng.choice(FRAGMENTS)
    if shape == 2:
        return f"!({make(rng, depth - 1)})"
    operator = rng.choice(["&&", "||", "==", "!=", "<", ">=", "+", "-", "*", "/", "%", " in "])
    return f"{make(rng, depth - 1)}{operator}{make(rng, depth - 1)}"


def scatter(rng, text):
    """The same tokens with other white space between them, strings left alone."""
    out = []
    for part in re.split(r"(b?r?'[^']*'|\"[^\"]*\"|&&|\|\||[=!<>]=|[-+*/%<>?:,()\[\]{}])", text):
        out.append(part)
        if part in ("&&", "||", "==", "!=", "<", ">=", "+", "*", "%", ",", "(", ")", "[", "]", "{", "}"):
            out.append(" " * rng.choice([0, 0, 1, 3]))
    return "".join(out)


def main(berm, root):
    faults = []

    def run(*args, stdin=None):
        done = subprocess.run([berm, *map(str, args)], input=stdin if stdin is None else stdin.encode(), capture_output=True,
                              check=False)
        done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode() # line ends as they are
        return done

    def fmt(text):
        done = run("fmt", "-", stdin=text)
        if done.returncode:
            faults.append(f"exit code {done.returncode}: {text!r}: {done.stderr}")
        return done.stdout

    def program(path):
        """The program without places and the text of expressions."""
        done = run("disasm", path)
        if done.returncode:
            faults.append(f"{path} does not compile: {done.stderr[:300]}")
        return re.findall(r"(?m)^ +\d+ +[a-z].*$", re.sub(r" *;.*", "", done.stdout))

    for body, wanted in CASES:
        text, wanted = HEAD + body + "\n", HEAD + (body if wanted is None else wanted) + "\n"
        got = fmt(text)
        if got != wanted:
            faults.append(f"{text!r}\n  became {got!r}\n  not    {wanted!r}")
        if fmt(got) != got:
            faults.append(f"not idempotent: {got!r}")
    for text in ("apiVersion: v1\nkind: X\nspec: {expression: 'a&&b'}\n", "# nothing\n", "", "\ufeff" + HEAD + CASES[0][0] + "\n",
                 "just: a&&b\n", (HEAD + CASES[0][1] + "\n").replace("\n", "\r\n")):
        if fmt(text) != text:
            faults.append(f"{text!r} does not stay: {fmt(text)!r}")
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "p.yaml"
        rng, changed = random.Random(20261128), 0
        expressions = [scatter(rng, make(rng, 3)) for _ in range(400)]
        quoted = ["'" + e.replace("'", "''") + "'" for e in expressions]
        text = "".join(f"---\n{HEAD.replace(': g', f': g{i}', 1)}  - {{name: v, expression: {q}}}\n" for i, q in enumerate(quoted))
        got = fmt(text)
        changed = sum(a != b for a, b in zip(text.split("\n"), got.split("\n")))
        if re.sub(r"[ ]", "", got) != re.sub(r"[ ]", "", text) or fmt(got) != got or changed < 200:
            faults.append(f"made up expressions: more than white space, not idempotent, or {changed} changed lines only")
        path.write_text(HEAD + "  - {name: v, expression: 'object.a==1&&object.b  !=2'}\n", encoding="utf-8")
        before = program(path)
        if run("fmt", "--check", path).returncode != 1 or "object.a==1" not in path.read_text(encoding="utf-8"):
            faults.append("--check says nothing, or writes")
        if run("fmt", path).returncode or run("fmt", "--check", path).returncode or program(path) != before:
            faults.append("a file is not formatted in place, or means something else")
        path.write_text(HEAD + "  - {name: v, expression: [\n", encoding="utf-8")
        if run("fmt", path).returncode != 2:
            faults.append("a file that is no YAML")
        for policy in sorted((pathlib.Path(root) / "policies").rglob("*.yaml")):
            text = policy.read_text(encoding="utf-8")
            wide = re.sub(r"(?m)^( +(?:- )?expression: [^'\"|>\n]*?) (&&|\|\|) ", r"\1   \2  ", text)
            path.write_text(wide, encoding="utf-8")
            if run("fmt", path).returncode or path.read_text(encoding="utf-8") != fmt(text):
                faults.append(f"{policy.name}: wider white space is not undone")
    print("\n".join(faults) if faults else f"{len(CASES)} cases, {len(expressions)} expressions, {changed} lines changed")
    return 1 if faults else 0


sys.exit(main(*sys.argv[1:]))
