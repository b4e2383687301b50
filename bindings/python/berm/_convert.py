"""Python objects that are none of the types that the core reads by itself."""

from __future__ import annotations

import collections.abc
import datetime
import enum
from typing import Any

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


class UInt(int):
    """An int that is a ``uint`` in expressions."""

    def __repr__(self) -> str:
        return f"UInt({int(self)})"


class _Unknown:
    """A value that is not known yet."""

    def __repr__(self) -> str:
        return "berm.UNKNOWN"

    def __reduce__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("an unknown value is neither true nor false")


UNKNOWN = _Unknown()


def timestamp(when: datetime.datetime) -> tuple[int, int]:
    """Seconds and nanoseconds since 1970; a moment without a time zone counts as UTC."""
    if when.tzinfo is None:
        when = when.replace(tzinfo=datetime.timezone.utc)
    delta = when - _EPOCH
    return delta.days * 86400 + delta.seconds, delta.microseconds * 1000


def moment(seconds: int, nanos: int) -> datetime.datetime:
    """The datetime of a timestamp, to the microsecond."""
    return _EPOCH + datetime.timedelta(seconds=seconds, microseconds=nanos // 1000)


def span(nanos: int) -> datetime.timedelta:
    """The timedelta of a duration, to the microsecond (towards zero)."""
    whole = abs(nanos) // 1000
    return datetime.timedelta(microseconds=whole if nanos >= 0 else -whole)


def simplify(value: Any) -> Any:
    """What ``value`` is as a part of a document: a plain object, or a tuple that names the type."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, datetime.datetime):
        return ("timestamp", *timestamp(value))
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return "duration", (value.days * 86400 + value.seconds) * 10**9 + value.microseconds * 1000
    if isinstance(value, collections.abc.Mapping):
        return dict(value.items())
    if isinstance(value, (bytearray, memoryview)):
        return bytes(value)
    if isinstance(value, collections.abc.Set):
        return "set", list(value)
    if isinstance(value, collections.abc.Sequence):
        return list(value)
    scalar = getattr(value, "item", None)  # of numpy
    if callable(scalar) and getattr(value, "ndim", None) == 0:
        return scalar()
    if callable(getattr(value, "tolist", None)):
        return value.tolist()
    raise TypeError(f"{type(value).__qualname__} is no part of a document: {value!r:.100}")
