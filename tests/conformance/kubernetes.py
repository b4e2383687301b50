#!/usr/bin/env python3
"""kubernetes.py RUNNER FOLDER: runs the cases of Kubernetes' own CEL library tests.

FOLDER holds *.jsonl, one case a line: lib, name, expr, and an expectation that is Go text, as it stands in the tests of
k8s.io/apiserver/pkg/cel/library. The Go text is read here and each case written again in the form of the CEL suite, which
RUNNER (berm-conformance) runs. Values that only Kubernetes has (addresses, quantities, versions) are compared inside the
expression, with their type: `type(E) == net.IP && E == ip("..")`.

Ends with the runner's line "N passed, M failed"; exit 1 when any fails, when a case is not understood, or when there is
none.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

# The variables of the Go tests that expectations name.
VARIABLES = {
    "ip": {"ipv4Addr": "192.168.0.1", "ipv6Addr": "2001:db8::68"},
    "cidr": {"ipv4Addr": "192.168.0.0", "ipv4CIDR": "192.168.0.0/24",
             "ipv6Addr": "2001:db8::", "ipv6CIDR": "2001:db8::/32"},
    "quantity": {"&twelveMi": "12Mi"},
}
SIMPLE = {
    "trueVal": {"bool": True}, "types.True": {"bool": True},
    "falseVal": {"bool": False}, "types.False": {"bool": False},
    "int4": {"int": "4"}, "int6": {"int": "6"},
}
SCALARS = {"Int": "int", "Uint": "uint", "Double": "double", "String": "string", "Bool": "bool"}
GO_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`')
RUNTIME, COMPILE = re.compile("^expect(ed)?RuntimeErr$"), re.compile("^expect(ed)?CompileErrs?$")


class NotUnderstood(Exception):
    pass


def go_string(text):
    """The value of one Go string literal. JSON's escapes are Go's for what the tests write."""
    return text[1:-1] if text[0] == "`" else json.loads(text)


def literal(text):
    """A string as a CEL literal."""
    return json.dumps(text, ensure_ascii=False)


def equal_to(expr, type_name, value):
    return f"type({expr}) == {type_name} && {expr} == {value}"


def address(lib, text):
    return literal(VARIABLES[lib][text])


def network(lib, text):
    match = re.fullmatch(r"netip\.PrefixFrom\((\w+), (\d+)\)", text)
    if match:
        return literal(f"{VARIABLES[lib][match[1]]}/{match[2]}")
    return address(lib, text)


def as_object(lib, expr, text):
    """A struct of Kubernetes' as an expression that holds when `expr` is equal to it; None for other text."""
    match = re.fullmatch(r"apiservercel\.(\w+)\{\w+: (.*)\}", text)
    if not match:
        return None
    kind, inner = match.groups()
    if kind == "IP":
        return equal_to(expr, "net.IP", f"ip({address(lib, inner)})")
    if kind == "CIDR":
        return equal_to(expr, "net.CIDR", f"cidr({network(lib, inner)})")
    if kind == "Quantity":
        return equal_to(expr, "kubernetes.Quantity", f"quantity({address(lib, inner)})")
    version = re.fullmatch(r'semver\.MustParse\(("[^"]*")\)', inner)
    if kind == "Semver" and version:
        return equal_to(expr, "kubernetes.Semver", f"semver({version[1]})")
    raise NotUnderstood(text)


def as_optional(expr, text):
    """An optional of a list of strings. Text that breaks off behind the opening brace says only that there is one."""
    if text == "types.OptionalNone":
        return f"{expr} == optional.none()"
    head = "types.OptionalOf(types.NewStringList(types.DefaultTypeAdapter, []string{"
    if not text.startswith(head):
        return None
    rest = text[len(head):]
    if not rest:
        return f"{expr}.value().size() > 0"
    if not rest.endswith("}))"):
        raise NotUnderstood(text)
    strings = [literal(go_string(s)) for s in GO_STRING.findall(rest[:-3])]
    return f"{expr} == optional.of([{', '.join(strings)}])"


def as_value(text):
    if text in SIMPLE:
        return SIMPLE[text]
    match = re.fullmatch(r"types\.(\w+)\((.*)\)", text)
    if not match or match[1] not in SCALARS:
        raise NotUnderstood(text)
    kind, inner = SCALARS[match[1]], match[2]
    if kind == "string":
        return {"string": go_string(inner)}
    return {kind: inner == "true" if kind == "bool" else inner}


def translate(case):
    """(expression, expected) in the form of the CEL suite."""
    expr, key = case["expr"], next(k for k in case if k.startswith("expect"))
    text = case[key].strip().rstrip(",")
    if RUNTIME.match(key) or COMPILE.match(key):
        return expr, {"eval_error": GO_STRING.findall(text)}
    if key not in ("expectResult", "expectValue"):
        raise NotUnderstood(key)
    holds = as_object(case["lib"], expr, text) or as_optional(expr, text)
    return (holds, {"value": {"bool": True}}) if holds else (expr, {"value": as_value(text)})


def rewrite(path, out):
    count = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        try:
            expr, expected = translate(case)
        except (NotUnderstood, KeyError, ValueError) as fault:
            raise SystemExit(f"{path.name}: {case['name']}: not understood: {fault}")
        compiles = not any(COMPILE.match(k) for k in case)
        out.write(json.dumps({"file": path.stem, "section": "kubernetes", "test": case["name"], "expr": expr,
                              "container": "", "disable_check": not compiles, "type_env": [], "bindings": {},
                              "expected": expected}) + "\n")
        count += 1
    return count


def main(args):
    if len(args) != 2:
        print(__doc__)
        return 2
    paths = sorted(pathlib.Path(args[1]).glob("*.jsonl"))
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as out:
        count = sum(rewrite(path, out) for path in paths)
        out.flush()
        done = subprocess.run([args[0], out.name], capture_output=True, text=True)
    print(done.stdout + done.stderr, end="")
    if count == 0 or f"{count} passed, 0 failed" not in done.stdout:
        return 1
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
