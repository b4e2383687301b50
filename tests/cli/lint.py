#!/usr/bin/env python3
"""lint.py BERM ROOT: each rule of lint catches its cases, spares the others, and is silenced by a comment."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

SOUND = {"guardrail": "g", "title": "A guardrail", "remediation": "Mend it.", "match": {"kinds": ["thing"]},
         "validations": [{"name": "v", "expression": "object.live", "message": "it is not"}],
         "tests": [{"name": "t", "object": {"live": False}, "expect": {"v": "fail"}}]}


def policy_of(case):
    if "document" in case:
        return [SOUND, case["document"]]
    made = json.loads(json.dumps(SOUND))
    made.update({key: value for key, value in case.items() if key != "expression"})
    if "expression" in case:
        made["validations"][0]["expression"] = case["expression"]
    return [{key: value for key, value in made.items() if value is not None}]


def lint(berm, path, *options):
    done = subprocess.run([berm, "lint", "-o", "json", *options, str(path)], capture_output=True, text=True, check=False)
    try:
        return done.returncode, json.loads(done.stdout)["findings"]
    except (ValueError, KeyError):
        return done.returncode, [{"code": "none", "severity": "error", "message": done.stdout + done.stderr, "line": 0}]


def check_case(berm, path, code, case, catches, faults):
    text = yaml.safe_dump_all(policy_of(case), sort_keys=False, width=1000)
    path.write_text(text, encoding="utf-8")
    status, findings = lint(berm, path)
    found = [f for f in findings if f["code"] == code]
    if any(f["severity"] == "error" for f in findings) and "waiver" not in text:
        faults.append(f"{code}: {case}: does not compile: {findings}")
    elif bool(found) != catches:
        faults.append(f"{code}: {case}: {'not caught' if catches else 'caught: ' + found[0]['message']}")
    elif catches:
        lines = text.split("\n")
        if not lines[found[0]["line"] - 1].strip():
            faults.append(f"{code}: {case}: points at an empty line")
        for finding in found:
            line = lines[finding["line"] - 1]
            lines[finding["line"] - 1] = re.match(r" *", line)[0] + f"# berm: allow B0100 {code}\n" + line
        path.write_text("\n".join(lines), encoding="utf-8")
        if any(f["code"] == code for f in lint(berm, path)[1]):
            faults.append(f"{code}: {case}: a comment above the line does not silence it")
        path.write_text(text.replace("guardrail: g", f"guardrail: g # berm: allow {code}").replace(
            "waiver: W-1", f"waiver: W-1 # berm: allow {code}"), encoding="utf-8")
        if any(f["code"] == code for f in lint(berm, path)[1]):
            faults.append(f"{code}: {case}: a comment at the document's head does not silence it")
        strict = lint(berm, path, "--strict")[0]
        warned = any(f["severity"] == "warning" for f in lint(berm, path)[1])
        if status not in (0, 2) or strict != (1 if warned else 0) and status == 0:
            faults.append(f"{code}: {case}: exit codes {status}, strict {strict}, warned {warned}")
        if not warned:
            path.write_text(text, encoding="utf-8")
            if found[0]["severity"] == "warning" and status == 0 and lint(berm, path, "-W")[0] != 1:
                faults.append(f"{code}: {case}: -W does not fail")


def main(berm, root):
    cases = yaml.safe_load((pathlib.Path(root) / "tests/cli/lint_cases.yaml").read_text(encoding="utf-8"))
    table = (pathlib.Path(root) / "lib/base/diagnostics.def").read_text(encoding="utf-8")
    rules = {f"B{int(n):04d}" for n in re.findall(r"BERM_DIAG\(LINT_\w+, (\d+),", table)}
    faults = [f"{code}: without cases on both sides" for code in sorted(rules ^ set(cases))]
    faults += [f"{code}: nothing to {side}" for code in cases for side in ("catches", "spares") if not cases[code].get(side)]
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "policy.yaml"
        for code, sides in cases.items():
            for side in ("catches", "spares"):
                for case in sides[side]:
                    count += 1
                    check_case(berm, path, code, case, side == "catches", faults)
    print("\n".join(faults) if faults else f"{len(rules)} rules, {count} cases")
    return 1 if faults or not rules else 0


sys.exit(main(*sys.argv[1:]))
