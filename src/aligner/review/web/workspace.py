"""What is open in the editor: the bitexts of a project, or those that were named or dropped in.

A document is aligned when it is opened, and the bitext is written where nothing stands yet; nothing that is
there is ever written over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

from aligner.errors import UsageError
from aligner.formats import load_bitext, write_bitexts
from aligner.formats.inputs import SUFFIXES, detect_format, open_input
from aligner.model import Bitext
from aligner.project import BITEXT, Project, sources
from aligner.review.web.opened import OpenBitext
from aligner.review.web.presence import Presence

_PAIR = 2
_UNSAFE = re.compile(r"[^\w.\- ]+")


@dataclass(frozen=True, slots=True)
class Summary:
    """A bitext in the list: its number, name, and whether it is open already."""

    number: int
    name: str
    folder: str


class Workspace:
    """The bitexts that can be reviewed, by number; a number stays with its bitext."""

    def __init__(
        self,
        paths: Sequence[Path],
        project: Project | None = None,
        *,
        folder: Path | None = None,
        glossary: Path | None = None,
    ) -> None:
        """Names what is open.

        Args:
            paths: bitext files.
            project: whose corpus they are, if they are.
            folder: where files that are dropped in are kept; of a project, its seeds.
            glossary: the term base beside them; of a project, its own.
        """
        self.project = project
        self._paths = [path.resolve() for path in paths]
        self._folder = project.seeds if project else folder or Path.cwd()
        self._glossary = glossary
        self._open: dict[int, OpenBitext] = {}
        self._presence: Presence | None = None
        self._lock = RLock()

    @property
    def glossary(self) -> Path | None:
        """The term base that belongs to it."""
        return self.project.term_base if self.project else self._glossary

    @property
    def index_folder(self) -> Path | None:
        """Where the index of its concordance lies; None keeps that in memory."""
        return self.project.corpus if self.project else None

    def paths(self) -> list[Path]:
        """The bitext files; those that appeared in the project meanwhile are at the end."""
        with self._lock:
            if self.project:
                known = set(self._paths)
                self._paths += [p for path in self.project.bitexts() if (p := path.resolve()) not in known]
            return list(self._paths)

    def summaries(self) -> list[Summary]:
        """The bitexts as a list shows them."""
        return [
            Summary(number, path.name.removesuffix(BITEXT), path.parent.name)
            for number, path in enumerate(self.paths())
        ]

    def opened(self, number: int) -> OpenBitext | None:
        """A bitext, opened if it was not; None if there is no such number.

        Raises:
            InputError: it cannot be read.
        """
        paths = self.paths()
        with self._lock:
            if number not in self._open:
                if number >= len(paths):
                    return None
                self._open[number] = OpenBitext(paths[number])
                if self._presence:
                    self._presence.join(paths[number])
            return self._open[number]

    def announce(self, address: str) -> list[str]:
        """Tells other editors what is open here, from now on; the addresses of those that have it too."""
        with self._lock:
            self._presence = Presence(address)
            for opened in self._open.values():
                self._presence.join(opened.path)
            return sorted({other for opened in self._open.values() for other in self.elsewhere(opened)})

    def elsewhere(self, opened: OpenBitext) -> list[str]:
        """The addresses of other editors that have a bitext open now."""
        return self._presence.others(opened.path) if self._presence else []

    def close(self) -> None:
        """Tells other editors that nothing is open here any more."""
        if self._presence:
            self._presence.leave()

    def take(self, sent: Sequence[tuple[str, bytes]]) -> int:
        """Takes files that were opened or dropped in the page; the number of their bitext.

        Args:
            sent: name and content of one file or two.

        Raises:
            UsageError: they are none or too many, or their names are taken.
            InputError: they cannot be read or aligned.
        """
        if not 1 <= len(sent) <= _PAIR:
            raise UsageError("open one file, or a Chinese and a Vietnamese one")
        with self._lock:
            names = [_safe(name) for name, _ in sent]
            targets = [self._folder / name for name in names]
            for target, (_, data) in zip(targets, sent, strict=True):
                if target.exists() and target.read_bytes() != data:
                    raise UsageError(
                        f"{target} is there already and holds something else", "give it another name"
                    )
            made = [target for target in targets if not target.exists()]
            try:
                for target, (_, data) in zip(targets, sent, strict=True):
                    if target in made:
                        target.write_bytes(data)
                path = bitext_for(targets, self.project).resolve()
            except BaseException:
                for target in made:
                    target.unlink(missing_ok=True)
                raise
            if path not in self.paths():
                self._paths.append(path)
            return self._paths.index(path)


def _safe(name: str) -> str:
    """The last part of a name without anything that could lead elsewhere."""
    last = _UNSAFE.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(". ")
    if not last:
        raise UsageError("a file without a name", "give it one")
    return last


def bitext_for(paths: Sequence[Path], project: Project | None = None) -> Path:
    """The bitext file of what is named: itself, or one that is made of it beside it.

    Args:
        paths: a bitext, memory or table; a bilingual document; or a Chinese and a Vietnamese one.
        project: whose corpus takes what is made; else it lies beside the first file.

    Raises:
        InputError: they cannot be read or aligned.
        UsageError: a bitext of that name is there already, made of something else.
    """
    if len(paths) == 1 and _is_bitext(paths[0]):
        return paths[0]
    folder = project.corpus if project else paths[0].parent
    target = folder / f"{_name(paths)}{BITEXT}"
    made = _loaded(paths, project)
    if target.exists():
        there = load_bitext(target, apply=False)
        if (there.src.sha256, there.tgt.sha256) == (made.src.sha256, made.tgt.sha256) and _same(there, made):
            return target
        raise UsageError(
            f"{target} is there already, made of other texts", f"review that: aligner review {target}"
        )
    write_bitexts([made], "bitext", target, inputs=paths)
    return target


def _is_bitext(path: Path) -> bool:
    if path.suffix.lower() not in {".jsonl", ""}:
        return False
    with open_input(path) as file:
        return detect_format(file, path) == "bitext"


def _name(paths: Sequence[Path]) -> str:
    """What the bitext of some files is called: a pair is named without its language tags."""
    if len(paths) == _PAIR and paths[0].parent == paths[1].parent:
        for source in sources(paths[0].parent)[0]:
            if set(source.paths) == set(paths):
                return Path(source.name).name
    return paths[0].stem


def _loaded(paths: Sequence[Path], project: Project | None) -> Bitext:
    from aligner.config import AlignOptions
    from aligner.pipeline import align_file, align_files

    if len(paths) == 1 and any(str(paths[0]).lower().endswith(suffix) for suffix in SUFFIXES):
        return load_bitext(paths[0])
    options = AlignOptions()
    if project and project.term_base:
        options = AlignOptions(glossary=project.term_base, approved_only=True)
    return align_file(paths[0], options) if len(paths) == 1 else align_files(paths[0], paths[1], options)


def _same(one: Bitext, other: Bitext) -> bool:
    """Whether two bitexts are of the same texts, however they are grouped."""
    sides = (
        [s.text for bead in b.beads for s in (bead.src, bead.tgt)[side]]
        for side in (0, 1)
        for b in (one, other)
    )
    src, src_other, tgt, tgt_other = sides
    return sorted(src) == sorted(src_other) and sorted(tgt) == sorted(tgt_other)
