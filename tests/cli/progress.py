#!/usr/bin/env python3
"""progress.py BERM ROOT: progress is shown on a terminal (a pty), and nowhere else: not into a pipe, with CI or --quiet."""
import os
import pathlib
import pty
import subprocess
import sys
import tempfile


def run(arguments, environment):
    """What comes out of standard error that is a terminal, and of standard output that is a pipe."""
    main, terminal = pty.openpty()
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=terminal, env=environment) as child:
        os.close(terminal)
        seen = b""
        while True:
            try:
                more = os.read(main, 65536)
            except OSError:  # the other side is closed
                break
            if not more:
                break
            seen += more
        out = child.stdout.read()
    os.close(main)
    return child.returncode, seen.decode(), out.decode()


def main(berm, root):
    faults = []
    plain = {name: value for name, value in os.environ.items() if name not in ("CI", "NO_COLOR")}
    with tempfile.TemporaryDirectory() as folder:
        policy = pathlib.Path(folder) / "policy.yaml"
        policy.write_text("guardrail: g\ntitle: t\nmatch: {kinds: [document]}\nvalidations: [{name: v, expression: object.a == 1}]\n",
                          encoding="utf-8")
        documents = pathlib.Path(folder) / "documents"
        documents.mkdir()
        for i in range(20):
            (documents / f"d{i:02}.json").write_text('{"a": 1}', encoding="utf-8")
        check = [berm, "check", "-p", str(policy), "--now", "2026-11-28"]
        code, seen, out = run([*check, str(documents)], plain)
        if code or "1 of 20: " not in seen or "20 of 20: " not in seen or "d19.json" not in seen:
            faults.append(f"no progress: {code} {seen!r}")
        if not seen.endswith("\r\x1b[K") or "\n" in seen:
            faults.append(f"the line stays: {seen[-80:]!r}")
        if " of 20: " in out:
            faults.append("progress in the report")
        for name, arguments, environment in (
                ("--quiet", [*check, "--quiet", str(documents)], plain), ("-q", [*check, "-q", str(documents)], plain),
                ("CI", [*check, str(documents)], {**plain, "CI": "true"}), ("a few files", [*check, str(documents / "d01.json")], plain)):
            code, seen, again = run(arguments, environment)
            if code or seen:
                faults.append(f"{name}: {code} {seen!r}")
            if name != "a few files" and again != out:
                faults.append(f"{name}: another report")
        piped = subprocess.run([*check, str(documents)], capture_output=True, text=True, env=plain, check=False)
        if piped.stderr or piped.stdout != out:
            faults.append(f"into a pipe: {piped.stderr!r}")
        (documents / "d05.json").write_text("{", encoding="utf-8")
        code, seen, _ = run([*check, str(documents)], plain)
        if code != 3 or "\r\x1b[K\x1b[1;31merror[" not in seen:
            faults.append(f"an error is written into the line: {seen!r}")
    print("\n".join(faults) if faults else "progress on a terminal alone")
    return 1 if faults else 0


sys.exit(main(*sys.argv[1:]))
