"""Many documents: batches, threads, progress, interruption, memory."""
import _thread
import gc
import signal
import threading
import time

import pytest

import berm
from berm import _core
from conftest import REPLICAS

SLOW = REPLICAS.replace("object.replicas >= 2",
                        "'object.all.all(a, object.all.all(b, object.all.all(c, a + b + c >= 0)))'")


def rows(report):
    return [f[1:] for f in report.findings]


def test_batches_are_as_one_by_one(replicas):
    documents = [{"replicas": i % 5, "i": i} for i in range(3000)]
    alone = [f[1:] for d in documents for f in replicas.check(d).findings]
    for workers in (0, 1, 2, 5):
        report = replicas.check_many(documents, workers=workers)
        assert rows(report) == alone
        assert [f.document for f in report.findings] == [i for i in range(3000) if i % 5 < 2]
        assert (report.documents, report.verdicts["fail"], report.verdicts["pass"]) == (3000, 1200, 1800)


def test_all_sorts_of_documents(replicas, tmp_path):
    path = tmp_path / "x.json"
    path.write_text('{"replicas": 1}')
    report = replicas.check_many([{"replicas": 1}, b'{"replicas": 1}', "replicas: 1\n", path, str(path)])
    assert report.verdicts["fail"] == 5
    assert [f.name for f in report.findings] == ["", "", "", str(path), str(path)]


def test_keys(replicas):
    documents = [{"replicas": 0, "id": i} for i in range(3)]
    assert [f.name for f in replicas.check_many(documents, key="id").findings] == ["0", "1", "2"]
    assert [f.name for f in replicas.check_many(documents, key=lambda d: f"no {d['id']}").findings] == [
        "no 0", "no 1", "no 2"]
    with pytest.raises(KeyError):
        replicas.check_many(documents, key="none")


def test_what_cannot_be_read_is_denied(replicas):
    report = replicas.check_many([b'{"replicas": 3}', b'{"replicas": ', {"replicas": 3}], key=lambda d: "name")
    assert report.denied and report.failures == 1
    finding = report.findings[0]
    assert (finding.verdict, finding.guardrail, finding.document, finding.line) == ("error", "", 1, 1)
    assert finding.enforcement == "hard-mandatory" and finding.message
    assert "denied" in report.to_text()


def test_an_object_that_is_no_document_raises(replicas):
    with pytest.raises(TypeError):
        replicas.check_many([{"replicas": 3}, {"replicas": object()}])
    with pytest.raises(TypeError):
        replicas.check_many({"replicas": 3})
    with pytest.raises(TypeError):
        replicas.check_many([7])


def test_an_iterator_that_raises(replicas):
    def broken():
        yield from ({"replicas": 1} for _ in range(5000))
        raise LookupError("gone")

    for workers in (1, 2):
        with pytest.raises(LookupError):
            replicas.check_many(broken(), workers=workers)


def test_nothing(replicas):
    report = replicas.check_many([])
    assert report.allowed and report.documents == 0 and len(report.findings) == 0
    assert rows(berm.merge([report, report])) == []


def test_progress(replicas):
    told = []
    replicas.check_many([{"replicas": 1}] * 2500, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (2500, 2500)
    assert replicas.check_many([{"replicas": 1}], progress=True).denied


def test_together(root):
    plan = root / "examples/terraform/plan.json"
    policy = berm.compile(root / "policies")
    single = policy.check(plan)
    assert rows(policy.check_many([plan])) == rows(single)
    assert rows(policy.check_many([plan], together=False)) == rows(policy.check(plan, partial=policy.joins))


# --- the GIL ---


def test_the_gil_is_free_while_documents_are_judged():
    policy = berm.compile(SLOW)
    document = {"all": list(range(60))}
    beats, stop = [0], threading.Event()

    def beat():
        while not stop.is_set():
            beats[0] += 1
            time.sleep(0.0005)

    thread = threading.Thread(target=beat)
    thread.start()
    before, start = beats[0], time.perf_counter()
    policy.check_many([document] * 8, workers=1)
    took, got = time.perf_counter() - start, beats[0] - before
    stop.set()
    thread.join()
    assert took > 0.02
    # with the GIL held it would beat once for each document
    assert got > took / 0.0005 / 20, (took, got)


# --- interruption ---


@pytest.fixture
def interruptible():
    """A run in the background may have been told to ignore the signal, and Python with it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_ends_a_run(workers, interruptible):
    policy = berm.compile(SLOW, limits={"fuel": 10**18, "rule_cost": 10**18})
    document = {"all": list(range(2000))}
    threading.Timer(0.2, _thread.interrupt_main).start()
    start = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        policy.check_many([document] * 3000, workers=workers)
    assert time.perf_counter() - start < 20
    assert policy.check({"all": [1]}).allowed


def test_ctrl_c_ends_one_check(interruptible):
    policy = berm.compile(SLOW, limits={"fuel": 10**18, "rule_cost": 10**18})
    threading.Timer(0.2, _thread.interrupt_main).start()
    with pytest.raises(KeyboardInterrupt):
        policy.check({"all": list(range(3000))})


# --- memory ---


def use_all(engine):
    """Everything that allocates, with an engine of its own."""
    source = [("p.yaml", REPLICAS, _core.ROLE_POLICY)]
    policy, _ = _core.Policy.compile(engine, source, 0, None)
    policy = _core.Policy.load(engine, policy.save())
    batch = _core.Batch(engine)
    batch.fill(iter([{"replicas": 1, "x": ["a" * 100]}, b"replicas: 3", b"{"]), 10, None, None)
    batch.add({"replicas": 5}, "name")
    report = _core.Report(engine)
    result = _core.judge(policy, batch, 0, (0, 0), _core.RUN_PASSES, report, False, False)
    assert [row[2] for row in result] == ["fail", "pass", "error", "pass"]
    report.write(_core.REPORT_JSON, 0)
    expression, _ = _core.Policy.compile(engine, [("e", "object.replicas + 1", _core.ROLE_EXPRESSION)], 0, None)
    one = _core.Batch(engine)
    one.add({"replicas": 1})
    assert _core.evaluate(expression, one, (0, 0))[0] == 2
    try:
        _core.Policy.compile(engine, [("p.yaml", "guardrail: x", _core.ROLE_POLICY)], 0, None)
    except berm.CompileError:
        pass


def test_nothing_leaks():
    functions = {"acme.f(string) -> string": str.upper}
    engine = _core.Engine(functions=functions, counted=True)
    empty = engine.memory
    assert empty[0] > 0
    for _ in range(3):
        use_all(engine)
        gc.collect()
        assert engine.memory == empty


def test_a_leak_would_be_seen():
    engine = _core.Engine(counted=True)
    empty = engine.memory
    batch = _core.Batch(engine)
    batch.add({"a": 1})
    assert engine.memory > empty


def test_every_allocation_may_fail():
    """Each of the first allocations fails in turn, then every hundredth: MemoryError, and nothing is left over."""
    done, n, failures = False, 0, 0
    while not done:
        try:
            engine = _core.Engine(counted=True, fail_after=n)
        except MemoryError:
            n += 1
            continue
        empty = None
        try:
            use_all(engine)
            done = True
        except MemoryError:
            failures += 1
        gc.collect()
        if empty is None:
            empty = _core.Engine(counted=True).memory
        assert engine.memory == empty, n
        n += 1 if n < 50 else 97
    assert failures > 20


def test_engines_with_functions_are_collected():
    import weakref

    class Call:
        def __call__(self, text):
            return text

    call = Call()
    call.policy = berm.compile(REPLICAS, functions={"acme.f(string) -> string": call})  # a ring
    gone = weakref.ref(call)
    del call
    gc.collect()
    assert gone() is None
