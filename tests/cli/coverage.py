#!/usr/bin/env python3
"""coverage.py BERM: what berm test --coverage says of a policy whose gaps are known, and what --min-coverage makes of it."""
import json
import pathlib
import subprocess
import sys
import tempfile

POLICY = """\
guardrail: g
title: A guardrail
match: {kinds: [thing]}
matchConditions:
  - {name: live, expression: object.live}
parameters:
  strict: {type: bool, default: false}
variables:
  - {name: big, expression: object.size > 10 || object.huge}
validations:
  - name: v
    expression: |
      variables.big
        ? object.list.all(x, x.ok && x.safe)
        : (params.strict || !object.off)
  - name: other
    expression: object.a == 1
tests:
  - name: one
    object: {live: true, size: 20, huge: false, list: [{ok: true, safe: true}, {ok: false, safe: true}], a: 1}
    expect: {v: fail, other: pass}
"""
# (line, column, expression) to what was reached; the second test reaches the rest.
ONE = {(5, 30, "object.live"): "never false", (9, 29, "object.size > 10"): "never false",
       (9, 49, "object.huge"): "never evaluated", (13, 7, "variables.big"): "never false", (14, 30, "x.ok && x.safe"): None,
       (14, 30, "x.ok"): None, (14, 38, "x.safe"): "never false", (15, 30, "object.off"): "never evaluated",
       (17, 17, "object.a == 1"): "never false"}
MORE = """\
  - name: two
    object: {live: true, size: 1, huge: false, off: true, a: 2}
    expect: {v: fail, other: fail}
  - {name: three, object: {live: true, size: 1, huge: true, list: [{ok: true, safe: false}], a: 2}, expect: {v: fail}}
  - {name: four, object: {live: false}, expect: {v: skipped}}
  - {name: five, object: {live: true, size: 1, huge: false, off: false, a: 2}, expect: {v: pass}}
  - {name: six, object: {live: true, size: 30, list: [], a: 2}, expect: {v: pass}, params: {strict: true}}
"""


def main(berm):
    faults = []

    def run(*options):
        return subprocess.run([berm, "test", *options, str(path)], capture_output=True, text=True, check=False)

    def expect(holds, what):
        if not holds:
            faults.append(what)

    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "policy.yaml"
        path.write_text(POLICY, encoding="utf-8")
        done = run("--coverage", "-o", "json")
        told = json.loads(done.stdout)
        points = {(p["line"], p["column"], p["expression"]): p.get("gap")
                  for p in told["coverage"]["guardrails"][0]["points"] if p["sort"] == "condition"}
        for place, gap in ONE.items():
            expect(place in points, f"{place}: not listed; there are {sorted(points)}")
            expect(points.get(place, 0) == gap, f"{place}: {points.get(place)}, not {gap}")
        expect(len(points) == len(ONE) + 1, f"more than the whole of `v` besides: {sorted(points)}")
        branches = [p for p in told["coverage"]["guardrails"][0]["points"] if p["sort"] == "branch"]
        expect([p["taken"] > 0 for p in branches] == [True, False], f"branches: {branches}")
        expect(not any("params" in p["expression"] and "object" not in p["expression"]
                       for p in told["coverage"]["guardrails"][0]["points"]), "a parameter alone is a condition")
        text = run("--coverage")
        expect(f"{path}:17:17: never false: object.a == 1" in text.stdout, f"text: {text.stdout}")
        expect(text.returncode == 0 and run("--min-coverage", "90").returncode == 1, "--min-coverage does not fail")
        expect(run("--min-coverage", "12.5").returncode == 0, "--min-coverage fails where it is reached")
        expect(run("--min-coverage", "lots").returncode == 2 and run("--min-coverage=101").returncode == 2, "a faulty percentage")
        expect("coverage" not in run().stdout and "coverage" not in json.loads(run("-o", "json").stdout), "without being asked")
        path.write_text(POLICY + MORE, encoding="utf-8")
        done = run("--min-coverage", "100")
        expect(done.returncode == 0 and "(100.0 %)" in done.stdout, f"all reached: {done.stdout}")
        path.write_text((POLICY + MORE).replace("expect: {v: skipped}", "expect: {v: pass}"), encoding="utf-8")
        expect(run("--min-coverage", "100").returncode == 1, "a failing test fails whatever is covered")
    print("\n".join(faults) if faults else f"{len(points)} conditions, {len(branches)} branches")
    return 1 if faults or not points else 0


sys.exit(main(*sys.argv[1:]))
