"""What comes of judging documents."""

from __future__ import annotations

import bisect
import collections.abc
import datetime
import html
import itertools
from typing import TYPE_CHECKING, Any, Iterator, NamedTuple, Sequence, overload

from . import _core
from ._convert import moment
from ._errors import Error

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

SHOWN = 50  # rows of a table in a notebook


class Finding(NamedTuple):
    """One verdict. Texts that there are none of are empty, numbers 0.

    document     index of the document; ``name`` is its path or key
    verdict      pass, fail, unknown, error, skipped, waived
    element      under ``each``: the element's key, or its text or index in a list
    fingerprint  the same while guardrail, validation, target, address and element are
    line         of the node that decided, or else of the resource; 0 without a text
    sensitive    the resource has values that must not be shown
    waivers      all that match, a line each: the id of one that counts, or why one does not
    witness      the smallest part of the expression that decided; ``decided`` is its place in the policy
    """

    document: int
    name: str
    verdict: str
    guardrail: str
    validation: str
    severity: str
    enforcement: str
    kind: str
    address: str
    element: str
    message: str
    action: str
    waiver: str
    waiver_expires: str
    waivers: str
    fingerprint: str
    line: int
    column: int
    end_line: int
    end_column: int
    sensitive: bool
    cost: int
    witness: str
    decided: str
    explanation: str
    reason: str

    @property
    def place(self) -> str:
        """file:line:column, as far as they are known."""
        position = f"{self.line}:{self.column}" if self.line else ""
        return ":".join(part for part in (self.name, position) if part)

    def __repr__(self) -> str:
        rule = f"{self.guardrail}/{self.validation}" if self.guardrail else "no guardrail"
        what = f" {self.address}" if self.address else ""
        what += f"[{self.element}]" if self.element else ""
        at = f" at {self.place}" if self.place else f" in document {self.document}"
        return f"<{self.verdict} {rule} ({self.severity}, {self.enforcement}){what}{at}: {self.message}>"


class Waiver(NamedTuple):
    """An exception that ends.

    status    pending, active, expiring (within 14 days), expired; of a report also unused and over_broad
    problems  what is wrong with it whatever the moment: is_broad, has_index, self_approved, names_nothing, not_allowed
    begins    the first and, ``ends``, the last moment it is in force
    matches   findings of the report that it matches; ``max_matches``: how many it may, 0: any number
    record    the document as written
    """

    id: str
    category: str
    owner: str
    expires: str
    file: str
    line: int
    status: str
    problems: tuple[str, ...]
    begins: datetime.datetime | None
    ends: datetime.datetime | None
    matches: int
    max_matches: int
    record: Any


def _moment(seconds: int) -> datetime.datetime | None:
    try:
        return moment(seconds, 0)
    except OverflowError:
        return None


def waiver(row: Any) -> Waiver:
    """One of the core's waivers."""
    id, category, owner, expires, file, line, status, problems, begins, ends, matches, most, record = row
    words = tuple(word.lower() for bit, word in _core.WAIVER_PROBLEMS.items() if problems & bit)
    return Waiver(id, category, owner, expires, file, line, _core.WAIVER_STATUSES[status].lower(), words,
                  _moment(begins), _moment(ends), matches, most, record)


class Findings(collections.abc.Sequence[Finding]):
    """Findings in the order of their documents, made into objects when they are asked for."""

    __slots__ = ("_rows", "_ends")

    def __init__(self, rows: list[_core.Rows]) -> None:
        self._rows = rows
        self._ends = list(itertools.accumulate(len(r) for r in rows))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> list[Finding]: ...

    def __getitem__(self, index: int | slice) -> Finding | list[Finding]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        at = index + len(self) if index < 0 else index
        if not 0 <= at < len(self):
            raise IndexError("there is no such finding")
        part = bisect.bisect_right(self._ends, at)
        return Finding._make(self._rows[part][at - (self._ends[part - 1] if part else 0)])

    def __iter__(self) -> Iterator[Finding]:
        for rows in self._rows:
            for i in range(len(rows)):
                yield Finding._make(rows[i])

    def __repr__(self) -> str:
        shown = "".join(f"\n  {finding!r}" for finding in self[:10])
        more = f"\n  ... and {len(self) - 10:,} more" if len(self) > 10 else ""
        return f"<{len(self):,} findings>{shown}{more}"


class Report:
    """Findings and totals of one or many documents.

    denied     did a mandatory validation fail or err, or could a document not be judged?
    verdicts   how many of each: {"pass": 12, "fail": 1, ...}
    resources  how many were looked at; ``unmatched`` of them by no guardrail
    documents  how many were given; ``failures`` of them could not be read or judged
    findings   every verdict but pass and skipped, and those too with ``passes=True``
    """

    __slots__ = ("_rows", "_report", "denied", "verdicts", "resources", "unmatched", "documents", "failures", "cost",
                 "findings")

    def __init__(self, rows: list[_core.Rows], report: _core.Report | None) -> None:
        self._rows = rows
        self._report = report
        totals = [r.summary for r in rows]
        words = _core.words("verdict")
        self.denied: bool = any(t["denied"] for t in totals)
        self.verdicts: dict[str, int] = {w: sum(t["verdicts"][i] for t in totals) for i, w in enumerate(words)}
        self.resources: int = sum(t["resources"] for t in totals)
        self.unmatched: int = sum(t["unmatched"] for t in totals)
        self.documents: int = sum(t["documents"] for t in totals)
        self.failures: int = sum(t["failures"] for t in totals)
        self.cost: int = sum(t["cost"] for t in totals)
        self.findings = Findings(rows)

    @property
    def waivers(self) -> list[Waiver]:
        """The policies' waivers, counted over all findings."""
        return [waiver(row) for row in self._kept().waivers()]

    @property
    def allowed(self) -> bool:
        """Not denied."""
        return not self.denied

    def __bool__(self) -> bool:
        raise TypeError("a report is neither true nor false: ask for .denied, .allowed or len(.findings)")

    def _totals(self) -> str:
        counts = ", ".join(f"{count:,} {word}" for word, count in self.verdicts.items() if count) or "no verdicts"
        return f"{self.resources:,} resources in {self.documents:,} documents: {counts}"

    def __repr__(self) -> str:
        return f"<berm.Report: {'denied' if self.denied else 'allowed'}; {self._totals()}>"

    def _repr_html_(self) -> str:
        cell = "style='text-align:left;vertical-align:top;padding:2px 8px'"
        shown = ("verdict", "severity", "guardrail", "address", "element", "message", "place")
        head = "".join(f"<th {cell}>{name}</th>" for name in shown)
        body = ""
        for finding in self.findings[:SHOWN]:
            cells = "".join(f"<td {cell}>{html.escape(str(getattr(finding, name)))}</td>" for name in shown)
            body += f"<tr>{cells}</tr>"
        more = len(self.findings) - SHOWN
        rest = f"<p>and {more:,} more findings</p>" if more > 0 else ""
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if body else ""
        word, color = ("denied", "#b00020") if self.denied else ("allowed", "#1b7f3b")
        return f"<div><p><b style='color:{color}'>{word}</b> {html.escape(self._totals())}</p>{table}{rest}</div>"

    # --- as data ---

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Findings as Arrow record batches, without copies; the schema is as it is."""
        return _core.stream(self._rows)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Findings as plain dicts."""
        return [finding._asdict() for finding in self.findings]

    def to_arrow(self) -> pyarrow.Table:
        """Findings as a table of pyarrow."""
        import pyarrow
        return pyarrow.RecordBatchReader.from_stream(self).read_all()

    def to_pandas(self) -> pandas.DataFrame:
        """Findings as a data frame of pandas."""
        import pandas
        try:
            import pyarrow  # noqa: F401 (is it there?)
        except ImportError:
            return pandas.DataFrame.from_records(list(self.findings), columns=list(Finding._fields))
        return self.to_arrow().to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """Findings as a data frame of polars."""
        import polars
        return polars.DataFrame(self)

    # --- as texts ---

    def _kept(self) -> _core.Report:
        if self._report is None:
            raise ValueError("the report was not kept: check_many(..., report=True)")
        return self._report

    def _write(self, format: int, flags: int = 0) -> str:
        return self._kept().write(format, flags)

    def to_text(self, *, color: bool = False, verbose: bool = False) -> str:
        """As the command prints it: findings with code frames, and totals."""
        flags = (_core.REPORT_COLOR if color else 0) | (_core.REPORT_VERBOSE if verbose else 0)
        return self._write(_core.REPORT_TEXT, flags)

    def to_json(self, *, verbose: bool = False) -> str:
        """The JSON report (docs/report-json.md)."""
        return self._write(_core.REPORT_JSON, _core.REPORT_VERBOSE if verbose else 0)

    def to_sarif(self) -> str:
        """SARIF 2.1.0."""
        format = getattr(_core, "REPORT_SARIF", None)
        if format is None:
            raise Error("this build of the library writes no SARIF", status="E_UNSUPPORTED")
        return self._write(format)


def merge(reports: Sequence[Report]) -> Report:
    """One report of many; only findings and totals, not the texts of ``to_json`` and its like."""
    return Report([rows for report in reports for rows in report._rows], None)
