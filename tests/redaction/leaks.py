#!/usr/bin/env python3
"""leaks.py BERM: messages, reports, explanations and values try to show a password that its document calls sensitive.

A plan, a state and a Secret are written in several forms (one line, indented, YAML); each attempt is a guardrail of its
own or an expression for `berm eval`. No part of the password longer than two letters may be in what is printed, as it
stands, in capitals, reversed, in base64, in hex or as numbers. That the search finds something is checked on a document that calls
nothing sensitive.
"""
import base64
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

SECRET = "qZ7~xWj9%kVy3^Gw"
OTHER = "Jf0`Yv2@oQx4&Zk6"  # the one that was replaced
WRONG = "Nc5!rLm8#tHb1*Pd"  # the one that no guess is about

# All reports but text and json, which have a run of their own.
REPORTS = ["jsonl", "sarif", "sarif-github", "junit", "gitlab", "github", "markdown", "html", "conftest", "policyreport",
           "openreports", "oscal", "openmetrics", "csv", "coverage"]

# Each gives something that depends on the password P.
ATTEMPTS = [
    "P",
    "'' + P + '!'",
    "P.substring(2, 9)",
    "P.charAt(3)",
    "P.split('')",
    "P.split('%')[0]",
    "P.split('').join('-')",
    "P.lowerAscii()",
    "P.upperAscii()",
    "P.reverse()",
    "P.replace('~', '')",
    "P.trim()",
    "strings.quote(P)",
    "base64.encode(bytes(P))",
    "string(base64.decode(base64.encode(bytes(P))))",
    "bytes(P)",
    "json.encode({'p': P})",
    "json.encode([object])",
    "json.parse('{\"k\": ' + strings.quote(P) + '}')",
    "json.parse('[' + strings.quote(P) + ']')[0]",
    "'%s and %s'.format([P, 'x'])",
    "[P, 'x'].join('/')",
    "[P]",
    "{'k': P}",
    "{P: 'v'}",
    "{P: 'v'}.map(k, k)",
    "[[P]].flatten()[0]",
    "optional.of(P)",
    "optional.of(P).value()",
    "optional.none().orValue(P)",
    "P.find('[a-zA-Z]+[0-9]')",
    "P.findAll('[^%]+')",
    "regex.replace(P, 'x', 'x')",
    "int(P)",
    "timestamp(P)",
    "quantity(P)",
    "url(P)",
    "image(P)",
    "P.matches('(' + P)",
    "{'a': 1}[P]",
    "[1][dyn(P)]",
    "P + 1",
    "{'x': P, 'x' + '': P}",
    "cel.bind(p, P, p + p)",
    "[P].transformMap(i, v, {v: i})",
    "[P, 'b'].sort()",
    "variables.p.substring(1)",
    "object",
    "oldObject",
    "resource.item",
    "resource",
]
# Each guesses: a password that is the guess and one that is not must look the same.
GUESSES = [
    "P.startsWith('qZ7') ? 'it begins with qZ7~' : 'not with qZ7~'",
    "P == '" + SECRET + "' ? '" + SECRET[:8] + "' : 'no'",
    "['qZ7~xW', 'Aa'].filter(c, P.startsWith(c))",
    "['qZ7~xW', 'Aa'].map(c, P.startsWith(c) ? c : '-')",
    "['Aa', 'qZ7~xW'].sortBy(c, P.startsWith(c) ? 0 : 1)[0]",
    "sets.contains(['qZ7~xWj9%kVy3^Gw'], [P]) ? 'qZ7~xWj9' : 'no'",
    "[P] == ['qZ7~xWj9%kVy3^Gw'] ? 'qZ7~xWj9' : 'no'",
    "'qZ7~xWj9%kVy3^Gw' in [P] ? 'qZ7~xWj9' : 'no'",
    "size([?P == 'qZ7~xWj9%kVy3^Gw' ? optional.of(1) : optional.none()]) == 1 ? 'qZ7~xWj9' : 'no'",
    "size({?'k': P == 'qZ7~xWj9%kVy3^Gw' ? optional.of(1) : optional.none()}) == 1 ? 'qZ7~xWj9' : 'no'",
    "[P].exists(p, p == 'qZ7~xWj9%kVy3^Gw') ? 'qZ7~xWj9' : ''",
]
# What a document as a whole is asked.
WHOLE = [
    "object",
    "json.encode(object)",
    "object.?resource_changes",
    "object.?resource_changes[0].?change",
    "object.?planned_values",
    "object.?prior_state",
    "object.?variables",
    "object.?configuration.?root_module.?variables",
    "object.?output_changes",
    "object.?outputs",
    "object.?values",
    "object.?resources",
    "object.?data",
    "object.?items",
    "resource.item",
]


def plan():
    attributes = {"name": "n", "password": SECRET, "nested": [{"token": SECRET, "user": "u"}]}
    before = {"name": "n", "password": OTHER, "nested": [{"token": OTHER, "user": "u"}]}
    marks = {"password": True, "nested": [{"token": True}]}
    neighbour = {"address": "free.y", "mode": "managed", "type": "free", "name": "y",
                 "change": {"actions": ["create"], "before": None, "after": {"name": "y"}, "after_unknown": {},
                            "after_sensitive": {}}}
    bound = {"address": "db.x", "mode": "managed", "type": "db", "name": "x",
             "change": {"actions": ["update"], "before": before, "after": attributes, "after_unknown": {},
                        "before_sensitive": marks, "after_sensitive": marks}}
    gone = {"address": "db.z", "mode": "managed", "type": "db", "name": "z",
            "change": {"actions": ["update"], "before": before, "after": {"name": "n"}, "after_unknown": {},
                       "before_sensitive": marks, "after_sensitive": {}}}
    values = {"root_module": {"resources": [{"address": "db.x", "type": "db", "name": "x", "values": attributes,
                                             "sensitive_values": marks}]},
              "outputs": {"o": {"sensitive": True, "value": SECRET}}}
    return {"format_version": "1.2", "variables": {"v": {"value": SECRET}, "open": {"value": "o"}},
            "resource_changes": [neighbour, bound, gone, dict(neighbour, address="free.z")], "planned_values": values,
            "prior_state": {"values": values},
            "output_changes": {"o": {"actions": ["create"], "before": None, "after": SECRET, "after_sensitive": True}},
            "configuration": {"root_module": {"variables": {"v": {"default": SECRET, "sensitive": True}, "open": {}}}}}


def shown_state():
    return {"format_version": "1.0", "terraform_version": "1.9.0", "values": plan()["planned_values"]}


def raw_state():
    return {"version": 4, "terraform_version": "1.9.0", "lineage": "l", "outputs": {"o": {"value": SECRET, "sensitive": True}},
            "resources": [{"mode": "managed", "type": "db", "name": "x", "provider": "p", "instances": [
                {"attributes": {"name": "n", "password": SECRET}, "sensitive_attributes": [[{"type": "get_attr", "value": "password"}]]}]}]}


def kubernetes_secret():
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "annotations": {
        "kubectl.kubernetes.io/last-applied-configuration": json.dumps({"stringData": {"password": SECRET}})}},
            "data": {"password": base64.b64encode(SECRET.encode()).decode()}, "stringData": {"password": SECRET}}


def documents():
    pair = [kubernetes_secret(), {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "free"}, "data": {}}]
    whole = {"plan": plan(), "state": shown_state(), "raw": raw_state(), "secret": kubernetes_secret(),
             "list": {"apiVersion": "v1", "kind": "List", "items": pair}}
    for name, value in whole.items():
        yield f"{name}-line.json", json.dumps(value)
        yield f"{name}.json", json.dumps(value, indent=2)
    yield "secret.yaml", f"apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData: {{password: '{SECRET}'}}\n"


def guardrail(name, kinds, extra, validations):
    return {"guardrail": name, "title": "t", "match": {"kinds": kinds}, **extra, "validations": validations}


def policies(attempts):
    """One guardrail for each attempt: in a message, as the condition, under each, as a map's key, in old values."""
    password = "dyn(has(object.password) ? object.password : object.?stringData.?password.orValue('none'))"
    old = "dyn(oldObject == null ? 'none' : oldObject.?password.orValue('none'))"
    for number, attempt in enumerate(attempts):
        validations = []
        for side, value in (("now", password), ("old", old)):
            text = attempt.replace("P", value) if attempt not in ("object", "oldObject") else attempt
            text = text.replace("variables." + value, "variables.p")
            validations += [
                {"name": f"message-{side}", "expression": "false", "message": "leak { " + text + " }"},
                {"name": f"condition-{side}", "expression": f"dyn({text})"},
                {"name": f"each-{side}", "each": f"[dyn({text})]", "expression": "size(string(item)) < 0", "message": "{key} {item}"},
                {"name": f"keys-{side}", "each": "{string(dyn(" + text + ")): 1}", "expression": "size(key) < 0"},
            ]
            if attempts is ATTEMPTS:
                validations.append({"name": f"compared-{side}", "expression": f"dyn({text}) == dyn('no')"})
        yield guardrail(f"a{number}", ["db", "v1/Secret", "free", "v1/ConfigMap"],
                        {"variables": [{"name": "p", "expression": password}]}, validations)


def whole_policies():
    for number, attempt in enumerate(WHOLE):
        yield guardrail(f"w{number}", ["document"], {}, [
            {"name": "message", "expression": "false", "message": "leak { " + attempt + " }"},
            {"name": "condition", "expression": f"dyn({attempt})"}])
    yield {"kind": "part", "of": {"target": "terraform", "kinds": ["db", "free"]}, "each": "[object, resource.item]",
           "name": "item.?password.orValue('p')", "object": {"copy": "item.?password.orValue('')", "name": "item.name"}}
    yield guardrail("parts", ["part"], {}, [{"name": "v", "expression": "object.copy == ''",
                                             "message": "{resource.name} {resource.address} {object} {resource.item} {parent}"}])
    # Nothing to hide in this one, but for what stands next to it in the text.
    yield guardrail("neighbour", ["free", "v1/ConfigMap"], {}, [{"name": "v", "expression": "object.name == 'x'"}])


def traces(secret):
    forms = {secret, secret.upper(), secret.lower(), secret[::-1], secret.encode().hex()}
    for start in range(3):  # base64 at each alignment
        forms.add(base64.b64encode(secret.encode()[start:]).decode().rstrip("=")[:-1])
    found = {form[i:i + 3] for form in forms for i in range(len(form) - 2)}
    found = {trace for trace in found if not trace.isalnum() or any(c.isupper() for c in trace) and any(c.islower() or c.isdigit() for c in trace)}
    return found | {secret.encode().hex()[i:i + 8] for i in range(0, 24, 2)} | {", ".join(map(str, secret.encode()[:4]))}


def search(text):
    return sorted(trace for secret in (SECRET, OTHER) for trace in traces(secret) if trace in text)


def run(berm, *args):
    done = subprocess.run([berm, *args], capture_output=True, text=True, timeout=250)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(args)}: exit code {done.returncode}\n{done.stderr[:2000]}")
    return done.stdout + done.stderr


def judging(rules, document):
    check = ["check", "-p", rules, "--now", "2026-01-01", "--verbose"]
    yield check + ["-o", "text", document]
    yield check + ["-o", "json", document]
    yield check + [word for report in REPORTS for word in ("-o", report)] + [document]
    yield ["explain", "-p", rules, "--now", "2026-01-01", document]


def write_policies(path, found):
    path.write_text("---\n".join(json.dumps(policy) + "\n" for policy in found))
    return str(path)


def attempt_all(berm, folder):
    """What is said and shown of every document."""
    rules = write_policies(folder / "rules.yaml", [*policies(ATTEMPTS), *whole_policies()])
    for name, text in documents():
        document = folder / name
        document.write_text(text)
        for command in judging(rules, str(document)):
            yield f"{command[0]} {' '.join(command[-2:])}", run(berm, *command)
        for attempt in WHOLE[:-1]:
            yield f"eval {attempt} {name}", run(berm, "eval", attempt, str(document))


def guess_all(berm, folder):
    """The commands whose output tells a right guess from a wrong one."""
    rules = write_policies(folder / "guesses.yaml", policies(GUESSES))
    for name, text in documents():
        document = folder / name
        said = []
        for secret in (SECRET, WRONG):
            encoded = [base64.b64encode(s.encode()).decode() for s in (SECRET, secret)]
            document.write_text(text.replace(SECRET, secret).replace(*encoded))
            # The digest of the document is another one: it is evidence of the whole text, and is meant to be.
            digest = hashlib.sha256(document.read_bytes()).hexdigest()
            said.append([run(berm, *command).replace(digest, "digest") for command in judging(rules, str(document))])
        yield from (f"{name}: command {i} tells the guesses apart" for i in range(4) if said[0][i] != said[1][i])


def main(args):
    berm, faults, looked = args[0], [], 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for what, output in attempt_all(berm, folder):
            looked += len(output)
            faults += [f"{what}: {trace!r}" for trace in search(output)]
        faults += guess_all(berm, folder)
        # The search works: the same without marks is full of it.
        open_plan = plan()
        for change in open_plan["resource_changes"]:
            change["change"].update(after_sensitive={}, before_sensitive={})
        (folder / "open.json").write_text(json.dumps(open_plan))
        shown = run(berm, "check", "-p", str(folder / "rules.yaml"), "--now", "2026-01-01", str(folder / "open.json"))
        if len(search(shown)) < 40:
            faults.append("a plan that calls nothing sensitive is hidden, too: the search proves nothing")
    print("\n".join(faults[:60]) or f"{len(ATTEMPTS)} attempts, {len(GUESSES)} guesses, {len(WHOLE)} questions: nothing in {looked} bytes")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
