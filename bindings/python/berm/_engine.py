"""Engines: what policies and documents share, with the services of the host."""

from __future__ import annotations

import functools
import importlib.resources
import pathlib
import re
import zoneinfo
from typing import Any, Callable, Mapping

from . import _core

_ZONE = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*")


def zone(name: str) -> bytes | None:
    """The TZif bytes of a time zone, from where Python's zoneinfo looks."""
    if not _ZONE.fullmatch(name):
        return None
    for folder in zoneinfo.TZPATH:
        path = pathlib.Path(folder, name)
        if path.is_file():
            return path.read_bytes()
    try:
        return importlib.resources.files("tzdata.zoneinfo").joinpath(name).read_bytes()
    except (ModuleNotFoundError, OSError):
        return None


@functools.lru_cache(maxsize=1)
def _shared() -> _core.Engine:
    return _core.Engine(zone=zone)


def engine(functions: Mapping[str, Callable[..., Any]] | None = None,
           limits: Mapping[str, int] | None = None) -> _core.Engine:
    """The engine that all share, or one with host functions or limits of its own."""
    if not functions and not limits:
        return _shared()
    return _core.Engine(functions=dict(functions or {}), limits=dict(limits or {}), zone=zone)
