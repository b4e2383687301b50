"""Arrow in and out."""
import builtins
import datetime
import decimal
import gc

import pytest

import berm
from berm import _core
from conftest import REPLICAS

pa = pytest.importorskip("pyarrow")


def documents_of(table):
    """The rows as the library has them."""
    reader, batch = _core.ArrowReader(table), _core.Batch(_core.Engine())
    while batch.fill_arrow(reader, 10**9, None, None):
        pass
    return batch.read()


def test_findings_out(replicas):
    report = replicas.check_many([{"replicas": i % 3, "id": i} for i in range(3000)], key="id")
    table = report.to_arrow()
    assert table.num_rows == 2000 and table.column_names == list(berm.Finding._fields)
    assert table.to_pylist() == report.to_dicts()
    assert [tuple(f) for f in report.findings[:3]] == [tuple(row.values()) for row in table.slice(0, 3).to_pylist()]
    table.validate(full=True)


def test_arrays_outlive_everything(replicas):
    report = replicas.check_many([{"replicas": 1}] * 10)
    column = report.to_arrow()["message"].chunk(0)
    stream = report.__arrow_c_stream__()
    del report
    gc.collect()
    assert column.to_pylist() == ["only 1"] * 10
    del stream  # not used: its release frees it
    gc.collect()


def test_empty_out(replicas):
    assert replicas.check_many([]).to_arrow().num_rows == 0
    assert replicas.check({"replicas": 3}).to_arrow().num_rows == 0


@pytest.mark.parametrize("type", [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(),
                                  pa.dictionary(pa.int32(), pa.string())])
def test_columns_of_texts(replicas, type):
    texts = ['{"replicas": %d, "padding": "%s"}' % (i % 4, "x" * (i % 20)) for i in range(3000)]
    ids = [f"asset-{i}" for i in range(3000)]
    table = pa.table({"id": ids, "json": pa.array(texts, pa.string()).cast(type) if "view" not in str(type)
                      else pa.array(texts, type)})
    wanted = [(f"asset-{i}", f"only {i % 4}") for i in range(3000) if i % 4 < 2]
    for source in (table, table.to_batches()[0], pa.table(table).combine_chunks(), table.to_reader(max_chunksize=700)):
        report = replicas.check_many(source, column="json", key="id")
        assert [(f.name, f.message) for f in report.findings] == wanted
    part = table.slice(1001, 10)
    assert [f.name for f in replicas.check_many(part, column="json", key="id").findings] == [
        f"asset-{i}" for i in range(1001, 1011) if i % 4 < 2]


def test_rows_that_are_null_are_denied(replicas):
    table = pa.table({"json": ['{"replicas": 3}', None, "{"]})
    report = replicas.check_many(table, column="json")
    assert report.denied and report.failures == 2
    assert [f.document for f in report.findings] == [1, 2]
    assert report.findings[0].message == "the row is null"


def test_rows_are_documents(replicas):
    table = pa.table({"replicas": list(range(3000)), "id": list(range(3000))})
    report = replicas.check_many(table, key="id")
    assert [(f.name, f.message) for f in report.findings] == [("0", "only 0"), ("1", "only 1")]
    assert [f.name for f in replicas.check_many(table.slice(1, 5), key="id").findings] == ["1"]


UTC = datetime.timezone.utc


@pytest.mark.parametrize("value, type, wanted", [
    (None, pa.null(), None),
    (True, pa.bool_(), True),
    (-3, pa.int8(), -3), (200, pa.uint8(), 200), (-300, pa.int16(), -300), (60000, pa.uint16(), 60000),
    (-70000, pa.int32(), -70000), (4000000000, pa.uint32(), 4000000000), (2**62, pa.int64(), 2**62),
    (2**63, pa.uint64(), berm.UInt(2**63)), (1.5, pa.float32(), 1.5), (1.5, pa.float64(), 1.5),
    ("x", pa.string(), "x"), ("y" * 20, pa.string_view(), "y" * 20), ("x", pa.large_string(), "x"),
    (b"x", pa.binary(), b"x"),
    (decimal.Decimal("12.50"), pa.decimal128(10, 2), 12.5), (decimal.Decimal("-7"), pa.decimal128(10, 0), -7),
    (datetime.date(2026, 1, 2), pa.date32(), datetime.datetime(2026, 1, 2, tzinfo=UTC)),
    (datetime.datetime(2026, 1, 2, 3, 4, 5, 600000, UTC), pa.timestamp("us", "UTC"),
     datetime.datetime(2026, 1, 2, 3, 4, 5, 600000, UTC)),
    (datetime.datetime(1969, 12, 31, 23, 59, 59, 500000), pa.timestamp("ms"),
     datetime.datetime(1969, 12, 31, 23, 59, 59, 500000, UTC)),
    (datetime.timedelta(seconds=90), pa.duration("s"), datetime.timedelta(seconds=90)),
    ([1, None, 3], pa.list_(pa.int32()), [1, None, 3]), ([1, 2], pa.large_list(pa.int32()), [1, 2]),
    ([1, 2], pa.list_(pa.int32(), 2), [1, 2]),
    ({"b": 1, "c": [{"d": "e"}]}, pa.struct([("b", pa.int64()), ("c", pa.list_(pa.struct([("d", pa.string())])))]),
     {"b": 1, "c": [{"d": "e"}]}),
    ([("k", 1), ("l", 2)], pa.map_(pa.string(), pa.int32()), {"k": 1, "l": 2}),
    ("x", pa.dictionary(pa.int8(), pa.string()), "x"),
])
def test_types(value, type, wanted):
    table = pa.table({"a": pa.array([None, value, None, value], type)})
    got = [row["a"] for row in documents_of(table)]
    assert got == [None, wanted, None, wanted]
    assert builtins.type(got[1]) is builtins.type(wanted)
    assert [row["a"] for row in documents_of(table.slice(2, 2))] == [None, wanted]


def test_half_floats():
    np = pytest.importorskip("numpy")
    array = pa.array(np.array([1.5, -0.25, 65504], dtype=np.float16))
    assert documents_of(pa.table({"a": array})) == documents_of(pa.table({"a": [1.5, -0.25, 65504.0]}))


def test_types_that_documents_do_not_have(replicas):
    table = pa.table({"replicas": [3], "t": pa.array([datetime.time(1)], pa.time32("s"))})
    report = replicas.check_many(table)
    assert report.failures == 1 and "tts" in report.findings[0].message


def test_wrong_columns(replicas):
    table = pa.table({"replicas": [1], "f": [1.5]})
    for names in ({"column": "none"}, {"key": "none"}):
        with pytest.raises(KeyError):
            replicas.check_many(table, **names)
    for names in ({"column": "f"}, {"key": "f"}):
        with pytest.raises(TypeError):
            replicas.check_many(table, **names)
    with pytest.raises(TypeError):
        replicas.check_many(pa.array([1, 2]))


def test_a_stream_that_fails(replicas):
    def broken():
        yield pa.record_batch({"replicas": [1]})
        raise LookupError("gone")

    reader = pa.RecordBatchReader.from_batches(pa.schema([("replicas", pa.int64())]), broken())
    with pytest.raises((RuntimeError, LookupError), match="gone"):
        replicas.check_many(reader)


def test_together_over_batches(replicas):
    table = pa.table({"replicas": list(range(100))})
    report = replicas.check_many(table.to_reader(max_chunksize=7), together=True)
    assert [f.document for f in report.findings] == [0, 1]


def test_data_frames(replicas):
    pandas = pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    for frame in (pandas.DataFrame({"replicas": [0, 1, 2]}), polars.DataFrame({"replicas": [0, 1, 2]})):
        report = replicas.check_many(frame)
        assert [f.message for f in report.findings] == ["only 0", "only 1"]
        assert list(report.to_pandas()["message"]) == ["only 0", "only 1"]
        assert report.to_polars()["message"].to_list() == ["only 0", "only 1"]


def test_memory_of_arrow(replicas):
    engine = _core.Engine(counted=True)
    policy, _ = _core.Policy.compile(engine, [("p.yaml", REPLICAS, _core.ROLE_POLICY)], 0, None)
    before = None
    for _ in range(3):
        reader = _core.ArrowReader(pa.table({"replicas": list(range(1000)), "s": ["x"] * 1000}))
        batch = _core.Batch(engine)
        assert batch.fill_arrow(reader, 10000, None, "s") == 1000
        rows = _core.judge(policy, batch, 0, (0, 0), 0, None, False, False)
        stream = _core.stream([rows])
        del reader, batch, rows, stream
        gc.collect()
        assert before in (None, engine.memory)
        before = engine.memory
