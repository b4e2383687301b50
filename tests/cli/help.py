#!/usr/bin/env python3
"""help.py BERM ROOT: `berm help`, the man page and what shells complete name the same commands and options, and each
option that a command shows is one that it takes."""
import pathlib
import re
import shutil
import subprocess
import sys

faults = []


def expect(holds, what):
    if not holds:
        faults.append(what)


def run(*args, **more):
    return subprocess.run(args, capture_output=True, text=True, check=False, timeout=60, **more)


def option_names(text):
    return set(re.findall(r"(?m)^  (-[a-zA-Z])\b", text)) | set(re.findall(r"(?m)^  (?:-[a-zA-Z], )?(--[a-z-]+)", text))


def complete(script, words):
    """What bash would offer for the last of the words."""
    line = " ".join(f"'{word}'" for word in words)
    program = (f"source '{script}'; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _berm 2>/dev/null; "
               "printf '%s\\n' \"${COMPREPLY[@]}\"")
    return set(run("bash", "-c", program).stdout.split())


def check_command(berm, page, completions, name):
    shown = run(berm, "help", name)
    expect(shown.returncode == 0 and shown.stdout == run(berm, name, "--help").stdout, f"{name}: help and --help differ")
    names = option_names(shown.stdout)
    for option in names:
        said = run(berm, name, option, "--help")
        expect(f"{name} has no option" not in said.stderr and "no such option" not in said.stderr,
               f"{name}: does not take its own {option}")
        mdoc = "Fl Fl " + option[2:] if option.startswith("--") else "Fl " + option[1:]
        expect(re.search(re.escape(mdoc) + r"\b", page), f"{option}: not in the man page")
        expect(option[2:] in completions["_berm"] and option in completions["berm.bash"] and
               f"-{'l' if option.startswith('--') else 's'} {option.lstrip('-')} " in completions["berm.fish"] + " ",
               f"{option}: a shell does not know it")
    expect(re.search(rf"(?m)^\.It Cm {name}$", page), f"{name}: not in the man page")
    for script, text in completions.items():
        expect(name in text, f"{name}: not in {script}")
    return names


def main(berm, root):
    root = pathlib.Path(root)
    page = (root / "docs/berm.1").read_text(encoding="utf-8")
    scripts = root / "share/completions"
    completions = {name: (scripts / name).read_text(encoding="utf-8") for name in ("berm.bash", "_berm", "berm.fish")}
    usage = run(berm, "help").stdout
    commands = re.findall(r"(?m)^  ([a-z]+) ", usage)
    names = {name: check_command(berm, page, completions, name) for name in commands}
    every = set().union(*names.values())
    flags = {f"-{c}" for c in re.findall(r"\bFl (?!Fl)([a-zA-Z])\b", page)} | {f"--{n}" for n in re.findall(r"Fl Fl ([a-z-]+)", page)}
    expect(flags == every, f"only on one side of man page and help: {sorted(flags ^ every)}")
    codes = set(re.findall(r"(?:codes: |, )(\d) ", usage.replace("\n", " ")))
    expect(codes == set(re.findall(r"(?m)^\.It (\d)$", page)), "exit codes differ")
    expect(complete(scripts / "berm.bash", ["berm", "che"]) == {"check"}, "bash: berm che<Tab>")
    expect(complete(scripts / "berm.bash", ["berm", "check", "--fail-on", "unk"]) == {"unknown"}, "bash: --fail-on unk<Tab>")
    expect("--partial" in complete(scripts / "berm.bash", ["berm", "check", "--"]), "bash: berm check --<Tab>")
    expect("--partial" not in complete(scripts / "berm.bash", ["berm", "eval", "--"]), "bash: berm eval --<Tab>")
    expect(any(str(f).endswith("docs") for f in complete(scripts / "berm.bash", ["berm", "check", f"{root}/doc"])), "bash: files")
    for shell, script in (("zsh", "_berm"), ("fish", "berm.fish")):
        if shutil.which(shell):
            expect(run(shell, "-n", str(scripts / script)).returncode == 0, f"{shell} does not read {script}")
    if shutil.which("man"):
        warned = run("man", "--warnings", "-E", "UTF-8", "-l", str(root / "docs/berm.1")).stderr
        expect(not warned, f"man --warnings: {warned}")
    if shutil.which("mandoc"):
        expect(run("mandoc", "-Tlint", "-Wwarning", str(root / "docs/berm.1")).returncode == 0, "mandoc -Tlint")
    refused = run(berm, "eval", "--partial", "1")
    expect(refused.returncode == 2 and "eval has no option --partial" in refused.stderr, "an option of another command")
    refused = run(berm, "check", "--partial=yes", "x")
    expect(refused.returncode == 2 and "no value is taken by --partial" in refused.stderr, "a flag with a value")
    expect(run(berm, "help", "nothing").returncode == 2 and run(berm, "nothing").returncode == 2, "a command that is not")
    print("\n".join(faults) if faults else f"{len(every)} options, {len(commands)} commands, {len(codes)} exit codes")
    return 1 if faults or len(commands) < 5 else 0


sys.exit(main(*sys.argv[1:]))
