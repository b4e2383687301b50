"""Findings of a data frame of Spark, one task for each partition (PySpark >= 3.5).

    findings = berm.spark.findings(assets, policy, column="json", key="asset_id")
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Callable, Iterable, Iterator

from . import _core
from ._policy import Policy

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import DataFrame

_TYPES = {"text": "string", "int32": "int", "int64": "bigint", "flag": "boolean"}
_INDEX = _core.COLUMNS[0][0]  # the number of a document says nothing where rows are spread over tasks

SCHEMA = ", ".join(f"`{name}` {_TYPES[kind]}" for name, kind in _core.COLUMNS if name != _INDEX)


def judge(policy: Policy, *, column: str | None = None, key: str | None = None, target: str = "",
          now: datetime.datetime | None = None,
          passes: bool = False) -> Callable[[Iterable[pyarrow.RecordBatch]], Iterator[pyarrow.RecordBatch]]:
    """The function for mapInArrow: record batches of documents in, record batches of findings out."""
    when = now or datetime.datetime.now(datetime.timezone.utc)  # the same for all tasks

    def run(batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        for batch in batches:
            report = policy.check_many(batch, workers=1, column=column, key=key, target=target, now=when,
                                       passes=passes, together=False, report=False)
            yield from report.to_arrow().drop_columns([_INDEX]).to_batches()

    return run


def findings(df: DataFrame, policy: Policy, *, column: str | None = None, key: str | None = None, target: str = "",
             now: datetime.datetime | None = None, passes: bool = False) -> Any:
    """The findings of all rows of ``df``, as a data frame of Spark.

    column  holds each document's text; None: each row is a document
    key     the column that names documents in findings

    Each row is judged by itself: guardrails that join documents see what is absent as not known. Rows that cannot be
    read are error findings.
    """
    if policy._counts:
        raise ValueError("a waiver has maxMatches, which is counted over all documents; tasks see their own alone")
    run = judge(policy, column=column, key=key, target=target, now=now, passes=passes)
    return df.mapInArrow(run, SCHEMA)
