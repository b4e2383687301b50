"""One document at a time: what is taken, what comes out, what goes wrong."""
import collections
import datetime
import enum
import json
import pickle
import threading

import pytest

import berm
from conftest import REPLICAS


def value_of(document, expression="object"):
    return berm.evaluate(expression, document)


# --- documents ---


@pytest.mark.parametrize("document", [
    {"a": 1, "b": [True, None, 1.5, "x", "\u00e9\U0001f600"], "c": {}},
    [], [[[]]], "text", 0, -1, 2**63 - 1, -(2**63), 1e308, True, False,
])
def test_values_come_back_as_they_went_in(document):
    got = value_of(document)
    assert got == document and type(got) is type(document)


def test_integers_beyond_int64_are_uint():
    assert value_of({"a": 2**64 - 1}, "type(object.a)") == "uint"
    assert value_of({"a": berm.UInt(3)}, "object.a + 1u") == 4
    assert isinstance(value_of({"a": 2**63})["a"], berm.UInt)
    with pytest.raises(OverflowError):
        value_of({"a": 2**64})
    with pytest.raises(OverflowError):
        value_of({"a": -(2**63) - 1})


class Color(enum.Enum):
    RED = "red"


class Text(str):
    pass


@pytest.mark.parametrize("given, expression, wanted", [
    (Color.RED, "object", "red"),
    (Text("x"), "object + 'y'", "xy"),
    (collections.OrderedDict(a=1), "object.a", 1),
    (collections.UserDict(a=1), "object.a", 1),
    ((1, 2), "size(object)", 2),
    (range(3), "object[2]", 2),
    (b"ab", "object == b'ab'", True),
    (bytearray(b"ab"), "size(object)", 2),
    ({1: "a"}, "object[1]", "a"),
    ({True: "a"}, "object[true]", "a"),
    (datetime.datetime(2026, 1, 2, 3, tzinfo=datetime.timezone.utc), "string(object)", "2026-01-02T03:00:00Z"),
    (datetime.datetime(1969, 12, 31, 23, 59, 59, 500000), "string(object)", "1969-12-31T23:59:59.5Z"),
    (datetime.timedelta(seconds=-1), "string(object)", "-1s"),
    (datetime.date(2026, 1, 2), "object", "2026-01-02"),
    ({"s": {1, 2}}, "object.s.size()", 2),
])
def test_other_types(given, expression, wanted):
    assert value_of(given, expression) == wanted


@pytest.mark.parametrize("given", [object(), {"a": object()}, [1j], {(1, 2): 3}, {None: 1}, {"a": 1.5, 2.5: 1}])
def test_what_is_no_document(given):
    with pytest.raises(TypeError):
        value_of(given)


def test_moments_and_durations_come_back():
    when = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=datetime.timezone.utc)
    assert value_of(when) == when
    assert value_of(datetime.timedelta(days=-3, microseconds=5)) == datetime.timedelta(days=-3, microseconds=5)


def test_lone_surrogates_are_refused():
    with pytest.raises(UnicodeEncodeError):
        value_of({"a": "\ud800"})


def test_depth_is_bounded():
    loop = []
    loop.append(loop)
    with pytest.raises(berm.LimitError):
        value_of(loop)
    ring = {}
    ring["a"] = ring
    with pytest.raises(berm.LimitError):
        value_of(ring)


class Changing(collections.UserDict):
    """Changes the dict that it is in while it is read."""

    def items(self):
        outer.clear()
        return super().items()


outer = {}


def test_a_dict_that_changes_while_it_is_read():
    outer.update({"a": Changing(x=1), "b": [1, 2, 3]})
    with pytest.raises(RuntimeError):
        value_of(outer)


def test_time_zones():
    assert berm.evaluate("timestamp('2026-07-01T00:00:00Z').getHours('Europe/Vienna')") == 2
    with pytest.raises(berm.EvaluationError):
        berm.evaluate("timestamp('2026-07-01T00:00:00Z').getHours('../etc/passwd')")


# --- texts and paths ---


def test_texts_and_paths(replicas, tmp_path):
    path = tmp_path / "web.yaml"
    path.write_text("replicas: 1\n")
    for document in ({"replicas": 1}, b'{"replicas": 1}', '{"replicas": 1}', "replicas: 1\n", path, str(path),
                     bytearray(b"replicas: 1"), memoryview(b"replicas: 1")):
        report = replicas.check(document)
        assert report.denied and len(report.findings) == 1, document
    finding = replicas.check(path).findings[0]
    assert (finding.name, finding.line, finding.column) == (str(path), 1, 11)
    assert finding.place == f"{path}:1:11"
    with pytest.raises(FileNotFoundError):
        replicas.check(tmp_path / "none.yaml")


def test_policies_from_everywhere(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.yaml").write_text(REPLICAS)
    (tmp_path / "sub" / "b.yml").write_text(REPLICAS.replace("guardrail: replicas", "guardrail: other"))
    (tmp_path / "sub" / "README.md").write_text("no policy")
    for given, count in [(tmp_path, 2), (str(tmp_path), 2), ([tmp_path / "a.yaml"], 1), (REPLICAS, 1),
                         (REPLICAS.encode(), 1), ({"x.yaml": REPLICAS}, 1)]:
        assert len(berm.compile(given).check({"replicas": 0}).findings) == count
    with pytest.raises(FileNotFoundError):
        berm.compile(tmp_path / "none")
    with pytest.raises(TypeError):
        berm.compile(5)


# --- results ---


def test_a_report(replicas):
    report = replicas.check({"replicas": 1})
    assert report.denied and not report.allowed
    assert report.verdicts["fail"] == 1 and set(report.verdicts) == set(berm.VERDICTS)
    assert repr(report) == "<berm.Report: denied; 0 resources in 1 documents: 1 fail>"
    finding = report.findings[0]
    assert finding.verdict == "fail" and finding.severity == "high" and finding.enforcement == "soft-mandatory"
    assert finding.message == "only 1" and finding.witness.startswith("object.replicas >= 2 is false")
    assert finding.decided == "policy.yaml:6:39"
    assert repr(finding) == ("<fail replicas/two (high, soft-mandatory) in document 0: only 1>")
    assert report.findings[-1] == finding and report.findings[0:5] == [finding] == list(report.findings)
    with pytest.raises(IndexError):
        report.findings[1]
    with pytest.raises(TypeError):
        bool(report)
    assert "only 1" in report._repr_html_()
    assert json.loads(report.to_json())["findings"][0]["message"] == "only 1"
    assert "only 1" in report.to_text()


def test_sarif(replicas):
    report = replicas.check({"replicas": 1})
    if not hasattr(berm._core, "REPORT_SARIF"):  # a build without formats says so
        with pytest.raises(berm.Error) as caught:
            report.to_sarif()
        assert caught.value.status == "E_UNSUPPORTED"
        return
    log = json.loads(report.to_sarif())
    assert log["version"] == "2.1.0" and log["runs"][0]["results"][0]["message"]["text"]


WAIVER = """\
waiver: W-1
guardrails: [replicas]
scope: {resources: ["*"]}
category: accepted-risk
reason: it goes away
owner: shop
created: 2026-10-01
expires: 2026-12-31
maxMatches: 2
"""
DAY = datetime.datetime(2026, 11, 1, tzinfo=datetime.timezone.utc)
WAIVABLE = REPLICAS + "waivable: {maxDays: 120}\n"


def test_waivers():
    policy = berm.compile(WAIVABLE, waivers=WAIVER)
    report = policy.check({"replicas": 1}, now=DAY)
    assert report.allowed and report.findings[0].verdict == "waived" and report.findings[0].waiver == "W-1"
    assert report.findings[0].waiver_expires == "2026-12-31" and report.findings[0].waivers == "W-1"
    assert (report.waivers[0].status, report.waivers[0].matches) == ("active", 1)
    later = policy.check({"replicas": 1}, now=DAY + datetime.timedelta(days=90))
    assert later.denied and later.findings[0].verdict == "fail"
    assert [w.status for w in policy.waivers(DAY + datetime.timedelta(days=90))] == ["expired"]
    assert policy.waivers(DAY)[0].record["reason"] == "it goes away"


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("workers", [1, 2])
def test_max_matches_counts_over_all_documents(count, kept, workers):
    policy = berm.compile(WAIVABLE, waivers=WAIVER)
    documents = [{"replicas": 5}] * 3000 + [{"replicas": 1}] * count
    report = policy.check_many(documents, now=DAY, workers=workers, report=kept)
    verdict = "waived" if count == 2 else "fail"
    assert [(f.document, f.verdict) for f in report.findings] == [(3000 + i, verdict) for i in range(count)]
    assert report.denied == (count == 3) and report.verdicts[verdict] == count
    assert report.documents == 3000 + count


def test_parameters():
    policy = berm.compile(REPLICAS.replace("object.replicas >= 2", "object.replicas >= params.least")
                          + "parameters: {least: {type: int, default: 2}}\n",
                          parameters={"guardrails": {"replicas": {"least": 4}}})
    assert policy.check({"replicas": 3}).denied and policy.check({"replicas": 4}).allowed


def deployment(replicas):
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"},
            "spec": {"replicas": replicas}}


def test_the_document_before():
    policy = berm.compile(REPLICAS.replace("object.replicas >= 2", "object.spec.replicas >= oldObject.spec.replicas")
                          .replace("{kinds: [document]}", "{target: kubernetes, kinds: [apps/Deployment], actions: [update, drift]}")
                          .replace("{object.replicas}", "{object.spec.replicas}"))
    report = policy.check(deployment(3), before=json.dumps(deployment(4)).encode())
    assert report.denied and report.findings[0].action == "update"
    assert policy.check(deployment(3), before=deployment(2)).allowed
    assert policy.check(deployment(3), before=deployment(4), drift=True).findings[0].action == "drift"


def test_html_is_escaped():
    policy = berm.compile(REPLICAS.replace("only {object.replicas}", "<script>{object.replicas}</script>"))
    text = policy.check({"replicas": 1})._repr_html_()
    assert "<script>" not in text and "&lt;script&gt;1" in text


def test_fields_are_those_of_the_core():
    assert berm.Finding._fields == tuple(name for name, _ in berm._core.COLUMNS)


def test_words_are_those_of_the_header(root):
    header = (root / "include/berm/berm.h").read_text()
    for words, prefix in ((berm.VERDICTS, "VERDICT"), (berm.SEVERITIES, "SEVERITY"),
                          (berm.ENFORCEMENTS, "ENFORCEMENT"), (berm.ACTIONS, "ACTION")):
        for number, word in enumerate(words):
            name = f"BERM_{prefix}_{word.upper().replace('-', '_')}"
            assert name in header
        assert len(words) == len(set(words)) > 2


def test_passes_and_explanations(replicas):
    assert replicas.check({"replicas": 3}).findings[:] == []
    finding = replicas.check({"replicas": 3}, passes=True, explain=True).findings[0]
    assert finding.verdict == "pass" and "object.replicas" in finding.explanation


def test_now():
    policy = berm.compile(REPLICAS.replace("object.replicas >= 2", "now < timestamp('2026-01-01T00:00:00Z')"))
    utc = datetime.timezone.utc
    assert policy.check({"replicas": 1}, now=datetime.datetime(2025, 12, 31, tzinfo=utc)).allowed
    assert policy.check({"replicas": 1}, now=datetime.datetime(2026, 1, 1, 1, tzinfo=utc)).denied


def test_unknown_is_neither_pass_nor_fail(replicas):
    report = replicas.check({"replicas": berm.UNKNOWN})
    assert report.findings[0].verdict == "unknown"
    assert pickle.loads(pickle.dumps(berm.UNKNOWN)) is berm.UNKNOWN


# --- images ---


def test_images(replicas, tmp_path):
    image = replicas.to_bytes()
    path = tmp_path / "policy.berm"
    path.write_bytes(image)
    for policy in (berm.Policy.from_bytes(image), berm.load(path), berm.load(image),
                   pickle.loads(pickle.dumps(replicas))):
        assert policy.to_bytes() == image
        assert policy.check({"replicas": 1}).denied
    with pytest.raises(berm.ImageError) as caught:
        berm.load(image[:-1])
    assert caught.value.status == "E_IMAGE"
    with pytest.raises(TypeError):
        berm.Policy()


def test_own_tests():
    policy = berm.compile(REPLICAS + "tests: [{name: one is too few, object: {replicas: 1}, expect: {two: fail}}]\n")
    results = policy.test()
    assert [(r.name, r.passed) for r in results] == [("one is too few", True)]
    assert policy.disassemble()


# --- errors ---


def test_compile_errors_say_where(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(REPLICAS.replace("object.replicas >= 2", "object.replicas >"))
    with pytest.raises(berm.CompileError) as caught:
        berm.compile(path)
    error = caught.value
    assert (error.file, error.line, error.column > 30) == (str(path), 6, True)
    assert error.status == "E_POLICY" and error.diagnostics[0].severity == "error"
    assert error.diagnostics[0].code.startswith("B0") and "^" in str(error)
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is berm.CompileError and copy.diagnostics == error.diagnostics


def test_document_errors_say_where(replicas):
    with pytest.raises(berm.DocumentError) as caught:
        replicas.check(b'{"a": 1,\n "b": }', name="x.json")
    error = caught.value
    assert (error.file, error.line, error.column, error.status) == ("x.json", 2, 7, "E_SYNTAX")
    assert str(error).startswith("x.json:2:7: ")


def test_expression_errors():
    with pytest.raises(berm.EvaluationError, match="division by zero"):
        berm.evaluate("1 / 0")
    with pytest.raises(berm.CompileError):
        berm.evaluate("1 +")


def test_limits():
    with pytest.raises(berm.LimitError):
        berm.evaluate("[1, 2, 3].all(a, [1, 2, 3].all(b, a + b > 0))", limits={"fuel": 10})
    with pytest.raises(ValueError):
        berm.evaluate("1", limits={"speed": 1})


# --- host functions ---


OWNER = {"acme.owner(string) -> optional_type(string)": {"web": "shop"}.get}
OWNED = """\
guardrail: owned
title: Somebody owns it
match: {kinds: [document]}
validations: [{name: owned, expression: acme.owner(object.name).hasValue()}]
"""


def test_host_functions():
    policy = berm.compile(OWNED, functions=OWNER)
    assert policy.check({"name": "web"}).allowed
    assert policy.check({"name": "db"}).denied
    assert policy.check_many(({"name": "web"} for _ in range(5000)), workers=2).allowed
    assert pickle.loads(pickle.dumps(policy)).check({"name": "web"}).allowed


def test_host_functions_take_and_give_anything():
    seen = []

    def echo(value):
        seen.append(value)
        return value

    document = {"a": [1, berm.UInt(2), 1.5, None, True, "x", b"y"], "b": {"c": {}}}
    assert berm.evaluate("acme.echo(object) == object", document,
                         functions={"acme.echo(dyn) -> dyn": echo}) is True
    assert seen == [document]


def test_an_exception_in_a_host_function_is_an_error_and_is_shown(monkeypatch):
    shown = []
    monkeypatch.setattr("sys.unraisablehook", lambda given: shown.append(given.exc_value))
    policy = berm.compile(OWNED, functions={"acme.owner(string) -> optional_type(string)": lambda name: 1 / 0})
    report = policy.check({"name": "web"})
    assert report.findings[0].verdict == "error" and report.denied
    assert isinstance(shown[0], ZeroDivisionError)


def test_exit_in_a_host_function_ends_the_run():
    def leave(name):
        raise SystemExit(3)

    policy = berm.compile(OWNED, functions={"acme.owner(string) -> optional_type(string)": leave})
    with pytest.raises(SystemExit) as caught:
        policy.check({"name": "web"})
    assert caught.value.code == 3
    with pytest.raises(SystemExit):
        policy.check_many([{"name": "web"}] * 10)


def test_bad_declarations():
    with pytest.raises(berm.Error) as caught:
        berm.compile(OWNED, functions={"acme.owner(": len})
    assert caught.value.status == "E_ARGUMENT"
    with pytest.raises(TypeError):
        berm.compile(OWNED, functions={"acme.owner(string) -> string": 3})


# --- threads ---


def test_one_policy_and_many_threads(replicas):
    wrong = []

    def work(number):
        for i in range(300):
            report = replicas.check({"replicas": (i + number) % 4})
            if report.denied != ((i + number) % 4 < 2):
                wrong.append(i)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
