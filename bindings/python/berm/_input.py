"""What policies and documents are given as: paths, texts, objects."""

from __future__ import annotations

import collections.abc
import os
import pathlib
from typing import Any, Iterable, Union

Path = Union[str, "os.PathLike[str]"]

POLICY_ENDINGS = (".yaml", ".yml")
DOCUMENT_ENDINGS = (".json", ".yaml", ".yml", ".ndjson", ".jsonl", ".tfstate", ".template")


def is_text(given: str) -> bool:
    """A str is a text where it has a line break or begins as JSON does; else it is a path."""
    return "\n" in given or given.lstrip()[:1] in ("{", "[")


def files_of(path: Path, endings: tuple[str, ...]) -> list[pathlib.Path]:
    """The file, or all files below a directory that end like one of ``endings``, in order."""
    whole = pathlib.Path(path)
    if not whole.is_dir():
        return [whole]
    return sorted(p for p in whole.rglob("*") if p.is_file() and p.name.endswith(endings))


def prepare(given: Any) -> tuple[Any, str, bool]:
    """(object or text, name, is it a text?) of a document that is no dict, list or bytes."""
    if isinstance(given, str):
        return (given, "", True) if is_text(given) else (pathlib.Path(given).read_bytes(), given, True)
    if isinstance(given, os.PathLike):
        path = os.fspath(given)
        return pathlib.Path(path).read_bytes(), str(path), True
    if isinstance(given, (bytes, bytearray, memoryview)):
        return bytes(given), "", True
    if isinstance(given, (collections.abc.Mapping, collections.abc.Sequence)):
        return given, "", False
    if hasattr(given, "__buffer__") or hasattr(given, "read"):
        return bytes(given.read() if hasattr(given, "read") else given), "", True
    raise TypeError(f"a document is a dict, a list, bytes, a text or a path, not {type(given).__qualname__}")


def sources_of(given: Any, endings: tuple[str, ...] = POLICY_ENDINGS) -> Iterable[tuple[str, bytes | str]]:
    """(name, text) of paths, directories and texts, or of a mapping of names to texts."""
    if isinstance(given, collections.abc.Mapping):
        yield from ((str(name), text) for name, text in given.items())
    elif isinstance(given, (bytes, bytearray)):
        yield "policy.yaml", bytes(given)
    elif isinstance(given, str) and is_text(given):
        yield "policy.yaml", given
    elif isinstance(given, (str, os.PathLike)):
        for path in files_of(given, endings):
            yield str(path), path.read_bytes()
    elif isinstance(given, collections.abc.Iterable):
        for one in given:
            yield from sources_of(one, endings)
    else:
        raise TypeError(f"policies are paths or texts, not {type(given).__qualname__}")
