#!/usr/bin/env python3
"""schema.py ROOT: the JSON Schema for editors takes every policy that is shipped, and refuses what is faulty."""
import copy
import json
import pathlib
import sys

try:
    import jsonschema
    import yaml
except ImportError:
    print("no jsonschema or no yaml: nothing is checked")
    sys.exit(77)


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML 1.2 as far as policies need it: dates and yes/no/on/off are strings."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers
            if tag != "tag:yaml.org,2002:timestamp" and not (tag.endswith(":bool") and first not in "tTfF")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}

SOUND = {"guardrail": "g", "title": "t", "match": {"kinds": ["thing"]}, "validations": [{"name": "v", "expression": "object.a"}]}
FAULTY = [
    {"guardrail": "g"}, {**SOUND, "severity": "terrible"}, {**SOUND, "severty": "high"}, {**SOUND, "guardrail": "1 2"},
    {**SOUND, "validations": [{"name": "v"}]}, {**SOUND, "validations": {"name": "v", "expression": "a"}},
    {**SOUND, "match": {"kinds": "thing"}}, {**SOUND, "match": {"kinds": ["thing"], "actions": ["explode"]}},
    {**SOUND, "validations": [{"name": "v", "expression": True}]}, {**SOUND, "waivable": {"maxDays": -1}},
    {**SOUND, "tests": [{"name": "t"}]}, {**SOUND, "controls": [{"framework": "cis"}]},
    {"kind": "k", "of": {"target": "t"}, "each": "a"}, {"parameter": "p"}, {"target": "t", "title": "t"}, {"gaurdrail": "g"}, [SOUND]]


def main(root):
    root = pathlib.Path(root)
    schema = json.loads((root / "share/berm-policy.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    check = jsonschema.Draft7Validator(schema)
    faults, count = [], 0
    for path in sorted((root / "policies").rglob("*.yaml")):
        for document in yaml.load_all(path.read_text(encoding="utf-8"), Loader):
            count += 1
            faults += [f"{path}: {'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in check.iter_errors(document)]
    for document in ([SOUND, None, {"apiVersion": "v1", "kind": "ConfigMap"}]):
        faults += [f"{document}: {e.message}" for e in check.iter_errors(copy.deepcopy(document))]
    faults += [f"not refused: {document}" for document in FAULTY if check.is_valid(document)]
    print("\n".join(faults) if faults else f"{count} documents, {len(FAULTY)} faulty ones")
    return 1 if faults or count < 20 else 0


sys.exit(main(*sys.argv[1:]))
