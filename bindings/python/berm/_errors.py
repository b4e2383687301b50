"""What can go wrong, as exceptions with the file, the line and the column."""

from __future__ import annotations

from typing import Any, NamedTuple


class Diagnostic(NamedTuple):
    """What is wrong with a text that somebody wrote, where, and how to mend it.

    ``severity`` is "error", "warning" or "note"; ``line`` and ``column`` count from 1 and are 0 where there is no place.
    """

    severity: str
    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    code: str
    message: str
    hint: str
    frame: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}: " if self.line else f"{self.file}: " if self.file else ""
        text = f"{place}{self.severity}[{self.code}]: {self.message}"
        if self.frame:
            text += "\n" + self.frame.rstrip("\n")
        return text + (f"\n  help: {self.hint}" if self.hint else "")


class Error(Exception):
    """A call failed. ``status`` is the name of the library's status, ``code`` the number of a diagnostic or ""."""

    def __init__(self, message: str, *, status: str = "", code: str = "", file: str = "", line: int = 0,
                 column: int = 0, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.file = file
        self.line = line
        self.column = column
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        if self.diagnostics:
            return "\n".join(str(d) for d in self.diagnostics)
        place = f"{self.file}:{self.line}:{self.column}".lstrip(":") if self.line else self.file
        return f"{place}: {self.message}" if place else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return _remake, (type(self), self.message, {k: v for k, v in vars(self).items() if k != "message"})


class CompileError(Error):
    """Policies or an expression do not compile; ``diagnostics`` says all that is wrong."""


class DocumentError(Error):
    """A document cannot be read, or no single target claims it."""


class ImageError(Error):
    """The bytes are no policy image, or one of another version."""


class EvaluationError(Error):
    """An expression ended in an error."""


class LimitError(Error):
    """A limit was reached, or the fuel of a call was used up. A limit is never a pass."""


_BY_STATUS = {
    "E_POLICY": CompileError,
    "E_SYNTAX": DocumentError,
    "E_ENCODING": DocumentError,
    "E_TARGET": DocumentError,
    "E_IMAGE": ImageError,
    "E_VERSION": ImageError,
    "E_EXPRESSION": EvaluationError,
    "E_LIMIT": LimitError,
    "E_FUEL": LimitError,
}


def _remake(kind: type[Error], message: str, members: dict[str, Any]) -> Error:
    error = kind(message)
    vars(error).update(members)
    return error


_SEVERITIES: dict[int, str] = {}


def diagnostic(row: Any) -> Diagnostic:
    """One of the core's diagnostics."""
    if not _SEVERITIES:
        from . import _core
        prefix = "DIAGNOSTIC_"
        _SEVERITIES.update((getattr(_core, n), n[len(prefix):].lower()) for n in dir(_core) if n.startswith(prefix))
    severity, source, (line, column, end_line, end_column), code, message, hint, frame = row
    return Diagnostic(_SEVERITIES.get(severity, ""), source, line, column, end_line, end_column, code, message, hint,
                      frame)


def make(status: int, name: str, code: int, line: int, column: int, message: str, file: str | None,
         diagnostics: Any) -> Error:
    """The exception of a status; the core calls this."""
    name = name.removeprefix("BERM_")
    found = tuple(diagnostic(row) for row in diagnostics or ())
    first = next((d for d in found if d.severity == "error"), None)
    if first is not None:
        file, line, column = first.file, first.line, first.column
    return _BY_STATUS.get(name, Error)(message, status=name, code=f"B{code:04}" if code else "", file=file or "",
                                       line=line, column=column, diagnostics=found)
