"""The documents that are measured, by set and half, each with its gold alignment as a bitext.

Development data is a folder outside the repository; a document of it is a folder with zh.txt, vi.txt and
gold.txt. Three ways lead from files to beads, as a user would go them:

- `segmented`: a segment a line on both sides, `aligner align --segmented zh.txt vi.txt`;
- `documents`: text as it came, `aligner align zh.txt vi.txt`: mono, whose vi side has paragraphs, and the
  manuals as HTML;
- `bilingual`: one file in both languages, the article among the seeds.

Documents are halved by the SHA-256 of their name as tools/fit_parameters.py does: even first byte, `tune`:
parameters are fitted on it and errors may be looked at; odd, `report`: it is only scored.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from aligner.documents import READERS, segmented
from aligner.evaluate.alignment import IdBead
from aligner.formats import beads as beads_format
from aligner.formats import bitext as bitext_format
from aligner.model import Bead, Bitext, Document, Segment, Side

Half = Literal["tune", "report", "-"]
Way = Literal["segmented", "documents", "bilingual"]

ROOT = Path(__file__).parent.parent
ARTICLE = "article"
_MANUALS = {"maint-guide", "installation-guide"}
_SPANS = "gold_spans.tsv"


@dataclass(frozen=True, slots=True)
class Case:
    """A document pair.

    Attributes:
        set_name: which set its figures are pooled in.
        name: of the document; variants of one document share it, and so its half.
        zh, vi: its files; the same file twice where it is bilingual.
        gold_path: the gold beads: a beads file, `gold_spans.tsv`, or a bitext.
        way: from files to beads.
    """

    set_name: str
    name: str
    zh: Path
    vi: Path
    gold_path: Path
    way: Way

    @property
    def half(self) -> Half:
        """`tune` or `report`; `-` for the article, which nothing is fitted on."""
        if self.set_name == ARTICLE:
            return "-"
        return "tune" if hashlib.sha256(self.name.encode()).digest()[0] % 2 == 0 else "report"

    @property
    def has_ids(self) -> bool:
        """Whether gold and hypothesis are of the same files, so that beads can be compared as ids."""
        return self.zh.suffix != ".html"

    @property
    def gold(self) -> Bitext:
        """Its gold alignment."""
        if self.way == "bilingual":
            with self.gold_path.open("rb") as file:
                return bitext_format.read(file, str(self.gold_path))
        folder = self.gold_path.parent
        zh, src = segmented(folder / "zh.txt", lang="zh-Hans", encoding="utf-8")
        vi, tgt = segmented(folder / "vi.txt", lang="vi", encoding="utf-8")
        if self.gold_path.name == _SPANS:
            return _bitext(zh, vi, _span_beads(self.gold_path, src, tgt))
        with self.gold_path.open("rb") as file:
            return from_ids(zh, vi, src, tgt, beads_format.read(file, str(self.gold_path)))

    @property
    def files(self) -> tuple[Path, ...]:
        """All that its figures depend on."""
        folder = self.gold_path.parent
        texts = [] if self.way == "bilingual" else [folder / "zh.txt", folder / "vi.txt"]
        return tuple(dict.fromkeys((self.zh, self.vi, self.gold_path, *texts)))


def find_cases(data: Path | None) -> list[Case]:
    """The article, and every document of the development data that has gold beads, in a fixed order.

    A folder whose name begins with `_` repeats others and is left out; HTML is left out while no reader
    for it is there.
    """
    seed = "002_9543e6bcbcfb8ab6"
    article = ROOT / "seeds" / f"{seed}.txt"
    cases = [
        Case(ARTICLE, seed, article, article, ROOT / "corpus/gold" / f"{seed}.bitext.jsonl", "bilingual")
    ]
    for gold in sorted(data.glob("**/gold.txt")) if data else []:
        parts = gold.parent.relative_to(data).parts if data else ()
        if not any(part.startswith("_") for part in parts):
            cases += _cases(gold, parts)
    return sorted(cases, key=lambda case: (case.set_name, case.name))


def digest(cases: Iterable[Case]) -> str:
    """12 hex digits over the files of these documents."""
    total = hashlib.sha256()
    for case in cases:
        total.update(f"{case.set_name}\0{case.name}\0".encode())
        for path in case.files:
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:12]


def from_ids(
    zh: Document, vi: Document, src: Sequence[Segment], tgt: Sequence[Segment], beads: Iterable[IdBead]
) -> Bitext:
    """A bitext of these segments; ids are positions in `src` and `tgt`."""
    made = [
        Bead(number, tuple(src[i] for i in zh_ids), tuple(tgt[j] for j in vi_ids))
        for number, (zh_ids, vi_ids) in enumerate(beads)
    ]
    return _bitext(zh, vi, made)


def _cases(gold: Path, parts: Sequence[str]) -> list[Case]:
    folder = gold.parent
    zh, vi = folder / "zh.txt", folder / "vi.txt"
    if parts[0] != "tech":
        set_name = f"{parts[0]}/{parts[-1]}"
        spans = folder / _SPANS
        if spans.exists():
            return [Case(set_name, parts[1], zh, vi, spans, "documents")]
        return [Case(set_name, parts[1], zh, vi, gold, "segmented")]
    name = "/".join(parts)
    set_name = "tech/manuals" if parts[1] in _MANUALS else f"tech/{parts[1]}"
    cases = [Case(set_name, name, zh, vi, gold, "segmented")]
    html = folder / "zh.html", folder / "vi.html"
    if html[0].exists() and html[1].exists() and _reads(".html"):
        cases.append(Case(f"{set_name} html", name, *html, gold, "documents"))
    return cases


def _reads(suffix: str) -> bool:
    if suffix not in READERS:
        return False
    try:
        importlib.import_module(f"aligner.documents.{READERS[suffix]}")
    except ImportError:
        return False
    return True


def _span_beads(path: Path, src: Sequence[Segment], tgt: Sequence[Segment]) -> list[Bead]:
    """Beads from rows of zh line, vi paragraph, and start and end in it; the header is passed over."""
    beads = []
    rows = path.read_text("utf-8").split("\n")[1:]
    for number, row in enumerate(filter(None, rows)):
        line, paragraph, start, end = map(int, row.split("\t"))
        whole = tgt[paragraph]
        part = Segment(number, whole.text[start:end], whole.start + start, whole.start + end)
        beads.append(Bead(number, (src[line],), (part,)))
    return beads


def _bitext(zh: Document, vi: Document, beads: Sequence[Bead]) -> Bitext:
    return Bitext(
        Side(zh.lang or "zh-Hans", zh.path, zh.sha256),
        Side("vi", vi.path, vi.sha256),
        tuple(beads),
        "gold",
    )
