"""Policies: compiled, kept as bytes, and what judges documents with them."""

from __future__ import annotations

import collections
import concurrent.futures
import datetime
import json
import os
import sys
import time
from typing import Any, Callable, Iterable, Iterator, Mapping, NamedTuple, Union

from . import _core
from ._convert import timestamp
from ._engine import engine as _engine
from ._errors import Diagnostic, diagnostic
from ._input import Path, prepare, sources_of
from ._report import Report, Waiver, waiver

Functions = Mapping[str, Callable[..., Any]]
Progress = Union[bool, Callable[[int, "int | None"], object]]
Key = Union[str, Callable[[Any], object], None]

BATCH = 1024  # documents that one call into the core judges


class TestResult(NamedTuple):
    """The outcome of one of the policies' own tests; ``message`` says what came instead of what was expected."""

    guardrail: str
    name: str
    file: str
    line: int
    passed: bool
    message: str


class Policy:
    """A compiled policy set. It never changes, and any number of threads may use it at once.

    ``diagnostics`` are the warnings of compiling. Policies are pickled as their image, with their host functions where
    they have any.
    """

    __slots__ = ("_handle", "_functions", "_limits", "diagnostics", "__weakref__")

    _handle: _core.Policy
    _functions: dict[str, Callable[..., Any]]
    _limits: dict[str, int]
    diagnostics: tuple[Diagnostic, ...]

    def __init__(self) -> None:
        raise TypeError("policies are made by berm.compile and berm.load")

    @classmethod
    def _of(cls, core: _core.Policy, functions: Functions | None, limits: Mapping[str, int] | None,
            diagnostics: Iterable[Any] = ()) -> Policy:
        policy = object.__new__(cls)
        policy._handle = core
        policy._functions = dict(functions or {})
        policy._limits = dict(limits or {})
        policy.diagnostics = tuple(diagnostic(row) for row in diagnostics)
        return policy

    @classmethod
    def from_bytes(cls, image: bytes, *, functions: Functions | None = None,
                   limits: Mapping[str, int] | None = None) -> Policy:
        """The policy set that ``to_bytes`` wrote. The bytes are checked as hostile ones."""
        return cls._of(_core.Policy.load(_engine(functions, limits), bytes(image)), functions, limits)

    def to_bytes(self) -> bytes:
        """The image: the same policies give the same bytes."""
        return self._handle.save()

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickle, (self.to_bytes(), self._functions, self._limits)

    def __repr__(self) -> str:
        joins = ", joins documents" if self.joins else ""
        return f"<berm.Policy: image of {len(self.to_bytes()):,} bytes{joins}>"

    @property
    def joins(self) -> bool:
        """Does a guardrail ask for resources that may be in other documents? Then they are judged together."""
        return self._handle.joins

    def disassemble(self) -> str:
        """The program as text, for people."""
        return self._handle.disassemble()

    def test(self) -> list[TestResult]:
        """Runs the policies' own tests."""
        return [TestResult(*row) for row in self._handle.test()]

    def check(self, document: Any, *, name: str = "", target: str = "", now: datetime.datetime | None = None,
              before: Any = None, drift: bool = False, passes: bool = False, explain: bool = False,
              partial: bool = False) -> Report:
        """Judges one document: a dict or list, a text (bytes or str), or a path.

        name     in findings; a path's is the path
        target   read it as this target; "": detect
        now      what expressions see as ``now``, and what waivers are measured by; None: the time it is
        before   the document as it was: resources get oldObject and an action from it
        drift    with ``before``: what differs was not wanted
        passes   keep passed and skipped verdicts as findings, too
        explain  say of each verdict how it came about
        partial  there are more documents than this one: absence proves nothing

        A document that cannot be read or judged raises; see ``check_many`` for one that becomes a finding.
        """
        batch = _core.Batch(self._handle.engine, target)
        if isinstance(document, (dict, list)):
            batch.add(document, name)
        else:
            given, found, is_text = prepare(document)
            batch.add(given, name or found, is_text)
        if before is not None:
            given, _, is_text = (before, "", False) if isinstance(before, (dict, list)) else prepare(before)
            batch.add_before(given, is_text)
        report = _core.Report(self._handle.engine)
        flags = _flags(passes, explain, partial) | (_core.RUN_DRIFT if drift else 0)
        rows = _core.judge(self._handle, batch, 0, _now(now), flags, report, True, True)
        return Report([rows], report)

    def waivers(self, now: datetime.datetime | None = None) -> list[Waiver]:
        """What each waiver of the policies is at a moment."""
        return [waiver(row) for row in self._handle.waivers(_now(now))]

    @property
    def _counts(self) -> bool:
        """Has a waiver a number of findings that it may lift? Then all findings must be seen at once."""
        return any(row.max_matches for row in self.waivers())

    def check_many(self, documents: Any, *, workers: int = 0, progress: Progress = False, key: Key = None,
                   column: str | None = None, target: str = "", now: datetime.datetime | None = None,
                   passes: bool = False, explain: bool = False, partial: bool = False, together: bool | None = None,
                   report: bool = True) -> Report:
        """Judges many documents: an iterable of what ``check`` takes, or Arrow data (an object with
        ``__arrow_c_stream__`` or ``__arrow_c_array__``: tables, record batches, data frames, query results).

        workers   threads that evaluate; 0: one for each processor, 1: none but this one
        progress  True: tqdm, where it is installed; or a callable of (done, total or None)
        key       names the documents in findings: a key of dicts, a column, or a callable of the document
        column    of Arrow data: the column that holds each document's text; None: each row is a document
        together  all documents in one run, so that guardrails find resources of other documents; None: where
                  ``joins`` says so. If False, what is absent from a document proves nothing
        report    keep what ``to_sarif``, ``to_json`` and ``to_text`` need; findings are kept in any case

        A document that cannot be read or judged is an error finding, and denied.
        """
        together = self.joins if together is None else together
        flags = _flags(passes, explain, partial or (self.joins and not together))
        core = self._handle
        counts = self._counts and not together
        kept = _core.Report(core.engine) if report or counts else None
        when = _now(now)
        batches = _batches(core.engine, documents, target, key, column, sys.maxsize if together else BATCH)

        def judge(batch: _core.Batch, first: int) -> _core.Rows:
            return _core.judge(core, batch, first, when, flags, kept, False, together)

        meter = _Meter(progress, documents)
        try:
            rows = _run(judge, batches, workers or _processors(), meter)
            if counts and kept is not None:
                totals = [r.summary for r in rows]
                rows = [kept.rows(sum(t["documents"] for t in totals), sum(t["failures"] for t in totals))]
            return Report(rows, kept if report else None)
        finally:
            meter.close()


def _unpickle(image: bytes, functions: Functions, limits: Mapping[str, int]) -> Policy:
    return Policy.from_bytes(image, functions=functions, limits=limits)


def _now(when: datetime.datetime | None) -> tuple[int, int]:
    return timestamp(when or datetime.datetime.now(datetime.timezone.utc))


def _flags(passes: bool, explain: bool, partial: bool) -> int:
    return ((_core.RUN_PASSES if passes else 0) | (_core.RUN_EXPLAIN if explain else 0) |
            (_core.RUN_PARTIAL if partial else 0))


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# --- batches ---


def _batches(engine: _core.Engine, documents: Any, target: str, key: Key, column: str | None,
             limit: int) -> Iterator[_core.Batch]:
    """Batches of at most ``limit`` documents each."""
    if hasattr(documents, "__arrow_c_stream__") or hasattr(documents, "__arrow_c_array__"):
        if callable(key):
            raise TypeError("the key of Arrow data is the name of a column")
        yield from _arrow_batches(engine, _core.ArrowReader(documents), target, key, column, limit)
        return
    if hasattr(documents, "to_dict") and hasattr(documents, "columns"):  # a data frame of pandas < 2.2
        documents = documents[column].tolist() if column else documents.to_dict("records")
    if isinstance(documents, (str, bytes, Mapping)):
        raise TypeError("check_many takes an iterable of documents; check takes one")
    iterator = iter(documents)
    naming = (lambda document: document[key]) if isinstance(key, str) else key
    while True:
        batch = _core.Batch(engine, target)
        if not batch.fill(iterator, limit, naming, prepare):
            return
        yield batch


def _arrow_batches(engine: _core.Engine, reader: _core.ArrowReader, target: str, key: str | None, column: str | None,
                   limit: int) -> Iterator[_core.Batch]:
    batch = _core.Batch(engine, target)
    while batch.fill_arrow(reader, limit - len(batch), column, key):
        if len(batch) >= limit:
            yield batch
            batch = _core.Batch(engine, target)
    if len(batch):
        yield batch


class _Meter:
    """Tells of progress, at most ten times a second."""

    def __init__(self, progress: Progress, documents: Any) -> None:
        self.done, self.told, self.bar, self.tell = 0, 0.0, None, None
        try:
            self.total: int | None = len(documents)
        except TypeError:
            self.total = getattr(documents, "num_rows", None)
        if callable(progress):
            self.tell = progress
        elif progress:
            try:
                from tqdm.auto import tqdm
                self.bar = tqdm(total=self.total, unit=" documents", mininterval=0.1)
            except ImportError:
                pass

    def add(self, count: int) -> None:
        self.done += count
        if self.bar is not None:
            self.bar.update(count)
        if self.tell is not None and time.monotonic() - self.told >= 0.1:
            self.told = time.monotonic()
            self.tell(self.done, self.total)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()
        if self.tell is not None:
            self.tell(self.done, self.total)


def _run(judge: Callable[[_core.Batch, int], _core.Rows], batches: Iterator[_core.Batch], workers: int,
         meter: _Meter) -> list[_core.Rows]:
    """The rows of all batches, in order. This thread makes batches (with the GIL), others judge them (without)."""
    results: list[_core.Rows] = []
    pending: collections.deque[tuple[_core.Batch, concurrent.futures.Future[_core.Rows]]] = collections.deque()
    pool: concurrent.futures.ThreadPoolExecutor | None = None
    first, batch = 0, next(batches, None)

    def collect() -> None:
        judged, future = pending[0]
        results.append(future.result())
        pending.popleft()
        meter.add(len(judged))

    try:
        while batch is not None:
            following = next(batches, None) if pool is None and workers > 1 else None
            if following is not None:
                pool = concurrent.futures.ThreadPoolExecutor(workers, "berm")
            if pool is None:
                results.append(judge(batch, first))
                meter.add(len(batch))
            else:
                pending.append((batch, pool.submit(judge, batch, first)))
                if len(pending) > 2 * workers:
                    collect()
            first += len(batch)
            batch = following if following is not None else next(batches, None)
        while pending:
            collect()
        return results
    except BaseException:
        for judged, future in pending:
            future.cancel()
            judged.interrupt()
        raise
    finally:
        if pool is not None:
            pool.shutdown()


# --- making policies ---


def compile(policies: Any, *, profile: str | None = None, parameters: Any = None, waivers: Any = None,
            functions: Functions | None = None, limits: Mapping[str, int] | None = None, builtins: bool = True,
            allow_empty: bool = False) -> Policy:
    """Compiles policies: a path, a directory, a text (a str with a line break, or bytes), a mapping of names to texts,
    or a list of these.

    profile      the profile of the parameter files that holds
    parameters   parameter files, as paths or texts; or a mapping: {"parameters": {..}, "guardrails": {id: {..}}}
    waivers      waiver files, as paths or texts
    functions    host functions: {"acme.owner(string) -> string": callable}
    limits       bounds, by the names of berm_limits
    builtins     False: without the built-in targets and derived kinds
    allow_empty  True: no guardrail at all is not a fault

    Raises CompileError, whose ``diagnostics`` say all that is wrong; warnings are the policy's ``diagnostics``.
    """
    sources = [(name, text, _core.ROLE_POLICY) for name, text in sources_of(policies)]
    sources += _parameter_sources(parameters)
    if waivers is not None:
        sources += [(name, text, _core.ROLE_WAIVERS) for name, text in sources_of(waivers)]
    flags = ((0 if builtins else _core.COMPILE_NO_BUILTINS) | (_core.COMPILE_ALLOW_EMPTY if allow_empty else 0))
    core, diagnostics = _core.Policy.compile(_engine(functions, limits), sources, flags, profile)
    return Policy._of(core, functions, limits, diagnostics)


def _parameter_sources(parameters: Any) -> list[tuple[str, bytes | str, int]]:
    if parameters is None:
        return []
    if isinstance(parameters, Mapping):
        return [("parameters", json.dumps(parameters), _core.ROLE_PARAMETERS)]
    return [(name, text, _core.ROLE_PARAMETERS) for name, text in sources_of(parameters)]


def load(image: bytes | Path, *, functions: Functions | None = None, limits: Mapping[str, int] | None = None) -> Policy:
    """The policy set of an image: its bytes, or the path of its file."""
    if not isinstance(image, (bytes, bytearray, memoryview)):
        with open(image, "rb") as file:
            image = file.read()
    return Policy.from_bytes(bytes(image), functions=functions, limits=limits)


def evaluate(expression: str, object: Any = None, *, now: datetime.datetime | None = None,
             functions: Functions | None = None, limits: Mapping[str, int] | None = None) -> Any:
    """The value of one CEL expression over ``object`` and ``now``, as a Python object."""
    source = ("expression", expression, _core.ROLE_EXPRESSION)
    core, _ = _core.Policy.compile(_engine(functions, limits), [source], 0, None)
    batch = _core.Batch(core.engine)
    if object is not None:
        batch.add(object)
    return _core.evaluate(core, batch, _now(now))[0]


def read(document: Any, *, name: str = "", format: str = "any", schema: str = "auto",
         duplicates: str = "allow") -> list[Any]:
    """The values of a text (bytes or str) or file, as Python objects: one, but for streams.

    ``format``: any, json, yaml, ndjson; ``schema`` of YAML: auto, core, 1.1; ``duplicates``: allow, forbid.
    """
    given, found, is_text = prepare(document)
    batch = _core.Batch(_engine(), "", _word("FORMAT_", format), _word("YAML_", schema),
                        _word("DUPLICATES_", duplicates))
    batch.add(given, name or found, is_text)
    return batch.read()


def _word(prefix: str, word: str) -> int:
    """The core's constant that a word stands for."""
    name = word.upper().replace(".", "")
    for candidate in (prefix + name, prefix + "IS_" + name):
        if hasattr(_core, candidate):
            return int(getattr(_core, candidate))
    raise ValueError(f"{word!r} is none of the words here")
