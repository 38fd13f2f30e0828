"""What an export can be asked for: one documented object, wrong values refused at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, TypeAlias

from aligner.errors import UsageError
from aligner.formats.languages import known_language
from aligner.model import STATUSES, Lang, Status

Direction: TypeAlias = Literal["zh-vi", "vi-zh"]

# A language tag as CAT tools take it: subtags joined by hyphens (RFC 5646); `zh_CN` is not one.
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_CODES: dict[Lang, str] = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "vi": "vi-VN"}


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What to export and how.

    Attributes:
        direction: which language is the source.
        min_confidence: beads below it are left out; what a person accepted or edited never is.
        statuses: beads of other statuses are left out; None takes all.
        deduplicate: keep one target for each source, the most trusted.
        bom: begin TSV and CSV with a byte order mark, for Excel.
        zh_code: language code written for Chinese; None: zh-CN or zh-TW, as the document is.
        vi_code: language code written for Vietnamese; None: vi-VN.
        context: TMX: give each unit the source texts before and after it (`x-context-pre`, `-post`).
        date: TMX: creation date, `YYYYMMDDTHHMMSSZ`; None leaves it out, so that the same bitext always
            gives the same bytes.
        tool_version: TMX, XLIFF: version of this program; None: the one running.
        split: at most so many units a file; several files are numbered. None: one file.
        merge: TMX: the memory to merge into; None: none.
        glossary: OmegaT project: what writes the glossary, given the direction; None: there is none.

    Raises:
        UsageError: a value that cannot be.
    """

    direction: Direction = "zh-vi"
    min_confidence: float = 0.0
    statuses: frozenset[Status] | None = None
    deduplicate: bool = False
    bom: bool = False
    zh_code: str | None = None
    vi_code: str | None = None
    context: bool = False
    date: str | None = None
    tool_version: str | None = None
    split: int | None = None
    merge: Path | None = None
    glossary: Callable[[BinaryIO, Direction], object] | None = None

    def __post_init__(self) -> None:
        if self.direction not in {"zh-vi", "vi-zh"}:
            raise UsageError(f"no direction '{self.direction}'", "it is zh-vi or vi-zh")
        if not 0 <= self.min_confidence <= 1:
            raise UsageError(f"a confidence of {self.min_confidence}", "it lies between 0 and 1")
        for status in sorted(self.statuses or ()):
            if status not in STATUSES:
                raise UsageError(f"no status '{status}'", f"it is one of {', '.join(STATUSES)}")
        self._check_codes()
        if self.split is not None and self.split < 1:
            raise UsageError(f"files of {self.split} units", "name a number from 1")
        if self.split is not None and self.merge is not None:
            raise UsageError("a memory that is merged into is one file", "leave out --split or --merge")
        if self.date is not None and not re.fullmatch(r"\d{8}T\d{6}Z", self.date):
            raise UsageError(f"'{self.date}' is no date of TMX", "write it like 20260131T120000Z, in UTC")

    def _check_codes(self) -> None:
        for code, is_vi in ((self.zh_code, False), (self.vi_code, True)):
            if code is None:
                continue
            if not _LANGUAGE_TAG.fullmatch(code):
                raise UsageError(f"'{code}' is no language code", "write it like zh-CN, with a hyphen")
            lang = known_language(code)
            if lang is None or (lang == "vi") != is_vi:
                name, like = ("Vietnamese", "vi-VN") if is_vi else ("Chinese", "zh-CN")
                raise UsageError(f"'{code}' is no code for {name}", f"write it like {like}")

    @property
    def filters(self) -> bool:
        """Whether anything can be left out because of these options."""
        return self.min_confidence > 0 or self.statuses is not None or self.deduplicate

    def code(self, lang: Lang) -> str:
        """The language code to write for a language."""
        return (self.vi_code if lang == "vi" else self.zh_code) or _CODES[lang]

    def codes(self, lang: Lang) -> tuple[str, str]:
        """The codes of source and target for a document whose Chinese is in this language."""
        codes = self.code(lang), self.code("vi")
        return codes if self.direction == "zh-vi" else codes[::-1]
