"""targets.py BERM SHARED [-v] [FOLDER...]: real files as the targets see them.

For each folder of SHARED/corpora whose documents are of a shipped target: the documents by the target that claims them,
the resources listed (and those derived from them), what could not be read or claimed, resources that cannot be told, and
addresses that two resources of one file share. Then every document is written again as JSON, with the members of its
maps and the elements of lists whose elements have names in another order: it must give the same addresses.

Prints a row for each folder. With -v also each document that another target claims, each error and each address that is
shared or moved. Exit 1 when an address moves, a resource cannot be told, a document of a folder is claimed by a target that
none of its documents should be, or more documents than are known to be something else are claimed by none.
"""
import collections
import csv
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

try:
    import yaml
except ImportError:
    yaml = None

# What a folder's documents are; what else some of them are: assets that plans were converted to, constraints that look at
# assets, reviews among manifests, workflows of a repository of manifests.
KUBERNETES = {"kubernetes"}
FOLDERS = {
    "tfplan": {"terraform", "gcp-asset"},
    "tfstate": {"terraform"},
    "k8s-manifests": KUBERNETES,
    "k8s-api-roundtrip": KUBERNETES | {"admission-review"},
    "k8s-podsecurity": KUBERNETES,
    "k8s-gatekeeper": KUBERNETES | {"admission-review"},
    "k8s-kyverno": KUBERNETES,
    "helm": KUBERNETES,
    "gitops-argo-flux": KUBERNETES | {"github-actions"},
    "k8s-admissionreview": {"admission-review"},
    "cfn": {"cloudformation"},
    "arm": {"azure-arm"},
    "pulumi": {"pulumi-preview"},
    "github-actions": {"github-actions"},
    "gitlab-ci": {"gitlab-ci"},
    "docker-compose": {"docker-compose"},
    "ansible": {"ansible"},
    "gcp-cai": {"gcp-asset", "kubernetes"},
}
FALLBACK = {"json", "yaml"}
# How many documents nobody claims, and what they are.
UNCLAIMED = {
    "k8s-manifests": 7,  # a kustomization and a document of comments without a kind, a dashboard, a Swagger file, settings
    "k8s-api-roundtrip": 2,  # a WatchEvent, which has no kind
    "k8s-gatekeeper": 1,  # a kustomization without a kind
    "k8s-kyverno": 37,  # Artifact Hub's files, kustomizations without a kind
    "helm": 209,  # values and their schemas, Chart.yaml
    "gitops-argo-flux": 1,  # a document of comments
    "gitlab-ci": 8,  # headers without inputs, files of variables, jobs without a script
    "gcp-cai": 1,  # a constraint's parameters
}
BAD = {"primary_identifiers.yaml"}  # a fixture of cfn-lint whose Type is a map
BATCH = 100
DERIVED = ["pod", "container", "image", "job", "job.hidden", "step", "module", "aws.ingress", "iam.statement", "gitops.source"]
SPY = f"""\
guardrail: document
title: The target of a document
match: {{kinds: [document]}}
validations: [{{name: is, expression: "false", message: "{{resource.target}}"}}]
---
guardrail: resource
title: Whatever is listed or derived
match:
  kinds: ["*", {", ".join(DERIVED)}]
  actions: [none, create, update, replace, delete, forget, read, no-op, drift]
validations: [{{name: is, expression: "false", message: "{{resource.target}}"}}]
"""

# --- reading documents, as YAML's core schema has it, short forms of CloudFormation written out ---


class Loader(yaml.SafeLoader if yaml else object):
    yaml_implicit_resolvers = {}


def construct_tagged(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = node.value
        if suffix == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix in ("vault", "unsafe"):
        return value
    if suffix == "reference":
        return {"!reference": value}
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


if yaml:
    for tag, pattern, first in [
            ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
            ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
            ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
            ("null", r"~|null|Null|NULL|", "~nN\0"),
            ("merge", "<<", "<")]:
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"(?:{pattern})$"),
                                     [c if c != "\0" else "" for c in first])
    Loader.add_multi_constructor("!", construct_tagged)


def json_documents(text):
    decoder, documents, at = json.JSONDecoder(), [], 0
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        document, at = decoder.raw_decode(text, at)
        documents.append(document)
    return documents


def documents_of(path):
    """The documents of a file; None where Python reads it otherwise or not at all."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        if path.suffix in (".json", ".template", ".ndjson") and text.lstrip()[:1] in ("{", "["):
            return json_documents(text)
        return [d for d in yaml.load_all(text, Loader) if d is not None]
    except (ValueError, TypeError, yaml.YAMLError, RecursionError):
        return None

# --- another order ---


def names_of(element):
    """Whatever an element of a list is told by."""
    if not isinstance(element, dict):
        return set()
    meta = element.get("metadata")
    names = [(key, element.get("type") if key == "name" else None, element.get(key))
             for key in ("address", "urn", "name", "id", "Sid", "uses")]
    if isinstance(meta, dict):
        names.append(("meta", element.get("kind"), meta.get("namespace"), meta.get("name")))
    # A name that is worked out later names nothing yet.
    return {name for name in map(repr, names) if not name.endswith("None)") and "${{" not in name}


def reordered(value, chance):
    if isinstance(value, dict):
        members = [(key, reordered(member, chance)) for key, member in value.items()]
        chance.shuffle(members)
        return dict(members)
    if isinstance(value, list):
        elements = [reordered(element, chance) for element in value]
        names = [names_of(element) for element in value]
        if all(names) and sum(map(len, names)) == len(set().union(*names)):
            chance.shuffle(elements)
        return elements
    return value

# --- what the command sees ---


class Seen:
    """What one file gave."""

    def __init__(self):
        self.targets, self.resources, self.errors = collections.Counter(), collections.Counter(), []
        self.listed = 0

    def take(self, finding):
        if finding["verdict"] == "error" or finding["guardrail"] == "":
            if finding["verdict"] == "error":
                self.errors.append(f"{finding['kind']} {finding['address']}: {finding['message']}")
        elif finding["guardrail"] == "document":
            self.targets[finding["message"]] += 1
        else:
            drift = " (drift)" if finding["action"] == "drift" else ""  # what changes and has drifted is listed for each
            self.resources[f"{finding['kind']} {finding['address']}{drift}"] += 1
            self.listed += finding["kind"] not in DERIVED


def run(berm, spy, paths):
    """{path: Seen}; the reports on stderr are errors of their file."""
    seen = collections.defaultdict(Seen)
    for start in range(0, len(paths), BATCH):
        batch = [str(path) for path in paths[start:start + BATCH]]
        done = subprocess.run([berm, "check", "-p", spy, "-o", "json", "--no-color", "--", *batch], capture_output=True,
                              timeout=600)
        errors = done.stderr.decode("utf-8", "replace")
        for code, message, path in re.findall(r"^error\[(B\d{4})\]: (.*)\n  --> (.*?)(?::\d+:\d+)?$", errors, re.MULTILINE):
            seen[path].errors.append(f"{code}: {message}")
        report = done.stdout.decode("utf-8", "replace")
        if not report.strip():
            raise SystemExit(f"exit {done.returncode} without a report: {errors[-2000:]}")
        for finding in json.loads(report)["findings"]:
            seen[finding["location"]["file"]].take(finding)
    return seen


def listed_files(folder):
    with open(folder / "SOURCES.tsv", encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            if (folder / row["file"]).is_file() and row["parse"].startswith("ok"):
                yield folder / row["file"]


def write_reordered(work, number, documents, chance):
    """One file for one file: resources of one address are told apart within it."""
    path = work / f"{number}.ndjson"
    path.write_text("".join(json.dumps(reordered(d, chance)) + "\n" for d in documents), encoding="utf-8")
    return path


def alike(targets):
    """JSON and YAML that nobody claims are the same thing."""
    return collections.Counter(target for target in targets.elements() if target not in FALLBACK)


def check_order(berm, spy, work, files, seen, say):
    chance, written, moved = random.Random(4), {}, 0
    for number, path in enumerate(files):
        documents = documents_of(path)
        if documents and not any(re.match(r"B\d{4}", error) for error in seen[str(path)].errors):
            written[path] = write_reordered(work, number, documents, chance)
    again = run(berm, spy, list(written.values()))
    for path, other in written.items():
        before, after = seen[str(path)], again[str(other)]
        if alike(before.targets) != alike(after.targets) or before.resources != after.resources:
            moved += 1
            gone, new = list(before.resources - after.resources), list(after.resources - before.resources)
            say(f"moved: {path}: {dict(after.targets)} {gone[:3]} -> {new[:3]}")
    return len(written), moved


def look_at(berm, spy, folder, expected, say):
    files = list(listed_files(folder))
    seen = run(berm, spy, files)
    targets, errors, unlisted, shared, other, listed, derived, refused = collections.Counter(), 0, 0, 0, 0, 0, 0, 0
    for path in files:
        one = seen[str(path)]
        targets += one.targets
        listed += one.listed
        derived += sum(one.resources.values()) - one.listed
        codes = [error for error in one.errors if re.match(r"B\d{4}", error)]
        refused += bool(codes)
        errors += len(one.errors) - len(codes)
        unlisted += (len(one.errors) - len(codes)) * (path.name not in BAD)
        for error in one.errors:
            say(f"error: {path}: {error}")
        strange = set(one.targets) - expected - FALLBACK
        other += len(strange)
        if set(one.targets) - expected:
            say(f"other: {path}: {dict(one.targets)}")
        if sum(one.targets.values()) == 1:
            twice = [name for name, count in one.resources.items() if count > 1]
            shared += len(twice)
            if twice:
                say(f"shared: {path}: {twice[:4]}")
    with tempfile.TemporaryDirectory() as work:
        ordered, moved = check_order(berm, spy, pathlib.Path(work), files, seen, say) if yaml else (0, 0)
    counts = ", ".join(f"{target} {count}" for target, count in targets.most_common())
    print(f"{folder.name}: {len(files)} files, {refused} refused; documents: {counts}; {listed} resources, {derived} derived, "
          f"{errors} errors, {shared} addresses shared; {ordered} files in another order, {moved} moved", flush=True)
    unclaimed = sum(targets[target] for target in FALLBACK)
    return unlisted + moved + other + (unclaimed > UNCLAIMED.get(folder.name, 0))


def main(args):
    verbose = "-v" in args
    args = [arg for arg in args if arg != "-v"]
    if len(args) < 2:
        print(__doc__)
        return 2
    berm, shared, *folders = args
    corpora = pathlib.Path(shared) / "corpora"
    if not corpora.is_dir():
        print("skipped: no corpora")
        return 0
    faults = 0
    with tempfile.TemporaryDirectory() as work:
        spy = pathlib.Path(work) / "spy.yaml"
        spy.write_text(SPY, encoding="utf-8")
        for name in folders or FOLDERS:
            if (corpora / name).is_dir():
                faults += look_at(berm, str(spy), corpora / name, FOLDERS[name], print if verbose else lambda text: None)
    print(f"{faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
