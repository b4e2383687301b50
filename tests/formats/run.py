#!/usr/bin/env python3
"""run.py BERM [--update]: every report of one run, as it was meant to be and as those who read it ask for.

The run judges plan.json, whose names would like to be markup, commands and formulas, and broken.json, which cannot be
read. Each report is compared with golden/, but for digests of the policies, which change with the compiler; then it is
checked against the rules of its format (rules.py) and, where there is one, by a program of others: xmllint, promtool,
jsonschema. One that is missing fails the test. A second run has all policies and examples of the tree.
"""
import hashlib
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import rules

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
NOW = "2026-11-28T08:00:00Z"
FORMATS = ["text", "json", "jsonl", "sarif", "sarif-github", "junit", "gitlab", "github", "markdown", "html", "conftest",
           "policyreport", "openreports", "oscal", "openmetrics", "prometheus", "csv", "coverage"]
TOOLS = {"xmllint": "libxml2-utils", "promtool": "prometheus"}
SECRET = "hunter2-hidden"


def run(berm, folder, args, cwd):
    """The reports of one run by their formats."""
    outputs = [o for f in FORMATS for o in ("-o", f"{f}={folder / f}")]
    done = subprocess.run([berm, "check", "--now", NOW, *outputs, *args], cwd=cwd, capture_output=True, timeout=120)
    if done.returncode not in (1, 3):
        sys.exit(f"berm check ended with {done.returncode}:\n{done.stderr.decode(errors='replace')}")
    return {f: (folder / f).read_bytes() for f in FORMATS}


def without_policies(name, data):
    """What changes with the compiler is named instead: digests of the policy set, and UUIDs made of them."""
    text = data.decode("utf-8")
    known = {hashlib.sha256((HERE / f).read_bytes()).hexdigest() for f in ("plan.json", "broken.json")}
    digests = {d for d in re.findall(r"\b[0-9a-f]{64}\b", text) if d not in known}
    for digest in digests:
        for sort in ("assessment", "plan", "result") if name == "oscal" else ():
            text = text.replace(rules.uuid_of(f"{sort}:policies {digest}"), f"<uuid of the {sort}>")
        if name == "oscal":
            text = text.replace(rules.uuid_of(f"plan:plan:policies {digest}"), "<uuid of the plan>")
        text = text.replace(digest, "<digest of the policies>")
    return text.encode()


def compare(reports, update):
    faults = []
    for name, data in reports.items():
        path, text = HERE / "golden" / name, without_policies(name, data)
        if update:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text)
        elif not path.is_file() or path.read_bytes() != text:
            made = pathlib.Path(tempfile.gettempdir()) / f"berm-golden-{name}"
            made.write_bytes(text)
            faults.append(f"{name}: differs from {path}; what was written is in {made}")
    return faults


def ask(command, data):
    done = subprocess.run(command, input=data, capture_output=True, timeout=60)
    said = (done.stdout + done.stderr).decode(errors="replace")
    return [f"{command[0]}: {said}"] if done.returncode or "error" in said.lower() else []


def validate(reports):
    faults = [f"{name} is missing: tools/install-deps installs {package}" for name, package in TOOLS.items()
              if not shutil.which(name)]
    if faults:
        return faults
    faults += ask(["xmllint", "--noout", "-"], reports["junit"])
    for name in ("openmetrics", "prometheus"):
        faults += ask(["promtool", "check", "metrics"], reports[name])
    for name, check in rules.CHECKS.items():
        faults += [f"{name}: {fault}" for fault in check(reports[name])]
    faults += rules.check_schema(ROOT / "docs" / "report.schema.json", reports["json"])
    return faults


def main(args):
    update = "--update" in args
    args = [a for a in args if a != "--update"]
    if len(args) != 1:
        print(__doc__)
        return 2
    berm = str(pathlib.Path(args[0]).resolve())
    with tempfile.TemporaryDirectory() as folder:
        own = run(berm, pathlib.Path(folder), ["-p", "policy.yaml", "--scorecard", "scorecard.yaml", "--revision", "abc123",
                                              "plan.json", "broken.json"], HERE)
        faults = compare(own, update) + validate(own)
        faults += [f"{name}: a sensitive value is shown" for name, data in own.items() if SECRET.encode() in data]
        again = run(berm, pathlib.Path(folder), ["-p", "policy.yaml", "--scorecard", "scorecard.yaml", "--revision",
                                                "abc123", "broken.json", "plan.json"], HERE)
        faults += [f"{name}: the order of documents shows" for name in FORMATS if own[name] != again[name]]
        whole = run(berm, pathlib.Path(folder), ["-p", "policies", "--scorecard", "scorecards/infrastructure.yaml",
                                                "examples/terraform", "examples/kubernetes"], ROOT)
        faults += [f"policies over examples: {fault}" for fault in validate(whole)]
    print("\n".join(faults) if faults else f"formats: {len(FORMATS)} as meant")
    return 1 if faults else 0


sys.exit(main(sys.argv[1:]))
