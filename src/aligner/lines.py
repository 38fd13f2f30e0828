r"""Reading text line by line and JSON value by value, so that every fault is told with file and line.

A line ends at `\n` alone (`\r` before it is dropped): `str.splitlines` would also cut at U+2028, U+0085
and a few controls that stand inside texts.
"""

from __future__ import annotations

import codecs
import io
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from aligner.errors import FormatError

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_REQUIRED: Any = object()
_SHOWN = 40
_REASON = 100


def shown(text: str) -> str:
    """A text out of a file as an error quotes it: short, on one line, nothing invisible in it."""
    start = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return "'" + "".join(c if c.isprintable() else ascii(c)[1:-1] for c in start) + "'"


def brief(reason: object) -> str:
    """What a library says is wrong, as a part of our line: its first line, short, nothing invisible in it."""
    text = str(reason).strip().split("\n")[0].rstrip(".")
    start = text if len(text) <= _REASON else f"{text[:_REASON]}…"
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in start)


def text_lines(file: BinaryIO, name: str) -> Iterator[tuple[int, str]]:
    """The lines of a file with their numbers from 1, without line ends; UTF-8, or UTF-16 with a mark.

    Args:
        file: opened for reading bytes.
        name: what errors call it.

    Raises:
        FormatError: a line is not in that encoding.
    """
    for number, raw in enumerate(file, 1):
        line = raw
        if number == 1:
            if raw.startswith(_UTF16):
                yield from _utf16_lines(file, raw, name)
                return
            line = raw.removeprefix(codecs.BOM_UTF8)
        try:
            yield number, line.decode().removesuffix("\n").removesuffix("\r")
        except UnicodeDecodeError as error:
            raise FormatError(
                f"{name}:{number}: not UTF-8 (byte {line[error.start]:#04x})", "save the file as UTF-8"
            ) from None


def _utf16_lines(file: BinaryIO, start: bytes, name: str) -> Iterator[tuple[int, str]]:
    """Lines of a UTF-16 file, which is read whole: only spreadsheets write tables so."""
    try:
        text = (start + file.read()).decode("utf-16")
    except UnicodeDecodeError:
        raise FormatError(f"{name}: broken UTF-16", "save the file as UTF-8") from None
    for number, line in enumerate(io.StringIO(text, newline="\n"), 1):
        yield number, line.removesuffix("\n").removesuffix("\r")


def json_object(line: str, where: str) -> dict[str, Any]:
    """The JSON object on a line.

    Raises:
        FormatError: it is none, or is cut short.
    """
    try:
        value = _decode(line)
    except json.JSONDecodeError as error:
        raise FormatError(
            f"{where}: broken JSON ({brief(error.msg).lower()})", "is the file cut short?"
        ) from None
    except RecursionError:
        raise FormatError(f"{where}: broken JSON (nested too deeply)", "write the file again") from None
    except ValueError as error:
        # Python refuses whole numbers of more than some thousand digits.
        why = error if isinstance(error, _NotANumberError) else "a number with too many digits"
        raise FormatError(f"{where}: broken JSON ({why})", "write the file again") from None
    if not isinstance(value, dict):
        raise FormatError(f"{where}: not a JSON object")
    return value


class _NotANumberError(ValueError):
    """NaN or an infinity, which JSON does not have."""


def _refuse_constant(text: str) -> float:
    raise _NotANumberError(f"{text} is not a number in JSON")


# Made once: json.loads makes one for each line.
_decode = json.JSONDecoder(parse_constant=_refuse_constant).decode

_KINDS: dict[type, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}


def field(record: Mapping[str, Any], key: str, kind: type, where: str, default: Any = _REQUIRED) -> Any:
    """A value of a JSON object, checked for its type.

    Args:
        record: the object.
        key: the value's name.
        kind: str, int, float (an int will do, NaN and infinity will not), bool, list or dict.
        where: file and line, for the error.
        default: the value where the key is absent; without it the key must be there.

    Raises:
        FormatError: the field is missing or of another type.
    """
    value: Any = record.get(key, default)
    if value is _REQUIRED:
        raise FormatError(f"{where}: the field '{key}' is missing")
    if kind is float:
        # A whole number beyond all floats (1e400 written out) would overflow; it is no score either.
        if type(value) is float and math.isfinite(value):
            return value
        if type(value) is int and abs(value) < 1 << 63:
            return float(value)
    elif type(value) is kind or value is default:
        return value
    raise FormatError(f"{where}: the field '{key}' is not {_KINDS[kind]}")


def index(record: Mapping[str, Any], key: str, where: str) -> int:
    """A required number that counts from 0.

    Raises:
        FormatError: it is missing, no whole number, or negative.
    """
    value: int = field(record, key, int, where)
    if value < 0:
        raise FormatError(f"{where}: the field '{key}' is negative")
    return value
