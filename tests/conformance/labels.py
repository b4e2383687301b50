#!/usr/bin/env python3
"""labels.py BERM POLICIES SHARED [WORD]: our guardrails against the verdicts that other authors gave their own examples.

Each row of ROWS (labels_rows.py) maps some of our validations to a check of somebody else's that means the same, says
where the examples are, and how their author says what shall be found in them. An example agrees when ours fail where
theirs fails, and pass where theirs passes; one that ours never look at agrees with nothing. Every example that differs
must be named in labels_named.tsv with the reason, and everything named there must still differ. Precision and recall are
printed for each guardrail. Then every asset that
terraform-validator converts from a plan must get the verdicts of the plan's resource. With WORD only rows with that word.

Exit 0: all agree, or are named. Exit 1: not so. Without SHARED/corpora: skipped.
"""
import collections
import fnmatch
import json
import pathlib
import re
import subprocess
import sys
import tempfile

from labels_rows import PAIRS, ROWS

BATCH = 150
Case = collections.namedtuple("Case", "name path part fails")  # part: None for the whole file, or (kind, name)


class Runner:
    """Runs the command; keeps what it found by file, for each way to set the parameters."""

    def __init__(self, berm, policies, temporary):
        self.berm, self.policies, self.temporary = berm, policies, temporary
        self.sets, self.found = {}, collections.defaultdict(dict)

    def read(self, path):
        """The first document of a YAML or JSON file, as Berm reads it."""
        run = subprocess.run([self.berm, "eval", "object", str(path)], capture_output=True, timeout=60)
        return json.loads(run.stdout) if run.returncode == 0 else None

    def policies_with(self, params):
        """The policies, with other defaults of parameters: {"guardrail.parameter": value as in YAML}."""
        key = json.dumps(params, sort_keys=True)
        if key not in self.sets:
            folder = self.temporary / f"policies{len(self.sets)}"
            folder.mkdir()
            for source in sorted(self.policies.rglob("*.yaml")):
                text = source.read_text(encoding="utf-8")
                for name, value in params.items():
                    text = with_default(text, *name.split("."), value)
                (folder / source.name).write_text(text, encoding="utf-8")
            self.sets[key] = folder
        return self.sets[key]

    def judge(self, paths, params, target):
        """{path: findings, those that passed, too}"""
        policies = self.policies_with(params) if params else self.policies
        found = self.found[(str(policies), target)]
        missing = [str(path) for path in dict.fromkeys(paths) if str(path) not in found]
        for start in range(0, len(missing), BATCH):
            batch = missing[start:start + BATCH]
            command = [self.berm, "check", "-p", str(policies), "-o", "json", "--verbose"]
            command += ["--target", target] if target else []
            run = subprocess.run([*command, "--", *batch], capture_output=True, timeout=600)
            found.update({path: [] for path in batch})
            for finding in json.loads(run.stdout)["findings"]:
                found[finding["location"]["file"]].append(finding)
        return found


def with_default(text, guardrail, parameter, value):
    """One guardrail's text with another default; its parameter must be on one line."""
    documents = re.split(r"^---\n", text, flags=re.MULTILINE)
    for i, document in enumerate(documents):
        if re.match(rf"(#.*\n)*guardrail: {guardrail}$", document, re.MULTILINE):
            pattern = rf"^(  {parameter}: \{{type: .*?, default: ).*\}}(?: +#.*)?$"
            documents[i], count = re.subn(pattern, lambda m: m[1] + value + "}", document, flags=re.MULTILINE)
            assert count == 1, f"{guardrail} has no line of its own for the parameter {parameter}"
    return "---\n".join(documents)


# ---- How authors say what shall be found. Each gives Cases.

def read_suite(runner, root, row):
    """Gatekeeper: suite.yaml has an example and whether it violates; row["tests"] are the ones of our sort."""
    for test in runner.read(root / "suite.yaml")["tests"]:
        if fnmatch.fnmatch(test["name"], row.get("tests", "*")):
            for case in (case for case in test["cases"] if (root / case["object"]).is_file()):
                fails = {"no": False, 0: False, False: False}.get(case["assertions"][0].get("violations", "yes"), True)
                yield Case(f"{test['name']}/{case['name']}", root / case["object"], None, fails)


def read_kyverno(runner, root, row):
    """Kyverno: kyverno-test.yaml says which resources pass and fail; row["rules"] are the rules of our sort."""
    folder = root / ".kyverno-test"
    test = runner.read(folder / "kyverno-test.yaml")
    for result in test["results"]:
        if result["result"] not in ("pass", "fail") or not fnmatch.fnmatch(result.get("rule", ""), row.get("rules", "*")):
            continue
        for name in result["resources"]:
            for file in test["resources"]:
                part = (result["kind"], name.rsplit("/", 1)[-1])
                path = (folder / file).resolve()
                if path.is_file() and re.search(rf"name: [\"']?{re.escape(part[1])}[\"']?\s*$", path.read_text(), re.MULTILINE):
                    yield Case(f"{result.get('rule', '')}/{'/'.join(part)}", path, part, result["result"] == "fail")


def read_chainsaw(runner, root, row):
    """Kyverno: files of good and of bad resources; each of a bad file is bad."""
    for path in sorted((root / ".chainsaw-test").glob("*.y*ml")):
        label = re.search(r"good|bad", path.name)
        if label:
            for kind, name in sorted(workloads_of(path)):
                yield Case(f"{path.stem}/{kind}/{name}", path, (kind, name), label[0] == "bad")


def workloads_of(path):
    """(kind, name) of the objects of a stream."""
    for document in re.split(r"^---.*$", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
        kind = re.search(r"^kind: *(\w+)", document, re.MULTILINE)
        name = re.search(r"^metadata:.*?\n  +name: *[\"']?([\w.-]+)", document, re.MULTILINE | re.DOTALL)
        if kind and name:
            yield kind[1], name[1]


def read_files(runner, root, row):
    """Files whose name says it: PASSED, FAILED, valid_, invalid_ and so on."""
    for path in sorted(root.glob(row.get("files", "*"))):
        label = re.search(row.get("label", r"(?i)PASS|FAIL|\bvalid|\binvalid"), path.name)
        if label:
            yield Case(path.name, path, None, label[0].lower().startswith(("fail", "invalid")))


def read_folders(runner, root, row):
    """Passing/ and Failing/, with a file or folder for each example: one file has all that is to be looked at."""
    for folder in sorted(path for path in root.glob("*/**/") if path.is_dir() and any(path.glob("*.y*ml"))):
        name = folder.relative_to(root).as_posix()
        path = runner.temporary / f"{root.name}-{name.replace('/', '-')}.yaml"
        path.write_text("\n---\n".join(file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.y*ml"))), encoding="utf-8")
        yield Case(name, path, None, name.startswith("Fail"))


def read_names(runner, root, row):
    """Resources whose name says it: row["good"] and row["bad"] are patterns."""
    seen = set()
    for finding in runner.judge([root], row.get("params", {}), row.get("target"))[str(root)]:
        address = re.split(r"/(?:aws|azure|gcp|iam)\.", finding["address"])[0]
        if address not in seen and is_ours(finding, row["ours"]):
            seen.add(address)
            bad = re.search(row["bad"], address)
            if bad or re.search(row["good"], address):
                yield Case(address, root, (None, address), bad is not None)


def read_guard(runner, root, row):
    """CloudFormation Guard: lists of inputs with the status of each rule."""
    for i, test in enumerate(runner.read(root)):
        status = test["expectations"]["rules"].get(row["rule"])
        if status in ("PASS", "FAIL") and type(test["input"]) is dict:
            path = runner.temporary / f"{root.stem}-{i}.json"
            path.write_text(json.dumps(test["input"]), encoding="utf-8")
            yield Case(f"{i}: {test.get('name', '')}", path, None, status == "FAIL")


READERS = {"suite": read_suite, "kyverno": read_kyverno, "chainsaw": read_chainsaw, "files": read_files,
           "names": read_names, "guard": read_guard,
           "folders": read_folders}


# ---- Comparing

def is_ours(finding, ours):
    """Is the finding of one of these validations: one pattern fits, and none that begins with an exclamation mark?"""
    name = f"{finding['guardrail']}/{finding['validation']}"
    return (any(fnmatch.fnmatch(name, pattern) for pattern in ours)
            and not any(fnmatch.fnmatch(name, pattern[1:]) for pattern in ours if pattern.startswith("!")))


def is_of(finding, part):
    """Is the finding about that resource, or a part of it?"""
    if part is None:
        return True
    kind, name = part
    address = finding["address"]
    if kind is None:
        return address == name or address.startswith(name + "/")
    return re.match(rf"[^/]+/{kind}/([^/]+/)?{re.escape(name)}(/(pod|container)\b|$)", address) is not None


WORST = ["fail", "error", "unknown", "pass", "skipped"]


def verdict_of(case, findings, row):
    looked = [f["verdict"] for f in findings
              if is_ours(f, row["ours"]) and is_of(f, case.part) and f["kind"] == row.get("kind", f["kind"])]
    worst = min(looked, key=WORST.index, default="nothing")
    return "pass" if worst == "skipped" else worst


def compare(runner, corpora, row):
    """(case, their verdict, ours) of the examples of a row."""
    cases = list(READERS[row["by"]](runner, corpora / row["in"], row))
    found = runner.judge([case.path for case in cases], row.get("params", {}), row.get("target"))
    for case in cases:
        yield case.name, "fail" if case.fails else "pass", verdict_of(case, found[str(case.path)], row)


def compare_pair(runner, plans, assets, ours):
    """Plans and the assets that they convert to: the worst verdict of each validation (and element) on both."""
    pairs = [(plan, assets / plan.name.replace(".tfplan.json", ".json")) for plan in sorted(plans.glob("*.tfplan.json"))]
    pairs = [(plan, asset) for plan, asset in pairs if asset.is_file()]
    found = runner.judge([path for pair in pairs for path in pair], {}, None)
    for plan, asset in pairs:
        worst = []
        for path in (asset, plan):
            verdicts = collections.defaultdict(list)
            for f in found[str(path)]:
                if is_ours(f, ours) and f["verdict"] != "skipped":
                    element = f"[{f['element']}]" if f["element"] else ""
                    verdicts[f"{f['guardrail']}/{f['validation']}{element}"].append(f["verdict"])
            worst.append({name: min(all_of, key=WORST.index) for name, all_of in verdicts.items()})
        for name in sorted(worst[0].keys() | worst[1].keys()):
            yield f"{asset.name}: {name}", worst[0].get(name, "nothing"), worst[1].get(name, "nothing")


def read_named(path):
    named = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            row, case, ours, reason = line.split("\t")
            assert (row, case) not in named and reason, line
            named[row, case] = (ours, reason)
    return named


class Tally:
    """Counts what agrees, and prints what differs without being named."""

    def __init__(self, named):
        self.named, self.seen, self.faults = named, set(), 0
        self.totals = collections.Counter()
        self.scores = collections.defaultdict(collections.Counter)  # by guardrail: (theirs, ours) of every example

    def row(self, title, results, ours_are=()):
        counts = collections.Counter()
        faults = []
        guardrails = " ".join(sorted({name.split("/")[0] for name in ours_are if not name.startswith("!")}))
        for case, theirs, ours in results:
            if guardrails:
                self.scores[guardrails][theirs, ours] += 1
            if ours == theirs:
                counts["agree"] += 1
                continue
            counts["differ"] += 1
            self.seen.add((title, case))
            if self.named.get((title, case), ("", ""))[0] != ours:
                faults.append(f"    {title}\t{case}\t{ours}\tshould be {theirs}")
        counts["named"] = counts["differ"] - len(faults)
        self.totals.update(counts)
        print(f"{title:<66}{counts['agree']:>6}{counts['differ']:>7}{counts['named']:>7}")
        print("".join(fault + "\n" for fault in faults), end="")
        self.faults += len(faults)
        if counts["agree"] + counts["differ"] == 0:
            print("    the row compares nothing")
            self.faults += 1

    def print_scores(self):
        """How often ours fails what theirs fails (recall), and theirs what ours fails (precision)."""
        print(f"\n{'guardrail':<76}{'examples':>9}{'precision':>11}{'recall':>8}")
        for guardrails, counts in sorted(self.scores.items()):
            both = counts["fail", "fail"]
            ours = sum(count for (_, verdict), count in counts.items() if verdict in ("fail", "error"))
            theirs = sum(count for (verdict, _), count in counts.items() if verdict == "fail")
            shares = [f"{both / all_of:.2f}" if all_of else "-" for all_of in (ours, theirs)]
            print(f"{guardrails:<76}{sum(counts.values()):>9}{shares[0]:>11}{shares[1]:>8}")

    def close(self, everything):
        for title, case in sorted(self.named.keys() - self.seen) if everything else []:
            print(f"named, but does not differ any more: {title}\t{case}")
            self.faults += 1
        print(f"{self.totals['agree']} agree, {self.totals['differ']} differ, {self.totals['named']} of these named")


def main(args):
    if len(args) < 3:
        print(__doc__)
        return 2
    berm, policies, shared, *words = args
    corpora = (pathlib.Path(shared) / "corpora").resolve()
    if not corpora.is_dir():
        print("skipped: no corpora")
        return 0
    tally = Tally(read_named(pathlib.Path(__file__).with_name("labels_named.tsv")))
    print(f"{'check':<66}{'agree':>6}{'differ':>7}{'named':>7}")
    with tempfile.TemporaryDirectory() as temporary:
        runner = Runner(berm, pathlib.Path(policies), pathlib.Path(temporary))
        for row in ROWS:
            if all(word in row["title"] for word in words):
                tally.row(row["title"], compare(runner, corpora, row), row["ours"])
        for title, plans, assets, ours in PAIRS:
            if all(word in title for word in words):
                tally.row(title, compare_pair(runner, corpora / plans, corpora / assets, ours))
    tally.print_scores()
    tally.close(not words)
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
