#!/usr/bin/env python3
"""command.py BERM CASES...: the cases of tests/cases/governance through the command line.

Each case's texts are written to files, judged by `berm check -o json -o text` with one and with eight threads, and held
against what the case expects: verdicts, waivers, what is said of them, exit codes; diagnostics by their codes. Reports of
one and of eight threads have to be the same bytes. `--count N` adds a run over N documents with a waiver that one more
match is too many for.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

STATES = ("pending", "active", "expiring", "expired", "unused", "over-broad")


def documents(berm, path, folder):
    """The documents of a YAML file, read by Berm itself; a line of `---` is between two."""
    parts = ("\n" + path.read_text(encoding="utf-8")).split("\n---\n")
    for number, part in enumerate(parts):
        file = folder / f"case{number}.yaml"
        file.write_text(part, encoding="utf-8")
        done = subprocess.run([berm, "eval", "json.encode(object)", str(file)], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{path}: document {number + 1}: {done.stderr}")
        yield json.loads(json.loads(done.stdout))


class Check:
    def __init__(self, berm, folder):
        self.berm, self.folder, self.faults, self.cases = berm, folder, [], 0

    def fault(self, text):
        self.faults.append(f"{self.name}: {text}")

    def same(self, what, wanted, got):
        if wanted != got:
            self.fault(f"{what}: expected {wanted!r}, got {got!r}")

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")
        return name

    def sources(self, case):
        named = case.get("sources") or {"policy.yaml": case["source"]}
        flags = [part for name, text in named.items() for part in ("-p", self.write(name, text))]
        if "profile" in case:
            flags += ["--profile", case["profile"]]
        for key in ("parameters", "waivers"):
            if key in case:
                flags += [f"--{key}", self.write(f"{key}.yaml", case[key])]
        return flags

    def check(self, flags, inputs, jobs):
        outputs = ["-o", f"json=r{jobs}.json", "-o", f"text=r{jobs}.txt"]
        command = [self.berm, "check", *flags, "--jobs", str(jobs), *outputs, *inputs]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
        return done.returncode, done.stderr

    def reports(self, jobs):
        return [(self.folder / f"r{jobs}.{ending}").read_bytes() for ending in ("json", "txt")]

    def judge(self, flags, inputs):
        """Exit code and report of a run, which threads do not change."""
        code, said = self.check(flags, inputs, 1)
        if code > 1:
            self.fault(f"exit code {code}: {said}")
            return code, None
        again, _ = self.check(flags, inputs, 8)
        self.same("exit code of eight threads", code, again)
        self.same("reports of eight threads", self.reports(1), self.reports(8))
        return code, json.loads(self.reports(1)[0])

    def compare_finding(self, number, wanted, got):
        where = f"finding {number}"
        keys = {"verdict": "verdict", "guardrail": "guardrail", "validation": "validation", "severity": "severity",
                "enforcement": "enforcement", "element": "element", "address": "address", "action": "action", "message": "message"}
        for key, member in keys.items():
            if key in wanted:
                self.same(f"{where}: {key}", wanted[key], got[member])
        waiver = got.get("waiver") or {"id": "", "expires": ""}
        for key, member in {"waiver": "id", "expires": "expires"}.items():
            if key in wanted:
                self.same(f"{where}: {key}", wanted[key], waiver[member])
        if "waivers" in wanted:
            listed = [w["id"] if w["counts"] == "yes" else w["why"] for w in got.get("waivers", [])]
            self.same(f"{where}: waivers", wanted["waivers"], listed)

    def compare_waivers(self, wanted, report, text):
        got = {w["id"]: " ".join([w["status"], *w["problems"]]) for w in report.get("waivers", [])}
        self.same("waivers", wanted, got)
        for name, words in wanted.items():
            status = words.split()[0]
            said = {"expired": f"waiver {name} expired on", "unused": f"waiver {name} is unused",
                    "expiring": f"waiver {name} expires soon", "over-broad": f"waiver {name} is too broad"}.get(status)
            if said and said not in text:
                self.fault(f"the text report does not say: {said}")
            if "self-approved" in words and f"waiver {name} is approved by its own owner" not in text:
                self.fault(f"the text report does not say that {name} is self-approved")

    def run(self, flags, run):
        inputs = run.get("inputs") or [{"name": "input", "text": run["input"]}]
        names = [i["name"] for i in inputs]
        if len(set(names)) < len(names):
            return  # one file for each name
        files = [self.write(i["name"], i["text"]) for i in inputs]
        if "before" in inputs[0]:
            flags = [*flags, "--before", self.write("before." + inputs[0]["name"], inputs[0]["before"])]
        if run.get("drift"):
            flags = [*flags, "--drift"]
        # Without a time the clock's stands in the report, and the runs are not of the same second.
        flags = [*flags, "--now", run.get("now", "2026-11-28")]
        code, report = self.judge(flags, files)
        if report is None:
            return
        # A report is sorted by place, as a decision over one document of one resource is.
        wanted, got = list(run["findings"]), report["findings"]
        self.same("number of findings", len(wanted), len(got))
        for number, finding in enumerate(got):
            match = next((w for w in wanted if all(w.get(k, finding[k]) == finding[k] for k in
                                                  ("verdict", "guardrail", "validation", "element", "address", "message"))), None)
            if match is None:
                self.fault(f"finding {number + 1} is unexpected: {finding['verdict']} {finding['validation']}")
                continue
            wanted.remove(match)
            self.compare_finding(number + 1, match, finding)
        if "denied" in run:
            self.same("exit code", int(run["denied"]), code)
        if "waivers" in run:
            self.compare_waivers(run["waivers"], report, self.reports(1)[1].decode())
            bad = any(words.split()[0] in STATES[3:] or len(words.split()) > 1 for words in run["waivers"].values())
            strict, _ = self.check([*flags, "--strict-waivers", "--fail-on", "never"], files, 1)
            self.same("exit code of --strict-waivers", int(bad), strict)

    def case(self, case):
        self.name = case["policy"]
        self.cases += 1
        flags = self.sources(case)
        if "runs" in case:
            for run in case["runs"]:
                self.name = f"{case['policy']}: {run['name']}"
                self.run(flags, run)
            return
        self.write("a.json", "{}")
        code, said = self.check(flags, ["a.json"], 1)
        self.same("exit code", 2, code)
        codes = [line.split("[")[1][:5] for line in said.splitlines() if line.startswith(("error[", "warning["))]
        self.same("diagnostics", [d["code"] for d in case["diagnostics"]], codes)

    def many(self, count):
        """A waiver for `count` findings lifts them all, and with one more none, in however many threads."""
        self.name = f"{count} documents"
        policy = "guardrail: g\ntitle: t\nmatch: {kinds: [document]}\nvalidations: [{name: v, expression: object.n < 0}]\n"
        waiver = ("waiver: W\nguardrails: [g]\nscope: {resources: ['d*']}\ncategory: waived\nreason: r\nowner: o\n"
                  f"created: 2026-10-01\nexpires: 2026-12-29\nmaxMatches: {count}\n")
        flags = ["-p", self.write("p.yaml", policy), "--waivers", self.write("w.yaml", waiver), "--now", "2026-11-28"]
        files = [self.write(f"d{n}.json", json.dumps({"n": n})) for n in range(count + 1)]
        for inputs, word, exit_code in ((files[:-1], "waived", 0), (files, "fail", 1)):
            code, report = self.judge(flags, inputs)
            self.same("exit code", exit_code, code)
            if report is None:
                continue
            self.same("verdicts", {word}, {f["verdict"] for f in report["findings"]})
            self.same("waiver", ["over-broad" if exit_code else "active"], [w["status"] for w in report["waivers"]])

    def verbs(self):
        """berm waivers list, lint and expiring."""
        self.name = "berm waivers"
        text = "".join(
            f"---\nwaiver: {name}\nguardrails: [g]\nscope: {{resources: [{glob}]}}\ncategory: waived\nreason: r\n"
            f"owner: o\ncreated: 2026-10-01\nexpires: {end}\n"
            for name, glob, end in (("soon", "a", "2026-12-05"), ("later", "a", "2026-12-29"), ("gone", "a", "2026-11-01"),
                                    ("broad", "'*'", "2026-12-29")))
        self.write("w.yaml", text)
        for words, code, names in ((["list"], 0, ["soon", "later", "gone", "broad"]), (["lint"], 1, ["gone", "broad"]),
                                   (["expiring"], 1, ["soon"]), (["expiring", "--within", "40d"], 1, ["soon", "later", "broad"]),
                                   (["expiring", "--within=3"], 0, []), (["list", "x"], 2, None), ([], 2, None)):
            files = ["w.yaml"] if words and "x" not in words else []
            command = [self.berm, "waivers", *words, *files, "--now", "2026-11-28"]
            done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
            self.same(f"{words}: exit code", code, done.returncode)
            if names is None:
                continue
            listed = [line.split()[0] for line in done.stdout.splitlines() if "until" in line]
            self.same(str(words), names, listed)
            done = subprocess.run([*command, "-o", "json"], cwd=self.folder, capture_output=True, text=True)
            self.same(f"{words} as json", names, [w["record"]["waiver"] for w in json.loads(done.stdout)["waivers"]])

    def effective(self):
        """berm lint --effective: what came to be, and who said so."""
        self.name = "berm lint --effective"
        self.write("p.yaml", "guardrail: g\ntitle: t\nmatch: {kinds: [document]}\n"
                             "parameters: {most: {type: int, default: 5}, tiers: {use: tiers}, own: {type: int, default: 1}}\n"
                             "validations:\n  - {name: v, expression: 'true'}\n"
                             "  - {name: hard, enforcement: hard-mandatory, expression: 'true'}\n"
                             "---\nparameter: tiers\ntype: [int]\ndefault: [1]\n"
                             "---\npack: acme\nguardrails: [g]\nprofiles:\n"
                             "  dev: [{guardrails: [g], enforcement: advisory, parameters: {most: 6}}]\n")
        self.write("values.yaml", "parameters: {tiers: [7]}\n")
        command = [self.berm, "lint", "--effective", "p.yaml", "--profile", "dev", "--parameters", "values.yaml"]
        done = subprocess.run([*command, "-o", "json"], cwd=self.folder, capture_output=True, text=True)
        guardrail = json.loads(done.stdout)["guardrails"][0]
        profile = {"by": "profile dev of the pack acme", "file": "p.yaml", "line": 16}
        own = {"by": "guardrail", "file": "p.yaml", "line": 1}
        v, hard = guardrail["validations"]
        self.same("v", {"value": "advisory", "from": profile}, v["enforcement"])
        self.same("severity", {"value": "medium", "from": own}, v["severity"])
        self.same("hard", {"value": "hard-mandatory", "from": own}, hard["enforcement"])
        self.same("refused", [{"value": "advisory", "from": profile}], hard["refused"])
        self.same("parameters", [
            {"parameter": "most", "value": 6, "from": profile},
            {"parameter": "tiers", "value": [7], "from": {"by": "parameter file", "file": "values.yaml", "line": 1}},
            {"parameter": "own", "value": 1, "from": own}], guardrail["parameters"])
        text = subprocess.run(command, cwd=self.folder, capture_output=True, text=True).stdout
        for line in ("    enforcement: advisory  (profile dev of the pack acme, p.yaml:16)",
                     "      not lowered to advisory  (profile dev of the pack acme, p.yaml:16)",
                     "  params.tiers: [7]  (parameter file, values.yaml:1)"):
            if line not in text.splitlines():
                self.fault(f"the text does not say: {line}")


def main(berm, paths):
    with tempfile.TemporaryDirectory() as name:
        check = Check(str(pathlib.Path(berm).resolve()), pathlib.Path(name))
        for path in paths:
            for case in documents(check.berm, pathlib.Path(path), check.folder):
                check.case(case)
        check.many(40)
        check.verbs()
        check.effective()
    print("\n".join(check.faults) if check.faults else f"{check.cases} cases hold")
    return 1 if check.faults or not check.cases else 0


sys.exit(main(sys.argv[1], sys.argv[2:]))
