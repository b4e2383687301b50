#!/usr/bin/env python3
"""corpora.py BERM POLICIES SHARED [FOLDER...]: real files through the command, as users have them.

For each folder of SHARED/corpora: every file that its SOURCES.tsv lists as parsing must be read; every file that is
refused must be refused with a diagnostic that has a code of its own (not a general one); nothing may crash, hang or
upset a sanitizer. Prints a line per folder and the refusals by code.
"""
import collections
import csv
import pathlib
import re
import subprocess
import sys

FOLDERS = ["tfplan", "tfstate", "k8s-manifests", "k8s-api-roundtrip", "k8s-podsecurity", "cfn", "github-actions", "arm"]
GENERAL = {"B0901", "B0902", "B0903", "B0904", "B0603"}
BATCH = 200


def listed(folder):
    with open(folder / "SOURCES.tsv", encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            if (folder / row["file"]).is_file():
                yield row["file"], row["parse"]


def check(berm, policies, paths):
    command = [berm, "check", "-p", policies, "--no-color", "--", *map(str, paths)]
    run = subprocess.run(command, capture_output=True, timeout=600)
    return run.returncode, run.stdout.decode("utf-8", "replace"), run.stderr.decode("utf-8", "replace")


def refusals(stderr):
    """{path: [codes]} of the errors on stderr."""
    found = collections.defaultdict(list)
    for code, path in re.findall(r"^error\[(B\d{4})\]: .*\n  --> (.*?)(?::\d+:\d+)?$", stderr, re.MULTILINE):
        found[path].append(code)
    return found


def judge_folder(berm, policies, folder):
    faults, codes, read, refused = [], collections.Counter(), 0, 0
    files = list(listed(folder))
    for start in range(0, len(files), BATCH):
        batch = files[start:start + BATCH]
        status, _, stderr = check(berm, policies, [folder / name for name, _ in batch])
        if status not in (0, 1, 3) or "Sanitizer" in stderr or "runtime error" in stderr:
            faults.append(f"exit {status} in the batch from {batch[0][0]}: {stderr[-500:]}")
        bad = refusals(stderr)
        for name, parse in batch:
            why = bad.get(str(folder / name), [])
            refused += bool(why)
            read += not why
            codes.update(why[:1])
            if why and parse.startswith("ok"):
                faults.append(f"{name}: listed as parsing, refused with {why[0]}")
            if set(why) & GENERAL:
                faults.append(f"{name}: refused with a general code {why[0]}")
    print(f"{folder.name}: {read} read, {refused} refused", dict(codes) if codes else "")
    return faults


def main(args):
    if len(args) < 3:
        print(__doc__)
        return 2
    berm, policies, shared, *folders = args
    corpora = pathlib.Path(shared) / "corpora"
    if not corpora.is_dir():
        print("skipped: no corpora")
        return 0
    faults = []
    for name in folders or FOLDERS:
        faults += judge_folder(berm, policies, corpora / name)
    print("\n".join(faults[:40]))
    print(f"{len(faults)} faults")
    return 1 if faults else 0


sys.exit(main(sys.argv[1:]))
