#!/usr/bin/env python3
"""man_page.py BERM PAGE: the man page and `berm help` name the same commands, options, levels and exit codes."""
import re
import subprocess
import sys


def option_names(text):
    return set(re.findall(r"(?<![\w-])(--?[a-z][a-z-]*)", text))


def main(args):
    berm, page = args
    usage = subprocess.run([berm, "help"], check=True, capture_output=True, text=True).stdout
    source = open(page, encoding="utf-8").read()
    flags = set(re.findall(r"\bFl (?!Fl)([a-z])\b", source))
    shown = {f"-{flag}" for flag in flags} | {f"--{name}" for name in re.findall(r"Fl Fl ([a-z-]+)", source)}
    faults = [f"{name}: only in the man page" for name in sorted(shown - option_names(usage))]
    faults += [f"{name}: only in berm help" for name in sorted(option_names(usage) - shown)]
    commands = set(re.findall(r"(?m)^(?:usage: |       )berm (\w+)", usage)) | {"help"}
    described = set(re.findall(r"(?m)^\.It Cm (\w+)$", source))
    faults += [f"{name}: a command on one side alone" for name in sorted(commands ^ described)]
    levels = re.search(r"\n  --fail-on LEVEL(.*?)\n  --", usage, re.S)[1]
    for level in ("mandatory", "unknown", "any", "never", "info", "low", "medium", "high", "critical"):
        if level not in levels or f".Cm {level}" not in source:
            faults.append(f"{level}: a level on one side alone")
    codes = set(re.findall(r"(?:codes: |, )(\d) ", usage))
    faults += [f"exit code {code} on one side alone" for code in sorted(codes ^ set(re.findall(r"(?m)^\.It (\d)$", source)))]
    print("\n".join(faults) if faults else f"{len(shown)} options, {len(described)} commands, {len(codes)} exit codes")
    return 1 if faults or not shown else 0


sys.exit(main(sys.argv[1:]))
