#!/usr/bin/env python3
"""podsecurity.py BERM POLICY TESTDATA: the verdicts of Kubernetes' own Pod Security tests.

TESTDATA holds {baseline,restricted}/VERSION/{pass,fail}/CONTROLn.yaml. Every file of `pass` must pass all guardrails of
its level, every file of `fail` must fail a validation of the control that names it; and that finding must point at the
field at fault, by file and line. Prints a table by control; exit 1 when anything disagrees.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys

LEVELS = {"baseline": ["baseline"], "restricted": ["baseline", "restricted"]}

# control: (the validations that stand for it, what the line of the field at fault looks like)
# Where no line looks so, the fault is a field that is not there: then the finding points at what should hold it.
HOLDER = r"(securityContext|capabilities):( \{\})?$"
CONTROLS = {
    "apparmorprofile": (["apparmor", "apparmor-annotation"], r"apparmor"),
    "capabilities_restricted": (["drop-all", "add"], r"- (?!ALL|NET_BIND_SERVICE)[A-Z_]+$"),
    "hostnamespaces": (["host-network", "host-pid", "host-ipc"], r"host(Network|PID|IPC): true"),
    "hostpathvolumes": (["host-path"], r"hostPath:|path: /"),
    "hostports": (["host-ports"], r"hostPort: [1-9]"),
    "hostprobesandhostlifecycle": (["host-probes"], r"host: "),
    "privileged": (["privileged"], r"privileged: true"),
    "procmount": (["proc-mount"], r"procMount: Unmasked|hostUsers: true"),
    "restrictedvolumes": (["volume-types"], None),
    "runasnonroot": (["non-root"], r"runAsNonRoot: false"),
    "runasuser": (["user"], r"runAsUser: 0"),
    "seccompprofile_baseline": (["seccomp"], r"type: Unconfined"),
    "seccompprofile_restricted": (["seccomp"], r"type: Unconfined"),
    "selinuxoptions": (["selinux-type", "selinux-user", "selinux-role"], r"(type|user|role): \w"),
    "sysctls": (["sysctls"], r"name: \w*sysctl"),
    "windowshostprocess": (["windows-host-process"], r"hostProcess: true"),
}
VOLUME = r"^  - |^    \w+:|^      "  # the volume at fault: an entry below `volumes:`


def judge(berm, policy, files):
    run = subprocess.run([berm, "check", "-p", policy, "-o", "json", "--", *map(str, files)], capture_output=True, timeout=300)
    found = collections.defaultdict(list)
    for finding in json.loads(run.stdout)["findings"]:
        found[finding["location"]["file"]].append(finding)
    return found


def at_fault(lines, number, control):
    """Is line `number` the field at fault, or what should hold it?"""
    pattern = CONTROLS[control][1]
    line = lines[number - 1]
    if pattern is None:
        start = next(i for i, text in enumerate(lines) if text.startswith("  volumes:"))
        return number > start + 1 and re.search(VOLUME, line) is not None
    if any(re.search(pattern, text) for text in lines):
        return re.search(pattern, line) is not None
    return any(re.search(HOLDER, text) for text in lines[number - 2:number])  # a mapping begins on the line after its key


def fault_of(path, findings, level, control):
    """None, or in which way the verdict or the place differs."""
    ours = [f for f in findings if f["verdict"] != "pass" and f["guardrail"].rsplit("-", 1)[1] in LEVELS[level]]
    if path.parent.name == "pass":
        return f"{ours[0]['verdict']} {ours[0]['validation']}, should pass" if ours else None
    named = [f for f in ours if f["validation"] in CONTROLS[control][0] and f["verdict"] == "fail"]
    if not named:
        return "passes, should fail"
    lines = path.read_text(encoding="utf-8").splitlines()
    wrong = [f for f in named if not at_fault(lines, f["location"]["line"], control)]
    if wrong:
        place = wrong[0]["location"]
        return f"{wrong[0]['validation']} points at {place['line']}:{place['column']}: {lines[place['line'] - 1].strip()}"
    return None


def main(berm, policy, testdata):
    files = sorted(pathlib.Path(testdata).rglob("*.yaml"))
    found = judge(berm, policy, files)
    table, faults = collections.defaultdict(lambda: [0, 0, 0]), []
    for path in files:
        level, control = path.relative_to(testdata).parts[0], re.sub(r"\d*$", "", path.stem)
        fault = fault_of(path, found[str(path)], level, control)
        row = table[control]
        row[0 if path.parent.name == "pass" else 1] += 1
        if fault:
            row[2] += 1
            faults.append(f"{path.relative_to(testdata)}: {fault}")
    print(f"{'control':<28}{'pass':>6}{'fail':>6}{'differ':>8}")
    for control, row in sorted(table.items()):
        print(f"{control:<28}{row[0]:>6}{row[1]:>6}{row[2]:>8}")
    print("\n".join(faults))
    print(f"{len(files) - len(faults)} passed, {len(faults)} failed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
