"""The shared cases (docs/cases.md) through the Python package; what tests/cases/*.c is for C.

A case is checked in every key that it gives; a key that is not known is a fault of the file.
"""
import json
import math
import pathlib
import re

import berm
from berm import _core
from berm._errors import diagnostic

ROOT = pathlib.Path(__file__).resolve().parents[3]
ENGINE = _core.Engine()  # as the C runner's: without time zones


def type_names():
    """BERM_TYPE_OF_* of the header, by number."""
    header = (ROOT / "include/berm/berm.h").read_text()
    body = re.search(r"enum \{\s*(BERM_TYPE_OF_MISSING.*?)\}", header, re.S)[1]
    return [name.lower() for name in re.findall(r"BERM_TYPE_OF_(\w+)", body)]


TYPES = type_names()


class Faults(list):
    def text(self, what, wanted, got):
        if wanted != got:
            self.append(f"{what}: expected {wanted!r}, got {got!r}")

    def words(self, what, wanted, got):
        if wanted not in got:
            self.append(f"{what}: expected {wanted!r} in {got!r}")

    def keys(self, spec, known):
        if not isinstance(spec, dict):
            self.append("a mapping is expected here")
            return
        self.extend(f"there is no key {key!r}" for key in spec if key not in known.split())


def same(got, wanted):
    """The types count, all the way down; the order of members, too."""
    if type(got) is not type(wanted):
        return False
    if isinstance(got, dict):
        return list(got) == list(wanted) and all(same(got[k], wanted[k]) for k in got)
    if isinstance(got, list):
        return len(got) == len(wanted) and all(map(same, got, wanted))
    if isinstance(got, float):
        return (math.isnan(got) and math.isnan(wanted)) or (got == wanted and
                                                            math.copysign(1, got) == math.copysign(1, wanted))
    return got == wanted


def check_diagnostics(faults, wanted, got):
    wanted = wanted or []
    for i in range(max(len(wanted), len(got))):
        if i >= len(got):
            faults.append(f"the diagnostic {wanted[i].get('code')} is missing")
            continue
        d = got[i]
        place = f"{d.file}:{d.line}:{d.column}" if d.line else d.file
        if i >= len(wanted):
            faults.append(f"unexpected {d.code} at {place}: {d.message}")
            continue
        w = wanted[i]
        faults.keys(w, "code at says help")
        faults.text("diagnostic", w.get("code"), d.code)
        if "at" in w:
            faults.text("place of the diagnostic", w["at"], place)
        if "says" in w:
            faults.words("diagnostic", w["says"], d.message)
        if "help" in w:
            faults.words("help", w["help"], d.hint)


def compile_sources(sources, flags=0, profile=None):
    """(policy or None, error or None, diagnostics)"""
    try:
        policy, rows = _core.Policy.compile(ENGINE, sources, flags, profile)
        return policy, None, [diagnostic(row) for row in rows]
    except berm.Error as error:
        return None, error, list(error.diagnostics)


def evaluate(expression, document=None, now=(0, 0)):
    policy, error, _ = compile_sources([("expr", expression, _core.ROLE_EXPRESSION)])
    assert not error, error
    return _core.evaluate(policy, document or _core.Batch(ENGINE), now)


def moment(spec):
    """The seconds and nanoseconds of `now`; Berm reads them itself."""
    if "now" not in spec:
        return 0, 0
    value, _, text = evaluate(f"timestamp({json.dumps(spec['now'])})")
    fraction = re.search(r"\.(\d+)", text)
    return berm._convert.timestamp(value)[0], int(fraction[1].ljust(9, "0")) if fraction else 0


# --- expressions ---


def run_expression(faults, group, spec):
    faults.keys(spec, "expr value type error diagnostics object")
    if "expr" not in spec or ("value" in spec) + ("error" in spec) + ("diagnostics" in spec) != 1:
        faults.append("a case has `expr`, and one of `value`, `error` and `diagnostics`")
        return
    policy, error, found = compile_sources([("expr", spec["expr"], _core.ROLE_EXPRESSION)])
    check_diagnostics(faults, spec.get("diagnostics"), found)
    if error and not isinstance(error, berm.CompileError):
        faults.append(f"{error.status}: {error}")
    if error or "diagnostics" in spec:
        return
    document = _core.Batch(ENGINE)
    if "object" in spec or "object" in group:
        document.add(spec["object"] if "object" in spec else group["object"])
    try:
        value, kind, text = _core.evaluate(policy, document, moment(group))
    except berm.EvaluationError as failure:
        if "error" in spec:
            faults.words("error", spec["error"], failure.message)
        else:
            faults.append(f"expected a value, got the error: {failure}")
        return
    if "error" in spec:
        faults.append(f"expected the error {spec['error']!r}, got {text}")
    elif "type" in spec:
        faults.text("type", spec["type"], TYPES[kind])
        faults.text("value", json.loads(as_json(spec["value"])), json.loads(text))
        faults.text("value as JSON", as_json(spec["value"]), text)
    elif not same(value, spec["value"]):
        faults.append(f"expected {spec['value']!r}, got {value!r}")


def as_json(value):
    """JSON as Berm writes it."""
    batch = _core.Batch(ENGINE)
    batch.add(value)
    return evaluate("object", batch)[2]


def run_expressions(spec):
    group = Faults()
    group.keys(spec, "expressions description object now cases")
    if not spec.get("cases"):
        group.append("there are no `cases`")
    if group:
        yield "(group)", group
    for case in spec.get("cases") or []:
        faults = Faults()
        run_expression(faults, spec, case)
        yield case.get("expr", "?"), faults


# --- policies ---

FINDING = ("verdict guardrail validation severity enforcement kind address element message says action at to input "
           "sensitive witness decided explanation waiver expires waivers reason")


def check_finding(faults, where, wanted, f):
    faults.keys(wanted, FINDING)
    if "verdict" not in wanted:
        faults.append(f"{where}: a finding has a `verdict`")
    got = f._asdict()
    got["at"] = f"{f.line}:{f.column}" if f.line else "none"
    got["to"] = f"{f.end_line}:{f.end_column}" if f.line else "none"
    got["input"] = f.name
    got["witness"] = f.witness or "none"
    got["decided"] = ":".join(f.decided.rsplit(":", 2)[1:]) if f.decided else "none"
    got["expires"] = f.waiver_expires
    got["waivers"] = f.waivers.split("\n") if f.waivers else []
    for key in wanted:
        if key == "says":
            faults.words(f"{where}: message", wanted[key], f.message)
        elif key in got:
            faults.text(f"{where}: {key}", wanted[key], got[key])


def read_inputs(faults, run):
    inputs = run.get("inputs")
    if (inputs is None) == ("input" not in run):
        faults.append("a run has either `input` or `inputs`")
    return [{"name": "input", "text": run.get("input", "")}] if inputs is None else inputs


def run_once(faults, policy, run, form):
    faults.keys(run, "name input inputs now passes explain denied findings verdicts fails resources unmatched "
                "waivers apart drift")
    where = f"{run.get('name', '')}{form}"
    inputs = read_inputs(faults, run)
    batch, single = _core.Batch(ENGINE), []
    for spec in inputs:
        faults.keys(spec, "name text format target diagnostics before")
        how = getattr(_core, "FORMAT_IS_" + spec["format"].upper()) if "format" in spec else _core.FORMAT_ANY
        if "text" not in spec:
            faults.append("an input has no `text`")
            continue
        if "input" not in run:
            reader = _core.Batch(ENGINE, "", how)
            rows = reader.diagnose(spec["text"].encode(), spec.get("name", "input"))
            check_diagnostics(faults, spec.get("diagnostics"), [diagnostic(row) for row in rows])
        single.append(_core.Batch(ENGINE))
        for one in (batch, single[-1]):
            one.add(spec["text"], spec.get("name", "input"), True, how, spec.get("target", ""))
            if "before" in spec:
                one.add_before(spec["before"], True)
    flags = (_core.RUN_PASSES if run.get("passes") else 0) | (_core.RUN_EXPLAIN if run.get("explain") else 0)
    flags |= _core.RUN_DRIFT if run.get("drift") else 0
    if run.get("apart"):
        for order in (single, single[::-1]):
            run_apart(faults, where, policy, run, order, flags)
        return
    kept = _core.Report(ENGINE) if "waivers" in run else None
    try:
        rows = _core.judge(policy, batch, 0, moment(run), flags, kept, True, True)
    except berm.Error as error:
        check_failure(faults, where, run.get("fails"), error)
        return
    if "fails" in run:
        faults.append(f"{where}: expected to fail with {run['fails']}")
        return
    check_report(faults, where, run, berm.Report([rows], kept))


def run_apart(faults, where, policy, run, batches, flags):
    """Each input in a run of its own, all in one report, whose order is that of places."""
    kept = _core.Report(ENGINE)
    for batch in batches:
        _core.judge(policy, batch, 0, moment(run), flags, kept, True, False)
    check_report(faults, where, run, berm.Report([kept.rows(len(batches), 0)], kept))


def check_report(faults, where, run, report):
    wanted = run.get("findings") or []
    for i in range(max(len(wanted), len(report.findings))):
        if i >= len(report.findings):
            faults.append(f"{where}: finding {i + 1} is missing")
        elif i >= len(wanted):
            faults.append(f"{where}: {report.findings[i]!r} is unexpected")
        else:
            check_finding(faults, f"{where}: finding {i + 1}", wanted[i], report.findings[i])
    if "waivers" in run:
        told = {w.id: " ".join([w.status, *w.problems]) for w in report.waivers}
        wanted = {id: text.replace("over-broad", "over_broad").replace("not-allowed", "not_allowed")
                  .replace("self-approved", "self_approved").replace("names-nothing", "names_nothing")
                  .replace(" broad", " is_broad").replace("index", "has_index") for id, text in run["waivers"].items()}
        faults.text(f"{where}: waivers", wanted, told)
    for key in ("denied", "resources", "unmatched"):
        if key in run:
            faults.text(f"{where}: {key}", run[key], getattr(report, key))
    if "verdicts" in run:
        faults.keys(run["verdicts"], " ".join(berm.VERDICTS))
        faults.text(f"{where}: verdicts", {w: run["verdicts"].get(w, 0) for w in berm.VERDICTS}, report.verdicts)


def check_failure(faults, where, wanted, error):
    if wanted is None:
        faults.append(f"{where}: {error.status}: {error}")
        return
    faults.keys(wanted, "status code at says")
    faults.text(f"{where}: status", wanted.get("status"), "BERM_" + error.status)
    if "code" in wanted:
        faults.text(f"{where}: code", wanted["code"], error.code)
    if "at" in wanted:
        faults.text(f"{where}: place", wanted["at"], f"{error.line}:{error.column}")
    if "says" in wanted:
        faults.words(f"{where}: error", wanted["says"], error.message)


def run_tests(faults, policy, wanted, form):
    got = [berm.TestResult(*row) for row in policy.test()]
    for i in range(max(len(wanted), len(got))):
        if i >= len(got):
            faults.append(f"a test is missing{form}")
        elif i >= len(wanted):
            faults.append(f"test {got[i].name!r}{form}: not expected")
        else:
            faults.keys(wanted[i], "name passed says")
            faults.text("test", wanted[i].get("name"), got[i].name)
            faults.text("passed", wanted[i].get("passed", True), got[i].passed)
            faults.words("result", wanted[i].get("says", ""), got[i].message)


def run_policy(spec):
    faults = Faults()
    faults.keys(spec, "policy description source sources builtins allowEmpty diagnostics runs tests profile "
                "parameters waivers")
    wanted = spec.get("diagnostics") or []
    fails = any(d.get("code") not in ("B0111", "B0550", "B0552") for d in wanted)  # these are warnings
    if ("runs" in spec or "tests" in spec) == fails:
        faults.append("a case has `runs` or `tests`, unless its policies do not compile")
    if ("sources" in spec) == ("source" in spec):
        faults.append("a case has either `source` or `sources`")
    texts = spec.get("sources") or {"policy.yaml": spec.get("source", "")}
    flags = 0 if spec.get("builtins", True) else _core.COMPILE_NO_BUILTINS
    flags |= _core.COMPILE_ALLOW_EMPTY if spec.get("allowEmpty") else 0
    sources = [(n, t, _core.ROLE_POLICY) for n, t in texts.items()]
    for key, role in (("parameters", _core.ROLE_PARAMETERS), ("waivers", _core.ROLE_WAIVERS)):
        if key in spec:
            sources.append((key + ".yaml", spec[key], role))
    policy, error, found = compile_sources(sources, flags, spec.get("profile"))
    check_diagnostics(faults, wanted, found)
    if error and not (fails and isinstance(error, berm.CompileError)):
        faults.append(f"{error.status}: {error}")
    if policy:
        for form, one in (("", policy), (" (saved and loaded)", _core.Policy.load(ENGINE, policy.save()))):
            for run in spec.get("runs") or []:
                run_once(faults, one, run, form)
            if "tests" in spec:
                run_tests(faults, one, spec["tests"], form)
    yield spec["policy"], faults


def run_file(path):
    """(name, faults) of each case of a file."""
    for spec in berm.read(path, format="yaml", schema="core", duplicates="forbid"):
        if "expressions" in spec:
            yield from run_expressions(spec)
        elif "policy" in spec:
            yield from run_policy(spec)
        else:
            yield "?", Faults(["a document starts with `expressions` or `policy`"])
