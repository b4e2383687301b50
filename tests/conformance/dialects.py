#!/usr/bin/env python3
"""dialects.py BERM CORPUS...: the verdicts that authors of admission policies wrote down for them.

CORPUS is a directory, searched for

  suite.yaml          Gatekeeper's suites; those of templates without CEL are left out
  kyverno-test.yaml   Kyverno's tests, of policies that have CEL (ClusterPolicy with validate.cel, ValidatingPolicy)

Each expected result is asked of `berm check`. Prints every one that differs, a line per policy where any does, and a
summary; exit 1 when anything differs that is not in KNOWN.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys

import yaml

# "policy or template: resource or case": why Berm says otherwise
NULL = "Berm: a null in a manifest is a field that is not there; the API server keeps `rules: null` of Roles alone"
KNOWN = {
    "restrict-wildcard-verbs: ClusterRole default-rules": NULL,
    "restrict-wildcard-verbs: Role default-rules": NULL,
}


def load_all(path):
    with open(path, encoding="utf-8") as file:
        return [d for d in yaml.safe_load_all(file) if isinstance(d, dict)]


def check(berm, policies, files):
    """(findings, None), or (None, what berm said) where it decides nothing."""
    args = [berm, "check", "--verbose", "-o", "json"] + [a for p in policies for a in ("-p", str(p))]
    run = subprocess.run(args + ["--"] + [str(f) for f in files], capture_output=True, timeout=120)
    if run.returncode > 1:
        return None, (run.stderr.decode() + run.stdout.decode()).strip().split("\n")[0]
    return json.loads(run.stdout)["findings"], None


class Tally:
    def __init__(self):
        self.agree, self.differ = collections.Counter(), collections.Counter()
        self.uncompiled, self.known = {}, 0

    def note(self, policy, where, expected, got):
        if expected == got:
            self.agree[policy] += 1
        elif f"{policy}: {where}" in KNOWN:
            self.known += 1
        else:
            self.differ[policy] += 1
            print(f"  {policy}: {where}: expected {expected}, got {got}")

    def print(self):
        for policy in sorted(self.differ):
            print(f"{policy}: {self.agree[policy]} agree, {self.differ[policy]} differ")
        for policy, why in sorted(self.uncompiled.items()):
            print(f"{policy}: does not compile: {why}")
        agree, differ = self.agree.total(), self.differ.total()
        print(f"{agree} results agree, {differ} differ, {self.known} differ for a known reason; "
              f"{len(self.agree | self.differ)} policies judged, {len(self.uncompiled)} not compiled")
        return 1 if differ or self.uncompiled or not agree else 0


# --- Gatekeeper ---

def has_cel(template):
    return any(c.get("engine") == "K8sNativeValidation"
               for d in load_all(template) for t in d["spec"]["targets"] for c in t.get("code", []))


def counted(violations):
    """What an assertion says: at least one, none, or exactly so many."""
    return {True: "yes", False: "no", None: "yes"}.get(violations, violations) if not (
        isinstance(violations, int) and not isinstance(violations, bool)) else violations


def suite(berm, path, tally):
    for test in (t for d in load_all(path) for t in d.get("tests", [])):
        template, constraint = path.parent / test["template"], path.parent / test["constraint"]
        if test.get("skip") or not has_cel(template):
            continue
        for case in test.get("cases", []):
            name = template.parent.name
            if not (path.parent / case["object"]).is_file():
                continue  # a corpus need not hold all of a library
            findings, why = check(berm, [template, constraint], [path.parent / case["object"]])
            if findings is None:
                tally.uncompiled[name] = why
                continue
            violations = [f["message"] for f in findings if f["verdict"] in ("fail", "error")]
            for assertion in case.get("assertions", []):
                wanted = counted(assertion.get("violations"))
                found = [v for v in violations if re.search(assertion.get("message", ""), v)]
                got = len(found) if isinstance(wanted, int) else "yes" if found else "no"
                tally.note(name, f"{test['name']}/{case['name']}", wanted, got)


# --- Kyverno ---

def is_cel_policy(document):
    if document.get("kind") in ("ValidatingPolicy", "ValidatingAdmissionPolicy"):
        return True
    rules = document.get("spec", {}).get("rules", []) if document.get("kind") in ("ClusterPolicy", "Policy") else []
    return bool(rules) and all("cel" in r.get("validate", {}) for r in rules)


def verdict_of(findings):
    verdicts = {f["verdict"] for f in findings}
    for verdict, word in (("fail", "fail"), ("error", "error"), ("pass", "pass")):
        if verdict in verdicts:
            return word
    return "skip"


def is_about(finding, result, resource):
    """Is it of the result's policy and rule, and of this resource ("name" or "namespace/name")?"""
    policy, _, rule = finding["guardrail"].partition("@")
    rule = rule.removeprefix("autogen-cronjob").removeprefix("autogen").removeprefix("@")
    if policy != result["policy"] or (result.get("rule") and rule and rule != result["rule"]):
        return False
    address = finding["address"].split("/")
    kind = result.get("kind", address[1])
    if len(address) == 3:
        resource = resource.removeprefix("default/")
    return address[1] == kind and resource.split("/") == address[-len(resource.split("/")):]


def kyverno_test(berm, path, tally):
    for test in load_all(path):
        policies = [path.parent / p for p in test.get("policies", [])]
        documents = [d for p in policies if p.is_file() for d in load_all(p)]
        resources = [r for r in (path.parent / r for r in test.get("resources", [])) if r.is_file()]
        if not documents or not resources or not all(is_cel_policy(d) for d in documents):
            continue
        name = documents[0]["metadata"]["name"] + (" (vpol)" if documents[0]["kind"] == "ValidatingPolicy" else "")
        findings, why = check(berm, policies, resources)
        if findings is None:
            tally.uncompiled[name] = why
            continue
        for result in test.get("results", []):
            for resource in result.get("resources") or [result.get("resource")]:
                got = verdict_of([f for f in findings if is_about(f, result, resource)])
                tally.note(name, f"{result.get('kind', '')} {resource}", result["result"], got)


def main(berm, *corpora):
    tally = Tally()
    for corpus in corpora:
        for path in sorted(pathlib.Path(corpus).rglob("suite.yaml")):
            suite(berm, path, tally)
        for path in sorted(pathlib.Path(corpus).rglob("kyverno-test.yaml")):
            kyverno_test(berm, path, tally)
    return tally.print()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) > 2 else __doc__)
