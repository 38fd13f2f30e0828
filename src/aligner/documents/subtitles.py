"""Subtitles (`.srt`, `.vtt`): what is said, with its times; cues that share a sentence are joined.

A cue is a block of its own unless a sentence clearly runs on: the next cue begins with a small letter, or
this one ends with a comma or dash; in subtitles that mark the ends of sentences (one ends in two cues of
five) also where this one does not. There a cue that ends one sentence and begins another is parted, so that
a block holds whole sentences; both parts have its times. Cues that follow after more than 1.5 seconds are
never joined, nor cues that hold both languages, a line each. Two speakers in a cue, each after a dash, are
two blocks. Captions that roll up, each cue repeating the last line of the one before, are read once.
Formatting, positions, signs of music, cue numbers, comments and styles are left out; names of speakers in
WebVTT too.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from aligner.documents.content import Content
from aligner.documents.extracted import Piece, assemble
from aligner.documents.kinds import ends_sentence
from aligner.documents.loading import decode, refuse_binary
from aligner.errors import FormatError
from aligner.language.line_ends import joint, unbroken
from aligner.language.script import HAN
from aligner.model import Origin

_TIME = r"(?:(\d{1,4}):)?([0-5]?\d):([0-5]?\d)(?:[.,](\d{1,3}))?"
_TIMING = regex.compile(rf"\s*{_TIME}\s*-+>\s*{_TIME}")
_MARKUP = regex.compile(r"</?[A-Za-z0-9][^<>\n]*>|<[\d:.]+>|\{\\[^{}]*\}")
_DASH = regex.compile(r"^\s*[-–—]\s*(?=\S)")
_NUMBER = regex.compile(r"\s*\d+\s*")
_RUNS_ON = (",", "，", "、", "-", "–", "—")
_LETTER = regex.compile(r"\p{L}")
_HAN = regex.compile(f"[{HAN}]")
_MUSIC = regex.compile(r"[♪♫♩♬#]+")

# The end of a sentence inside a cue, before what begins the next.
_END_INSIDE = regex.compile(r"(?:[。！？]+|[.?!…]+(?=[\"'”’»)\]]*\s))[\"'”’»」』）)\]]*\s*(?=\S)")

# Share of cues in which a sentence ends from which on its absence says that the sentence runs on (assumed:
# without punctuation it is near 0, with it about half).
_MARKED_SHARE = 0.4
# Share of cues that begin with the last line of the one before from which on they roll up; what is said twice
# is rarely half of a film.
_ROLLING_SHARE = 0.4
_LONGEST_PAUSE = 1500  # milliseconds
_MOST_JOINED = 6  # cues; a sentence is hardly longer, and a mark may be missing


@dataclass(frozen=True, slots=True)
class _Cue:
    """What is shown at a time, in milliseconds."""

    start: int
    end: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it, on one line."""
        return " ".join(self.lines)

    @property
    def is_bilingual(self) -> bool:
        """Whether one line is Chinese and another is not."""
        return any(_language_changes(above, below) for above, below in pairwise(self.lines))


def read_content(data: bytes, *, path: str, encoding: str | None) -> Content:
    """Subtitles; see `content.Reader`."""
    refuse_binary(data, path)
    text, notes = decode(data, path, encoding)
    cues = [part for cue in _rolled(list(_cues(text))) for part in _speakers(cue)]
    if not cues and text.strip():
        raise FormatError(
            f"{path}: no subtitles in it", "cues need times such as 00:01:02,000 --> 00:01:04,000"
        )
    is_marked = sum(ends_sentence(cue.text) or bool(_END_INSIDE.search(cue.text)) for cue in cues) >= (
        _MARKED_SHARE * len(cues)
    )
    if is_marked:
        cues = [part for cue in cues for part in _parted(cue)]
    runs = _sentences(cues, is_marked=is_marked)
    return assemble((_piece(run, is_marked=is_marked) for run in runs), path, notes)


def _cues(text: str) -> Iterator[_Cue]:
    """The cues of a file in either format: from a line of times to the next blank line or cue."""
    times: tuple[int, int] | None = None
    lines: list[str] = []
    for line in [*regex.split(r"\r\n|\r|\n", text), ""]:
        timing = _TIMING.match(line)
        if timing is None and line.strip():
            if times:
                lines.append(line)
            continue
        if times:
            if timing and lines and _NUMBER.fullmatch(lines[-1]):
                lines.pop()  # the next cue's number, where the blank line is missing
            yield _Cue(*times, tuple(filter(None, map(_plain, lines))))
        groups = timing.groups() if timing else ()
        times = (_milliseconds(groups[:4]), _milliseconds(groups[4:])) if groups else None
        lines = []


def _rolled(cues: Sequence[_Cue]) -> Iterator[_Cue]:
    """The cues, without the lines that only stay on the screen where captions roll up."""
    shown = [cue for cue in cues if cue.lines]
    stays = [above.lines[-1] == below.lines[0] for above, below in pairwise(shown)]
    # A cue that is the same again may only be said again; one that goes on below does roll up.
    goes_on = any(stay and len(cue.lines) > 1 for cue, stay in zip(shown[1:], stays, strict=True))
    if not goes_on or sum(stays) < _ROLLING_SHARE * len(stays):
        yield from shown
        return
    for cue, stay in zip(shown, [False, *stays], strict=True):
        if cue.lines[stay:]:
            yield _Cue(cue.start, cue.end, cue.lines[stay:])


def _milliseconds(parts: Sequence[str | None]) -> int:
    hours, minutes, seconds, fraction = parts
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))


def _plain(line: str) -> str:
    """A line without markup and the signs of music."""
    return " ".join(html.unescape(_MUSIC.sub(" ", _MARKUP.sub("", line))).split())


def _speakers(cue: _Cue) -> Iterator[_Cue]:
    """A cue, or where several lines begin with a dash, one for each speaker."""
    starts = [n for n, line in enumerate(cue.lines) if _DASH.match(line)]
    if len(starts) < 2:  # noqa: PLR2004 - a dialogue takes two
        if cue.lines:
            yield cue
        return
    starts = starts if starts[0] == 0 else [0, *starts]
    for start, end in zip(starts, [*starts[1:], len(cue.lines)], strict=True):
        yield _Cue(cue.start, cue.end, cue.lines[start:end])


def _parted(cue: _Cue) -> Iterator[_Cue]:
    """A cue, or where it ends a sentence and begins one that runs on, both parts."""
    text = unbroken("\n".join(cue.lines))
    ends = [] if cue.is_bilingual or ends_sentence(text) else list(_END_INSIDE.finditer(text))
    if not ends:
        yield cue
        return
    at = ends[-1].end()
    yield _Cue(cue.start, cue.end, (text[:at].strip(),))
    yield _Cue(cue.start, cue.end, (text[at:],))


def _sentences(cues: Sequence[_Cue], *, is_marked: bool) -> Iterator[list[_Cue]]:
    """Runs of cues that share a sentence."""
    run: list[_Cue] = []
    for cue in cues:
        if run and not (len(run) < _MOST_JOINED and _continues(run[-1], cue, is_marked=is_marked)):
            yield run
            run = []
        run.append(cue)
    if run:
        yield run


def _continues(above: _Cue, below: _Cue, *, is_marked: bool) -> bool:
    if below.start - above.end > _LONGEST_PAUSE or ends_sentence(above.text) or _DASH.match(below.text):
        return False
    if above.is_bilingual or below.is_bilingual:
        return False
    return is_marked or above.text.endswith(_RUNS_ON) or below.text[0].islower()


def _piece(run: Sequence[_Cue], *, is_marked: bool) -> Piece:
    """The lines of a run; a line end is kept only where the language may change there.

    Without punctuation a line end is what Chinese subtitles have for a comma, and becomes a space.
    """
    lines = [line for cue in run for line in cue.lines]
    text = _DASH.sub("", lines[0], count=1)
    for above, below in pairwise(lines):
        between = joint(above, below) if is_marked else " "
        text += ("\n" if _language_changes(above, below) else between) + below
    return Piece(text, "text", Origin(time=f"{_clock(run[0].start)}-{_clock(run[-1].end)}"))


def _language_changes(above: str, below: str) -> bool:
    """Whether one line is Chinese and the other is not; a line without letters is in any language."""
    if not (_LETTER.search(above) and _LETTER.search(below)):
        return False
    return bool(_HAN.search(above)) != bool(_HAN.search(below))


def _clock(milliseconds: int) -> str:
    seconds, fraction = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{fraction:03}"
