"""What tests/hostile/run tries: how each input is made, how large, and what has to come of it."""
import json
import os
from dataclasses import dataclass
from typing import Callable

import collide

GUARDRAIL = """guardrail: %s
title: T
match: {kinds: [%s]}
validations:
  - {name: v, expression: "%s", message: m}
"""


@dataclass
class Attack:
    name: str
    make: Callable  # (folder, size) -> arguments of the command
    small: int
    full: int
    exit_code: int
    says: str = ""  # a pattern
    small_says: str = ""  # where the small size is within the limit
    small_exit: int = 0
    peak: float = 40  # bytes of memory for a byte of input, beside 64 MiB
    seconds: float = 2  # of the processor, beside
    rate: float = 0.5  # MiB of input in a second


def write(folder, name, parts):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        for part in [parts] if isinstance(parts, str) else parts:
            file.write(part)
    return path


def check(folder, document, policy=None, *options):
    return ["check", "--now", "2026-11-28", "-p", policy or write(folder, "p.yaml", GUARDRAIL % ("g", "document", "true")),
            *options, document]


# --- documents ---

def alias_bomb(folder, levels):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]\n"]
    for i in range(1, levels):
        lines.append(f"a{i}: &a{i} [" + ", ".join([f"*a{i - 1}"] * 9) + "]\n")
    return check(folder, write(folder, "d.yaml", lines))


def merge_bomb(folder, levels):
    lines = ["a0: &a0 {k: 1}\n"]
    for i in range(1, levels):
        lines.append(f"a{i}: &a{i} {{" + ", ".join(f"k{i}{j}: *a{i - 1}" for j in range(9)) + f", <<: *a{i - 1}}}\n")
    return check(folder, write(folder, "d.yaml", lines))


def deep_json(folder, depth):
    return check(folder, write(folder, "d.json", "[" * depth + "]" * depth))


def deep_json_maps(folder, depth):
    return check(folder, write(folder, "d.json", '{"a":' * depth + "1" + "}" * depth))


def deep_yaml_flow(folder, depth):
    return check(folder, write(folder, "d.yaml", "[" * depth + "]" * depth))


def deep_yaml_block(folder, depth):
    return check(folder, write(folder, "d.yaml", "- " * depth + "x\n"))


def deep_yaml_keys(folder, depth):
    return check(folder, write(folder, "d.yaml", "? " * depth + "x\n"))


def unclosed_yaml(folder, depth):
    return check(folder, write(folder, "d.yaml", "{a: [" * depth))


def colliding_keys_json(folder, count):
    members = (("{" if i == 0 else ",") + json.dumps(name) + ":1" for i, name in enumerate(collide.names(count)))
    return check(folder, write(folder, "d.json", (*members, "}")),
                 write(folder, "p.yaml", GUARDRAIL % ("g", "document", f"size(object) == {count} && !('x' in object)")))


def plan_of(names):
    yield '{"format_version":"1.2","terraform_version":"1.9.0","resource_changes":['
    for i, name in enumerate(names):
        yield (f'{"," if i else ""}{{"address":"t.{name}","mode":"managed","type":"t","name":"n",'
               '"change":{"actions":["create"],"before":null,"after":{"a":1}}}')
    yield "]}"


def colliding_keys_yaml(folder, count):
    return check(folder, write(folder, "d.yaml", (json.dumps(name) + ": 1\n" for name in collide.names(count))),
                 write(folder, "p.yaml", GUARDRAIL % ("g", "document", f"size(object) == {count} && !('x' in object)")))


def colliding_kinds(folder, count, *options):
    """A target of its own, so that the names are the kinds themselves and all addresses are one."""
    target = ("target: shop\ntitle: Shop\ndetect: 'true'\n"
              "resources: [{path: '[*]', kind: item, name: \"'a'\", address: \"'a'\"}]\n---\n")
    kinds = [("[" if i == 0 else ",") + json.dumps(name) for i, name in enumerate(collide.names(count))]
    return check(folder, write(folder, "d.json", (*kinds, "]")),
                 write(folder, "p.yaml", target + GUARDRAIL % ("g", "'*'", "true")), *options)


def colliding_before(folder, count):
    return [*colliding_kinds(folder, count), "--before", os.path.join(folder, "d.json")]


def colliding_configuration(folder, count):
    configured = (f'{"," if i else ""}{{"address":{json.dumps(name)},"mode":"managed","type":"t","name":"n","expressions":{{}}}}'
                  for i, name in enumerate(collide.names(count)))
    plan = '"resource_changes":[{"address":"t.n","mode":"managed","type":"t","name":"n","change":{"actions":["create"],"after":{"a":1}}}]'
    return check(folder, write(folder, "d.json", (
        '{"format_version":"1.2","terraform_version":"1.9.0","configuration":{"root_module":{"resources":[',
        *configured, "]}},", plan, "}")), write(folder, "p.yaml", GUARDRAIL % ("g", "t", "object.a == 1")))


def repeated_keys(folder, count):
    return check(folder, write(folder, "d.json", ["{"] + ['"a":1,'] * count + ['"a":1}']))


def long_string_json(folder, size):
    return check(folder, write(folder, "d.json", ['{"a":"'] + ["x" * 1000000] * (size // 1000000) + ['"}']))


def long_string_yaml(folder, size):
    return check(folder, write(folder, "d.yaml", ["a: "] + ["x" * 1000000] * (size // 1000000) + ["\n"]))


def long_comment_yaml(folder, size):
    return check(folder, write(folder, "d.yaml", ["# "] + ["x" * 1000000] * (size // 1000000) + ["\na: 1\n"]))


def long_number(folder, size):
    return check(folder, write(folder, "d.json", ['{"a":'] + ["9" * 1000000] * (size // 1000000) + ["}"]))


def many_documents(folder, count):
    return check(folder, write(folder, "d.yaml", ["--- {}\n"] * count))


def many_values(folder, count):
    return check(folder, write(folder, "d.json", ["[0"] + [",0"] * count + ["]"]))


def many_findings(folder, count):
    return check(folder, write(folder, "d.json", plan_of(range(count))),
                 write(folder, "p.yaml", GUARDRAIL % ("g", "t", "object.a == 2")), "-o", "json")


# --- policies ---

def many_guardrails(folder, count):
    policy = ["---\n" + GUARDRAIL % (f"g{i}", "document", f"object.a < {i + 1}") for i in range(count)]
    return check(folder, write(folder, "d.json", '{"a": 0}'), write(folder, "p.yaml", policy))


def many_validations(folder, count):
    policy = ["guardrail: g\ntitle: T\nmatch: {kinds: [document]}\nvalidations:\n"]
    policy += [f"  - {{name: v{i}, expression: 'object.a < {i + 1}'}}\n" for i in range(count)]
    return check(folder, write(folder, "d.json", '{"a": 0}'), write(folder, "p.yaml", policy))


def many_faults(folder, count):
    policy = ["---\n" + GUARDRAIL % (f"g{i}", "document", "nobody + ") for i in range(count)]
    return check(folder, write(folder, "d.json", "{}"), write(folder, "p.yaml", policy))


def many_globs(folder, count):
    policy = ["---\n" + GUARDRAIL % (f"g{i}", f"'*{i}*{i}*b'", "true") for i in range(count)]
    objects = (f"---\napiVersion: v1\nkind: {'a' * 50}{i}\nmetadata: {{name: a}}\n" for i in range(count))
    return check(folder, write(folder, "d.yaml", objects), write(folder, "p.yaml", policy))


def expression(before, inner, after):
    def make(folder, depth):
        return ["eval", "-e", before * depth + inner + after * depth]
    return make


def expression_in_policy(folder, depth):
    return check(folder, write(folder, "d.json", "{}"),
                 write(folder, "p.yaml", GUARDRAIL % ("g", "document", "(" * depth + "true" + ")" * depth)))


def deep_policy(folder, depth):
    return check(folder, write(folder, "d.json", "{}"), write(folder, "p.yaml", "guardrail: " + "[" * depth + "]" * depth))


def loops(expression_text):
    def make(folder, count):
        digits = "[" + ",".join(["0"] * count) + "]"
        return check(folder, write(folder, "d.json", f'{{"l": {digits}}}'),
                     write(folder, "p.yaml", GUARDRAIL % ("g", "document", expression_text)))
    return make


def loops_of_many(folder, count):
    loop = "object.l.exists(a, object.l.exists(b, a + b == 1))"
    policy = ["---\n" + GUARDRAIL % (f"g{i}", "document", loop) for i in range(count)]
    digits = "[" + ",".join(["0"] * 300) + "]"
    return check(folder, write(folder, "d.json", f'{{"l": {digits}}}'), write(folder, "p.yaml", policy))


def gatekeeper_defaults(folder, count):
    names = list(collide.names(count))
    properties = "".join(f"              {json.dumps(name)}: {{type: integer, default: 1}}\n" for name in names)
    values = "".join(f"    {json.dumps(name)}: 2\n" for name in names)
    policy = f"""apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {{name: k8sthing}}
spec:
  crd:
    spec:
      names: {{kind: K8sThing}}
      validation:
        openAPIV3Schema:
          type: object
          properties:
{properties}  targets:
    - target: admission.k8s.gatekeeper.sh
      code:
        - engine: K8sNativeValidation
          source:
            validations: [{{expression: "true", message: m}}]
---
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: K8sThing
metadata: {{name: one}}
spec:
  match: {{kinds: [{{apiGroups: [""], kinds: [Pod]}}]}}
  parameters:
{values}"""
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
    return check(folder, write(folder, "d.yaml", pod), write(folder, "p.yaml", policy))


COST = "went over its cost limit"
THREE_LOOPS = "object.l.map(a, object.l.map(b, object.l.map(c, c))).size() == 0"
ATTACKS = [
    Attack("alias-bomb", alias_bomb, 9, 12, 3, "B0203"),
    Attack("alias-bomb-merged", merge_bomb, 9, 12, 3, "B0203"),
    Attack("deep-json", deep_json, 5000, 100000, 3, "B0114"),
    Attack("deep-json-maps", deep_json_maps, 5000, 100000, 3, "B0114"),
    Attack("deep-yaml-flow", deep_yaml_flow, 5000, 100000, 3, "B0114"),
    Attack("deep-yaml-block", deep_yaml_block, 5000, 100000, 3, "B0114"),
    Attack("deep-yaml-keys", deep_yaml_keys, 5000, 100000, 3, "B0\\d{3}"),
    Attack("deep-yaml-unclosed", unclosed_yaml, 5000, 100000, 3, "B0114"),
    Attack("colliding-keys-json", colliding_keys_json, 50000, 1000000, 0, " 1 passed"),
    Attack("colliding-keys-yaml", colliding_keys_yaml, 50000, 1000000, 0, " 1 passed"),
    Attack("colliding-kinds", colliding_kinds, 50000, 1000000, 0, "{size} resources .* {size} passed", rate=2),
    Attack("colliding-before", colliding_before, 50000, 1000000, 0, "{size} resources .* {size} passed", rate=2),
    Attack("colliding-configuration", colliding_configuration, 50000, 1000000, 0, "1 resources .* 1 passed", rate=2),
    Attack("repeated-keys", repeated_keys, 100000, 10000000, 0),
    Attack("long-string-json", long_string_json, 20000000, 500000000, 3, "B0117", " 1 passed"),
    Attack("long-string-yaml", long_string_yaml, 20000000, 500000000, 3, "B0117", " 1 passed"),
    Attack("long-comment-yaml", long_comment_yaml, 20000000, 500000000, 0, " 1 passed"),
    Attack("long-number", long_number, 2000000, 500000000, 3, "B0107|B0117"),
    Attack("many-documents", many_documents, 20000, 1000000, 0, " {size} passed"),
    Attack("many-values", many_values, 200000, 100000000, 3, "B0116", " 1 passed"),
    Attack("many-findings", many_findings, 5000, 1000000, 3, "B0706", "\"verdict\": \"fail\"", small_exit=1),
    Attack("many-guardrails", many_guardrails, 2000, 100000, 0, " {size} passed"),
    Attack("many-validations", many_validations, 2000, 100000, 0, " {size} passed"),
    Attack("many-faults", many_faults, 2000, 100000, 2, "B0\\d{3}"),
    # Each glob is compared with each kind, which takes fuel: 10^8 comparisons are a tenth of it.
    Attack("many-globs", many_globs, 500, 10000, 0, seconds=60),
    Attack("nested-parentheses", expression("(", "true", ")"), 10000, 10000, 2, "B0\\d{3}"),
    Attack("nested-not", expression("!", "true", ""), 10000, 10000, 0, "true"),
    Attack("nested-minus", expression("-", "x", ""), 10000, 10000, 2, "B0\\d{3}"),
    Attack("nested-lists", expression("[", "", "]"), 10000, 10000, 2, "B0\\d{3}"),
    Attack("nested-maps", expression("{1:", "1", "}"), 10000, 10000, 2, "B0\\d{3}"),
    Attack("nested-calls", expression("size(", "[]", ")"), 10000, 10000, 2, "B0\\d{3}"),
    Attack("nested-choices", expression("true?1:", "1", ""), 10000, 10000, 2, "B0\\d{3}"),
    Attack("nested-sums", expression("", "1", "+1"), 10000, 10000, 2, "B0\\d{3}"),
    Attack("nested-fields", expression("", "[1]", ".a"), 10000, 10000, 2, "B0\\d{3}"),
    Attack("nested-macros", expression("[1].all(x,", "true", ")"), 5000, 5000, 2, "B0\\d{3}"),
    Attack("nested-in-policy", expression_in_policy, 10000, 10000, 2, "B0\\d{3}"),
    Attack("deep-policy", deep_policy, 5000, 100000, 2, "B0114"),
    Attack("loop-of-10^9", loops(THREE_LOOPS), 1000, 1000, 1, COST),
    Attack("loop-of-10^9-exists", loops("object.l.exists(a, object.l.exists(b, object.l.exists(c, c == 1)))"), 1000, 1000, 1,
           COST),
    Attack("loops-of-many", loops_of_many, 50, 50000, 3, "B0702", "{size} failed", small_exit=1, seconds=600),
    Attack("gatekeeper-defaults", gatekeeper_defaults, 2000, 100000, 0, " 1 passed"),
]
