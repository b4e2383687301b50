#!/usr/bin/env python3
"""limits.py BERM ROOT: --limit raises and lowers each bound of the library, by the names that berm.h gives them."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

faults = []


def run(berm, *args, text=""):
    return subprocess.run([berm, *args], input=text, capture_output=True, text=True, check=False, timeout=60)


def expect(holds, what, done=None):
    if not holds:
        faults.append(what + (f": exit {done.returncode}\n{done.stdout}{done.stderr}" if done else ""))


POLICY = """
guardrail: g
title: t
match: {kinds: [document]}
validations: [{name: v, expression: 'object.n.all(i, i < 5)', message: '{object.n}'}]
"""


def main(berm, root):
    header = (pathlib.Path(root) / "include/berm/berm.h").read_text(encoding="utf-8")
    fields = re.findall(r"uint64_t (\w+);", re.search(r"typedef struct berm_limits \{(.*?)\} berm_limits;", header, re.S)[1])
    refused = run(berm, "eval", "--limit", "nothing=1", "1")
    expect(refused.returncode == 2 and all(field in refused.stderr for field in fields), "not all names are said", refused)
    for field in fields:
        done = run(berm, "eval", "--limit", f"{field}=1M", "1 + 1")
        expect(done.returncode == 0 and done.stdout == "2\n", field, done)
    for value in ("depth", "depth=", "depth=0", "depth=-1", "depth=1k", "depth=1KB", "depth=K", "depth=1 ", "=1", "fuel=20000000000000000000",
                  "fuel=17179869184T"):
        done = run(berm, "eval", "--limit", value, "1")
        expect(done.returncode == 2 and "NAME=NUMBER" in done.stderr, f"{value!r} is taken", done)

    deep = "[" * 600 + "]" * 600
    for limit, exit_code in (("depth=600", 0), ("depth=599", 3), ("depth=1K", 0)):
        done = run(berm, "eval", "--limit", limit, "type(object) == list", "-", text=deep)
        expect(done.returncode == exit_code and ("B0114" in done.stderr) == (exit_code == 3), limit, done)
    loop = "[1, 2, 3, 4, 5, 6, 7, 8].all(a, [1, 2, 3, 4, 5, 6, 7, 8].all(b, a + b > 0))"
    for limit, exit_code, word in (("rule_cost=10", 1, "cost"), ("fuel=10", 3, "fuel")):
        done = run(berm, "eval", "--limit", limit, loop)
        expect(done.returncode == exit_code and word in done.stderr, limit, done)
    with tempfile.TemporaryDirectory(prefix="berm-limits-") as folder:
        policy = pathlib.Path(folder, "p.yaml")
        policy.write_text(POLICY, encoding="utf-8")
        document = json.dumps({"n": list(range(200))})
        for limit, exit_code, code in (("output_len=100", 3, "B0706"), ("output_len=1M", 1, None), ("doc_len=1T", 1, None)):
            done = run(berm, "check", "-p", str(policy), "--limit", limit, "-", text=document)
            expect(done.returncode == exit_code and (code is None or code in done.stderr), limit, done)
        done = run(berm, "check", "-p", str(policy), "--limit", "node_count=100000", "--limit", "string_len=10K",
                   "-", text=json.dumps({"n": "x" * 10241}))
        expect(done.returncode == 3 and "B0117" in done.stderr and "string_len" in done.stderr, "the hint names the limit", done)
    print("\n".join(faults) or "ok")
    return bool(faults)


sys.exit(main(*sys.argv[1:]))
