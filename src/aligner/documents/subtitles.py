"""Subtitles (`.srt`, `.vtt`): what is said, with its times; cues that share a sentence are joined.

A cue is a block of its own unless a sentence clearly runs on: the next cue begins with a small letter, or
this one ends with a comma or dash; in subtitles that mark the ends of sentences (two cues in five end with
an end mark) also where this one does not. Cues that follow after more than 1.5 seconds are never joined,
nor cues that hold both languages, a line each. Two speakers in a cue, each after a dash, are two blocks.
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
from aligner.language.script import HAN
from aligner.model import Origin

_TIME = r"(?:(\d{1,4}):)?([0-5]?\d):([0-5]?\d)(?:[.,](\d{1,3}))?"
_TIMING = regex.compile(rf"\s*{_TIME}\s*-+>\s*{_TIME}")
_MARKUP = regex.compile(r"</?[A-Za-z0-9][^<>\n]*>|<[\d:.]+>|\{\\[^{}]*\}")
_DASH = regex.compile(r"\s*[-–—]\s*(?=\S)")
_NUMBER = regex.compile(r"\s*\d+\s*")
_RUNS_ON = (",", "，", "、", "-", "–", "—")
_HAN = regex.compile(f"[{HAN}]")
_MUSIC = regex.compile(r"[♪♫♩♬#]+")

# Share of cues with an end mark from which on its absence says that the sentence runs on (assumed: without
# punctuation it is near 0, with it about half).
_MARKED_SHARE = 0.4
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
        return len({_is_han(line) for line in self.lines}) > 1


def read_content(data: bytes, *, path: str, encoding: str | None) -> Content:
    """Subtitles; see `content.Reader`."""
    refuse_binary(data, path)
    text, notes = decode(data, path, encoding)
    cues = [part for cue in _cues(text) for part in _speakers(cue)]
    if not cues and text.strip():
        raise FormatError(
            f"{path}: no subtitles in it", "cues need times such as 00:01:02,000 --> 00:01:04,000"
        )
    return assemble((_piece(run) for run in _sentences(cues)), path, notes)


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


def _sentences(cues: Sequence[_Cue]) -> Iterator[list[_Cue]]:
    """Runs of cues that share a sentence."""
    is_marked = sum(ends_sentence(cue.text) for cue in cues) >= _MARKED_SHARE * len(cues)
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


def _piece(run: Sequence[_Cue]) -> Piece:
    """The lines of a run; a line end is kept only where the language may change there."""
    lines = [line for cue in run for line in cue.lines]
    text = _DASH.sub("", lines[0], count=1)
    for above, below in pairwise(lines):
        text += (" " if _is_han(above) == _is_han(below) else "\n") + below
    return Piece(text, "text", Origin(time=f"{_clock(run[0].start)}-{_clock(run[-1].end)}"))


def _is_han(line: str) -> bool:
    return _HAN.search(line) is not None


def _clock(milliseconds: int) -> str:
    seconds, fraction = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{fraction:03}"
