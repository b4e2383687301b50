#!/usr/bin/env python3
"""run.py --berm BERM [--cases RUN_CASES] [--cc "CC FLAGS" --libs "LIBS"] [--all-fail] FILE...: runs the examples of documents.

Every fenced block needs a comment above it that says what to do with it:

    <!-- test: file NAME -->        it is kept as NAME for the blocks below it
    <!-- test: run -->              lines after `$ ` are commands, what follows each is its output (both streams); a line
                                    `...` stands for any lines, `...` within a line for anything. Without a `$ ` every
                                    line is a command, and its output is not looked at. `run exit=1`: how each ends
    <!-- test: output COMMAND -->   it is the output of COMMAND, which is not shown; again with `...`
    <!-- test: eval [FILE] -->      lines `EXPRESSION  => VALUE`, or `=> error: WORDS`, with FILE as `object`
    <!-- test: policy -->           it compiles as a policy file, and its own tests pass
    <!-- test: part -->             it compiles as a part of a guardrail (keys that it lacks are filled in)
    <!-- test: case -->             it is a file of cases (docs/cases.md) that hold
    <!-- test: program [NAME] -->   it is a C program: it compiles, and NAME can be run below
    <!-- test: function -->         it compiles as the body of a C function
    <!-- test: none WHY -->         nobody runs it

Commands run in a folder of their own that has build/berm, examples/, policies/, scorecards/ and include/ of the checkout. The program in
the opening comment of include/berm/berm.h counts as a block, too (give the header as a FILE). --all-fail: every block must
fail; that is how this script is tested.
"""
import argparse
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FENCE = re.compile(r"^```(\w*)\s*$")
MARKER = re.compile(r"^<!-- test: (\S+)\s*(.*?)\s*-->$")
PART = {"guardrail": "example", "title": "Example", "match": "{kinds: [document]}",
        "validations": "[{name: v, expression: 'true'}]"}
FUNCTION = "#include <berm/berm.h>\n#include <stdio.h>\n#include <string.h>\n\n" \
           "int example(void);\nint example(void)\n{\n%s\n    return (int)status;\n}\n"


class Fault(Exception):
    pass


def blocks_of(path):
    """(line, what, argument, text) for each fenced block."""
    if path.suffix == ".h":
        yield header_program(path)
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    i, marker = 0, None
    while i < len(lines):
        if MARKER.match(lines[i]):
            marker = MARKER.match(lines[i]).groups()
        elif FENCE.match(lines[i]):
            end = next((k for k in range(i + 1, len(lines)) if lines[k] == "```"), len(lines))
            what, argument = marker or ("unmarked", "")
            yield i + 1, what, argument, "\n".join(lines[i + 1:end]) + "\n"
            i, marker = end, None
        elif lines[i].strip():
            marker = None
        i += 1


def header_program(path):
    """The indented program of the opening comment, as `program` that prints what the comment around it promises."""
    text = path.read_text(encoding="utf-8").split("*/")[0]
    start = text.index("       #include")
    lines = []
    for line in text[start:].splitlines():
        if line.strip() and not line.startswith("       "):
            break
        lines.append(line[7:])
    return text[:start].count("\n") + 1, "program", "denied", "\n".join(lines) + "\n"


def as_pattern(line):
    return ".*".join(re.escape(part) for part in line.rstrip().split("..."))


def matches(wanted, got):
    """Are the lines `got` those `wanted`, where a line `...` stands for any number of them?"""
    pattern = "".join("(?:[^\n]*\n)*?" if line.strip() == "..." else as_pattern(line) + "\n" for line in wanted)
    return re.fullmatch(pattern, "".join(line.rstrip() + "\n" for line in got)) is not None


class Runner:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        (folder / "build").mkdir()
        (folder / "build" / "berm").symlink_to(pathlib.Path(options.berm).resolve())
        for name in ("examples", "policies", "scorecards", "include", "docs", "tests"):
            (folder / name).symlink_to(ROOT / name)

    def command(self, command, exits, wanted=None):
        done = subprocess.run(["sh", "-c", command], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              stdin=subprocess.DEVNULL, text=True, timeout=120)
        if exits is not None and done.returncode != exits:
            raise Fault(f"`{command}` ended with {done.returncode}, not {exits}:\n{done.stdout}")
        if wanted is not None and not matches(wanted, done.stdout.splitlines()):
            raise Fault(f"`{command}` printed\n{done.stdout}")
        return done

    def file(self, argument, text):
        path = self.folder / argument
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run(self, argument, text):
        exits = int(argument.removeprefix("exit=")) if argument else 0
        if not any(line.startswith("$ ") for line in text.splitlines()):
            for line in text.splitlines():
                if line.strip():
                    self.command(line, exits)
            return
        for part in re.split(r"(?m)^\$ ", text)[1:]:
            command, *output = part.rstrip("\n").split("\n")
            self.command(command, exits, output if output != [""] else [])

    def output(self, argument, text):
        self.command(argument, None, text.splitlines())

    def eval(self, argument, text):
        for line in text.splitlines():
            expression, arrow, wanted = (part.strip() for part in line.partition("=>"))
            if not arrow:
                raise Fault(f"no `=>` in {line!r}")
            command = f"build/berm eval {shlex.quote(expression)} {argument}"
            if wanted.startswith("error:"):
                done = self.command(command, 1)
                if wanted.removeprefix("error:").strip() not in done.stdout:
                    raise Fault(f"`{expression}` ended with {done.stdout}")
            else:
                self.command(command, 0, [wanted])

    def policy(self, _, text):
        self.file("example-policy.yaml", text)
        self.command("build/berm test example-policy.yaml", 0)

    def part(self, _, text):
        given = set(re.findall(r"(?m)^(\w+):", text))
        head = "".join(f"{key}: {value}\n" for key, value in PART.items() if key not in given)
        self.policy(_, head + text)

    def case(self, _, text):
        self.file("example-cases.yaml", text)
        self.command(f"{shlex.quote(str(pathlib.Path(self.options.cases).resolve()))} example-cases.yaml", 0)

    def compile(self, text, target, link):
        if not self.options.cc:
            raise Fault("no compiler was given (--cc)")
        self.file("example.c", text)
        flags = f"-std=c11 -Wall -Wextra -Wpedantic -Werror -D_POSIX_C_SOURCE=200809L -Iinclude"
        rest = f"-o {target} {self.options.libs}" if link else f"-c -o {target}"
        self.command(f"{self.options.cc} {flags} example.c {rest}", 0)

    def program(self, argument, text):
        self.compile(text, argument or "example", True)
        if argument == "denied":  # the header's
            self.command("./denied", 0, ["denied"])

    def function(self, _, text):
        self.compile(FUNCTION % "\n".join("    " + line for line in text.splitlines() if "#include" not in line),
                     "example.o", False)

    def none(self, argument, _):
        if not argument:
            raise Fault("`none` says why")


def run_file(path, options):
    passed, faults = [], []
    known = {name for name in vars(Runner) if not name.startswith("_")} - {"command", "compile"}
    with tempfile.TemporaryDirectory() as folder:
        runner = Runner(options, pathlib.Path(folder))
        for line, what, argument, text in blocks_of(path):
            where = f"{path}:{line}"
            try:
                if what not in known:
                    raise Fault(f"a fenced block without a test (`{what}`)")
                getattr(runner, what)(argument, text)
                passed.append(where)
            except Fault as fault:
                faults.append(f"{where}: {what}: {fault}")
    return passed, faults


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--berm", required=True)
    parser.add_argument("--cases", default="false")
    parser.add_argument("--cc", default="")
    parser.add_argument("--libs", default="")
    parser.add_argument("--all-fail", action="store_true")
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    passed, faults = [], []
    for path in options.files:
        good, bad = run_file(path, options)
        passed += good
        faults += bad
    print("\n".join(f"{where}: passed" for where in passed) if options.all_fail else "\n".join(faults))
    print(f"{len(passed)} examples hold, {len(faults)} do not")
    wrong = passed if options.all_fail else faults
    return 1 if wrong else 0


sys.exit(main())
