"""A real local Spark: as many rows as BERM_SPARK_ROWS says (20,000), findings as of one process."""
import os
import shutil
import sys
import time

import pytest

import berm
from conftest import REPLICAS

pytestmark = pytest.mark.heavy
pyspark = pytest.importorskip("pyspark")
pa = pytest.importorskip("pyarrow")
ROWS = int(os.environ.get("BERM_SPARK_ROWS", "20000"))


@pytest.fixture(scope="module")
def session():
    if not shutil.which("java"):
        pytest.skip("there is no Java")
    from pyspark.sql import SparkSession
    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = (SparkSession.builder.master("local[2]").appName("berm").config("spark.ui.enabled", "false")
             .config("spark.sql.shuffle.partitions", "2").config("spark.driver.memory", "1g")
             .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1").getOrCreate())
    yield spark
    spark.stop()


def row(number):
    return '{"replicas": %d, "labels": {"team": "t%d"}}' % (number % 5, number % 7)


def test_findings_are_those_of_one_process(session, tmp_path):
    import berm.spark
    policy = berm.compile(REPLICAS)
    path = tmp_path / "assets.ndjson"
    with path.open("w") as file:
        file.writelines(row(i) + "\n" for i in range(ROWS))
    frame = session.read.text(str(path)).selectExpr("value as json", "md5(value) as id")
    start = time.perf_counter()
    table = berm.spark.findings(frame, policy, column="json").toArrow()
    spark_took = time.perf_counter() - start
    start = time.perf_counter()
    with path.open("rb") as file:
        alone = policy.check_many((line.rstrip() for line in file), report=False)
    print(f"\n{ROWS} rows: Spark {spark_took:.1f} s, one process {time.perf_counter() - start:.1f} s, "
          f"{table.num_rows} findings")
    wanted = alone.to_arrow().drop_columns(["document"])
    keys = [(name, "ascending") for name in ("message", "fingerprint", "witness")]
    assert table.num_rows == wanted.num_rows == ROWS * 2 // 5
    assert table.sort_by(keys).to_pydict() == wanted.sort_by(keys).to_pydict()


def test_rows_as_documents_and_keys(session):
    import berm.spark
    frame = session.range(100).selectExpr("id", "id % 4 as replicas")
    rows = berm.spark.findings(frame, berm.compile(REPLICAS), key="id").orderBy("name").collect()
    assert sorted(int(r["name"]) for r in rows) == [i for i in range(100) if i % 4 < 2]
    assert {r["message"] for r in rows} == {"only 0", "only 1"}


def test_broken_rows_are_denied(session):
    import berm.spark
    frame = session.createDataFrame([('{"replicas": 3}',), ("{",), (None,)], "json string")
    rows = berm.spark.findings(frame, berm.compile(REPLICAS), column="json").collect()
    assert [r["verdict"] for r in rows] == ["error", "error"]
