from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, final

_Diagnostic: TypeAlias = tuple[int, str, tuple[int, int, int, int], str, str, str, str]
_Time: TypeAlias = tuple[int, int]

COLUMNS: list[tuple[str, str]]
STATUSES: dict[str, int]
VERSION: str

ROLE_POLICY: int
ROLE_PARAMETERS: int
ROLE_WAIVERS: int
ROLE_EXPRESSION: int
COMPILE_NO_BUILTINS: int
COMPILE_ALLOW_EMPTY: int
RUN_PARTIAL: int
RUN_PASSES: int
RUN_EXPLAIN: int
REPORT_TEXT: int
REPORT_JSON: int
REPORT_COLOR: int
REPORT_VERBOSE: int
FORMAT_ANY: int
FORMAT_IS_JSON: int
FORMAT_IS_YAML: int
FORMAT_IS_NDJSON: int
YAML_AUTO: int
YAML_IS_CORE: int
YAML_IS_11: int
DUPLICATES_ALLOW: int
DUPLICATES_FORBID: int
DIAGNOSTIC_ERROR: int
DIAGNOSTIC_WARNING: int
DIAGNOSTIC_NOTE: int

@final
class Engine:
    def __new__(cls, functions: dict[str, Callable[..., Any]] = ..., limits: dict[str, int] = ...,
                zone: Callable[[str], bytes | None] | None = ..., counted: bool = ..., fail_after: int = ...) -> Engine: ...
    @property
    def memory(self) -> tuple[int, int]: ...

@final
class Policy:
    @classmethod
    def compile(cls, engine: Engine, sources: list[tuple[str, bytes | str, int]], flags: int, profile: str | None,
                /) -> tuple[Policy, list[_Diagnostic]]: ...
    @classmethod
    def load(cls, engine: Engine, image: bytes, /) -> Policy: ...
    def save(self) -> bytes: ...
    def disassemble(self) -> str: ...
    def test(self) -> list[tuple[str, str, str, int, bool, str]]: ...
    @property
    def joins(self) -> bool: ...
    @property
    def engine(self) -> Engine: ...

@final
class ArrowReader:
    def __new__(cls, source: Any) -> ArrowReader: ...

@final
class Batch:
    def __new__(cls, engine: Engine, target: str = ..., format: int = ..., schema: int = ...,
                duplicates: int = ...) -> Batch: ...
    def add(self, object: Any, name: str = ..., text: bool = ..., format: int = ...,
            target: str = ..., /) -> None: ...
    def fill(self, iterator: Iterator[Any], limit: int, key: Callable[[Any], object] | None,
             prepare: Callable[[Any], tuple[Any, str, bool]], /) -> int: ...
    def fill_arrow(self, reader: ArrowReader, limit: int, column: str | None, key: str | None, /) -> int: ...
    def read(self) -> list[Any]: ...
    def diagnose(self, text: bytes, name: str, /) -> list[_Diagnostic]: ...
    def interrupt(self) -> None: ...
    def __len__(self) -> int: ...

@final
class Rows:
    @property
    def summary(self) -> dict[str, Any]: ...
    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> tuple[Any, ...]: ...

@final
class Report:
    def __new__(cls, engine: Engine) -> Report: ...
    def write(self, format: int, flags: int, /) -> str: ...

def words(enumeration: str, /) -> list[str]: ...
def judge(policy: Policy, batch: Batch, first: int, now: _Time, flags: int, report: Report | None, strict: bool,
          together: bool) -> Rows: ...
def evaluate(policy: Policy, batch: Batch, now: _Time, /) -> tuple[Any, int, str]: ...
def stream(rows: list[Rows], /) -> object: ...
