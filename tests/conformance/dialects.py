#!/usr/bin/env python3
"""dialects.py BERM GATEKEEPER KYVERNO: what the authors of admission policies wrote down for them, and their policies.

GATEKEEPER and KYVERNO are corpora. Asked are:

  compiling   every policy in a dialect that Berm has; templates with one of their constraints
  labels      suite.yaml and kyverno-test.yaml, by `berm test --format`. A corpus keeps a file once: what a test names and
              is not there is looked for at the same place beside it (other-vpol, other-cel, other). Tests of policies
              without CEL, and objects that are nowhere, are left out and counted.
  pairs       where a policy is there as ClusterPolicy with CEL, as ValidatingPolicy and in pairs/guardrails.yaml, all
              three say the same of every resource of its tests

Differences are named in dialects_named.tsv, with the reason. Exit 1 when one is not, or when one that is no longer occurs.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

HERE = pathlib.Path(__file__).parent
NAMED = HERE / "dialects_named.tsv"


def load_all(path):
    with open(path, encoding="utf-8") as file:
        return [d for d in yaml.safe_load_all(file) if isinstance(d, dict)]


class Tally:
    def __init__(self):
        rows = [line.rstrip("\n").split("\t") for line in open(NAMED, encoding="utf-8") if not line.startswith("#")]
        self.named = {tuple(row[:3]) for row in rows}
        self.seen, self.counts, self.faults = set(), collections.Counter(), 0

    def note(self, sort, where, what):
        """A difference of a sort: where, and what came."""
        row = (sort, where, what)
        if row in self.named:
            self.seen.add(row)
            self.counts[f"{sort} differ, named"] += 1
            return
        self.faults += 1
        print("\t".join(row))

    def end(self):
        for row in sorted(self.named - self.seen):
            print("no longer occurs: " + "\t".join(row))
        for what, count in sorted(self.counts.items()):
            print(f"{count} {what}")
        return 1 if self.faults or self.named - self.seen else 0


# --- compiling ---

def has_cel(document):
    kind, spec = document.get("kind"), document.get("spec")
    if kind in ("ValidatingPolicy", "NamespacedValidatingPolicy", "ValidatingAdmissionPolicy"):
        return isinstance(spec, dict)  # without one it is what a test waits for, no policy
    if kind in ("ClusterPolicy", "Policy"):
        rules = (spec or {}).get("rules", [])
        return bool(rules) and all("cel" in r.get("validate", {}) for r in rules)
    return kind == "ConstraintTemplate" and any(
        c.get("engine") == "K8sNativeValidation" for t in spec["targets"] for c in t.get("code", []))


def compiles(berm, tally, corpus):
    for path in sorted(corpus.rglob("*.yaml")):
        try:
            documents = load_all(path)
        except yaml.YAMLError:
            continue
        if not any(map(has_cel, documents)):
            continue
        policies = [path] + sorted(path.parent.rglob("constraint.yaml"))[:1]
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as none:
            none.write("{}\n")
            none.flush()
            run = subprocess.run([berm, "check", *(a for p in policies for a in ("-p", p)), "--target", "json", none.name],
                                 capture_output=True, text=True, timeout=60)
        if run.returncode > 1:
            tally.note("compiling", str(path.relative_to(corpus)), run.stderr.split("\n")[0])
        else:
            tally.counts["policies compile"] += 1


# --- labels ---

def find_beside(path):
    """The file, or the one at its place in the folder beside it; None."""
    if path.is_file():
        return path
    text = str(path)
    for end in ("-cel", "-vpol", ""):
        other = pathlib.Path(re.sub(r"/(other|pod-security|best-practices)(?:-cel|-vpol)?/", rf"/\1{end}/", text))
        if other.is_file():
            return other
    return None


def ask_labels(berm, tally, fmt, name, label, document):
    """Runs a test document whose paths are absolute, and takes each line of what it says."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump(document, file)
        file.flush()
        run = subprocess.run([berm, "test", "--format", fmt, "--verbose", file.name], capture_output=True, text=True, timeout=120)
    if run.returncode > 1:
        tally.note("labels", name, "berm: " + (run.stderr or run.stdout).strip().split("\n")[-1])
        return
    lines = run.stdout.split("\n")
    for at, line in enumerate(lines):
        if line.startswith("ok "):
            tally.counts[f"labels agree, {label}"] += 1
        elif line.startswith("FAIL "):
            got = (lines[at + 2].strip() + ("; " + run.stderr.split("\n")[0] if "nothing" in lines[at + 2] else ""))
            tally.note("labels", f"{name}: {line[5:].strip()}", got)
        elif line.startswith("skip "):
            tally.counts["labels skipped by Berm"] += 1


def ask_suite(berm, tally, path):
    for document in load_all(path):
        kept = []
        for test in document.get("tests", []):
            template, constraint = find_beside(path.parent / test["template"]), find_beside(path.parent / test["constraint"])
            if not template or not constraint or not any(map(has_cel, load_all(template))):
                tally.counts["suites without CEL, or without a file"] += 1
                continue
            cases = [c for c in test.get("cases", []) if find_beside(path.parent / c["object"])]
            tally.counts["cases without their object"] += len(test.get("cases", [])) - len(cases)
            kept.append(test | {"template": str(template), "constraint": str(constraint), "cases":
                                [c | {"object": str(find_beside(path.parent / c["object"]))} for c in cases]})
        if kept:
            ask_labels(berm, tally, "gatekeeper", path.parent.name, "Gatekeeper", document | {"tests": kept})


def kyverno_inputs(path, test):
    """(policies, resources) of a test as they are found."""
    policies = [find_beside(path.parent / p) for p in test.get("policies", [])]
    return [p for p in policies if p], [r for r in (find_beside(path.parent / r) for r in test.get("resources", [])) if r]


def ask_kyverno(berm, tally, path):
    for test in load_all(path):
        policies, resources = kyverno_inputs(path, test)
        documents = [d for p in policies for d in load_all(p)]
        if not documents or not all(map(has_cel, documents)):
            tally.counts["tests without CEL"] += 1
            continue
        if not resources:
            tally.counts["tests without their resources"] += 1
            continue
        names = {d["metadata"]["name"] for r in resources for d in load_all(r)}
        results = []
        for result in test.get("results", []):
            known = [r for r in result.get("resources") or [result.get("resource")] if r.split("/")[-1] in names]
            if known:
                results.append(result | {"resources": known})
        ask_labels(berm, tally, "kyverno", "/".join(path.parts[-4:-2]), "Kyverno", test | {
            "policies": [str(p) for p in policies], "resources": [str(r) for r in resources], "results": results})


# --- pairs ---

WORST = ["skip", "pass", "error", "fail"]


def verdicts_of(berm, policy, only, resources):
    """The worst verdict of a policy on each document: {address: word}; a derived resource counts for what it is part of."""
    run = subprocess.run([berm, "check", "--verbose", "-o", "json", "--partial", "-p", policy, "--", *resources],
                         capture_output=True, text=True, timeout=120)
    if run.returncode > 1:
        return run.stderr.split("\n")[0]
    worst = collections.defaultdict(lambda: "skip")
    for finding in json.loads(run.stdout)["findings"]:
        if finding["guardrail"].split("@")[0] != only:
            continue
        word = {"skipped": "skip"}.get(finding["verdict"], finding["verdict"])
        address = f"{finding['location']['file']}: {re.sub(r'/pod(/.*)?$', '', finding['address'])}"
        worst[address] = max(worst[address], word, key=WORST.index)
    return dict(worst)


def ask_pairs(berm, tally, corpus):
    by_name = collections.defaultdict(dict)
    for path in sorted(corpus.rglob("*.yaml")):
        sort = next((s for s in ("-cel/", "-vpol/") if s in str(path)), None)
        if not sort or path.parent.name.startswith("."):
            continue
        for document in load_all(path):
            if has_cel(document):
                by_name[document["metadata"]["name"]][sort] = path
    natives = {d["guardrail"] for d in load_all(HERE / "pairs/guardrails.yaml")}
    for name, paths in sorted(by_name.items()):
        if len(paths) < 2:
            continue
        resources = sorted({str(r) for p in paths.values() for f in (".kyverno-test", ".chainsaw-test")
                            for beside in ("-cel/", "-vpol/", "/") for r in
                            pathlib.Path(re.sub(r"-(cel|vpol)/", beside, str(p.parent / f))).glob("*.yaml")
                            if r.name not in ("kyverno-test.yaml", "chainsaw-test.yaml", "policy-ready.yaml")})
        if not resources:
            tally.counts["pairs without resources"] += 1
            continue
        asked = {sort: verdicts_of(berm, path, name, resources) for sort, path in paths.items()}
        if name in natives:
            asked["guardrail"] = verdicts_of(berm, HERE / "pairs/guardrails.yaml", name, resources)
        else:
            tally.note("pairs", name, "no guardrail in pairs/guardrails.yaml")
        words = [a for a in asked.values() if isinstance(a, str)]
        if words:
            tally.note("pairs", name, words[0])
            continue
        tally.counts["pairs"] += 1
        for address in sorted(set().union(*asked.values())):
            said = {sort: verdicts.get(address, "skip") for sort, verdicts in asked.items()}
            if len(set(said.values())) == 1:
                tally.counts["resources on which a pair agrees"] += 1
            else:
                tally.note("pairs", f"{name}: {address.split('kyverno__policies/')[-1]}", str(said))


def main(berm, gatekeeper, kyverno):
    tally = Tally()
    for corpus in (pathlib.Path(gatekeeper), pathlib.Path(kyverno)):
        compiles(berm, tally, corpus)
        for path in sorted(corpus.rglob("suite.yaml")):
            ask_suite(berm, tally, path)
        for path in sorted(corpus.rglob("kyverno-test.yaml")):
            ask_kyverno(berm, tally, path)
    ask_pairs(berm, tally, pathlib.Path(kyverno))
    return tally.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) == 4 else __doc__)
