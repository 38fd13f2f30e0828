"""From a path to bytes, and from bytes to text: what every reader does first, and what it refuses.

Text is kept character for character: no normal form is changed and no line end converted. A byte order
mark is not part of the text, so offsets count from the character after it.
"""

from __future__ import annotations

import codecs
import sys
from pathlib import Path

from aligner.documents.limits import LIMITS, MEGABYTE, REMEDY
from aligner.errors import EncodingError, InputError, UsageError

# First bytes of what people name .txt by mistake, and what it is (the formats' own specifications).
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a zip container (Word, Excel, EPUB, OpenDocument)"),
    (b"PK\x05\x06", "an empty zip container"),
    (b"%PDF-", "a PDF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Microsoft Office document (.doc, .xls, .ppt)"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"BM", "a BMP image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"RIFF", "a RIFF file (sound, film or WebP image)"),
    (b"\x1f\x8b", "a gzip file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xfd7zXZ", "an xz file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
_NEED_NUL = (b"BM", b"MZ", b"RIFF")  # short enough to begin a text: believed only beside a NUL byte

# The longer marks first: UTF-32-LE begins with UTF-16-LE's.
_BYTE_ORDER_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LONGEST_NAME = 40
_NAME_THE_ENCODING = "name its encoding: --encoding gb18030, big5, cp1258, tcvn3, vni, utf-16-le …"


def load(path: Path | str) -> bytes:
    """The bytes of a file; of standard input where the path is `-`.

    Raises:
        InputError: it is missing, a folder, may not be read, or is beyond the limits in size.
    """
    limit = LIMITS.get().size
    try:
        data = sys.stdin.buffer.read(limit + 1) if str(path) == "-" else _bytes(Path(path), limit)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file", "check the name and the folder") from None
    except IsADirectoryError:
        raise InputError(f"{path}: a folder, not a document", "name a file in it") from None
    except PermissionError:
        raise InputError(f"{path}: may not be read", "check its permissions") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot be read ({reason})") from None
    if len(data) > limit:
        raise InputError(f"{path}: larger than {limit / MEGABYTE:g} MB", REMEDY)
    return data


def _bytes(path: Path, limit: int) -> bytes:
    """The bytes of a file, one more than the limit at most."""
    if path.is_file() and path.stat().st_size > limit:
        with path.open("rb") as file:
            return file.read(limit + 1)
    return path.read_bytes()


def refuse_binary(data: bytes, path: str) -> None:
    """Turns away what is no text, by its first bytes.

    Raises:
        InputError: naming what the file seems to be.
    """
    for signature, meaning in _SIGNATURES:
        if data.startswith(signature) and (signature not in _NEED_NUL or b"\0" in data[:4096]):
            raise InputError(f"{path}: seems to be {meaning}, not text", "save it as plain text in UTF-8")


def decode(data: bytes, path: str, encoding: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text of a file, and remarks on what was assumed.

    Args:
        data: the file's bytes.
        path: what to call it in errors.
        encoding: a name Python knows, or `tcvn3` or `vni`, the font encodings of older Vietnamese documents;
            by default what the byte order mark says, else UTF-8 if it is that, else what makes sense of it
            (see `encodings.detect`).

    Raises:
        EncodingError: the bytes are not in the encoding; says at which byte.
        InputError: the file holds NUL characters, or nothing but white space.
        UsageError: no such encoding.
    """
    mark, marked = next(((m, e) for m, e in _BYTE_ORDER_MARKS if data.startswith(m)), (b"", None))
    if not encoding and not marked and (plain := _utf8(data)) is not None:
        _refuse_empty(plain, path)
        return plain, ()
    from aligner.documents.encodings import decode_as, detect  # slow to load, and seldom needed

    detected = None if encoding or marked else detect(data)
    codec = encoding or marked or detected or "utf-8"
    if not detected and not encoding and not marked and b"\0" in data:
        raise _binary(path)
    if not _same_codec(codec, marked):
        mark = b""
    try:
        text = decode_as(data[len(mark) :], codec)
    except UnicodeDecodeError as error:
        offset = len(mark) + error.start
        raise EncodingError(f"{path}: not {codec.upper()} at byte {offset}", _NAME_THE_ENCODING) from None
    except (LookupError, UnicodeError, ValueError):
        known = "name one Python knows, such as gb18030"
        raise UsageError(f"no such encoding: {codec[:_LONGEST_NAME]}", known) from None
    _refuse_empty(text, path)
    notes = []
    if encoding:
        notes.append(f"read as {codec.upper()}, as asked")
    elif marked and marked != "utf-8":
        notes.append(f"read as {codec.upper()}, as its byte order mark says")
    elif codec != "utf-8":
        notes.append(f"read as {codec.upper()}, since that makes sense of it; --encoding names another")
    if mark:
        notes.append("a byte order mark was left out; offsets count from the character after it")
    return text, tuple(notes)


def _utf8(data: bytes) -> str | None:
    """The text of bytes that are UTF-8 and no binary; None where they are not."""
    try:
        return None if b"\0" in data else data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _same_codec(codec: str, marked: str | None) -> bool:
    """Whether a mark found is the mark of the encoding asked for, so that it is no part of the text."""
    try:
        return marked is not None and codecs.lookup(codec).name in (codecs.lookup(marked).name, "utf-8-sig")
    except LookupError:
        return False


def _refuse_empty(text: str, path: str) -> None:
    if "\0" in text:
        raise _binary(path)
    if not text or text.isspace():
        raise InputError(f"{path}: holds no text", "check that it was saved")


def _binary(path: str) -> InputError:
    return InputError(f"{path}: holds NUL characters: binary, or in another encoding", _NAME_THE_ENCODING)
