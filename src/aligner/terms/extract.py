"""Terms of bitexts: the whole extraction on one page.

    bitexts ──texts_of──▶ Text… ──gather──▶ Sightings ──score──▶ candidates ──level──▶ TermEntry…

Beads are worked in blocks, which differ in nothing but the translation table learned from them, so they can
be divided among processes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path, PurePath

from aligner.evidence.encode import Renderings
from aligner.evidence.lexicon import load_lexicon
from aligner.language.tokens import token_keys
from aligner.model import Bitext
from aligner.terms.entries import entry
from aligner.terms.gather import gather
from aligner.terms.model import Level, TermEntry
from aligner.terms.scoring import score
from aligner.terms.sightings import Sightings, Text, combined
from aligner.terms.weights import PairWeights

THRESHOLDS: dict[Level, float] = {"strict": 0.5, "balanced": 0.25, "wide": 0.08}
"""Confidence from which an entry belongs to a level: more likely right than not, one in four, one in twelve.
Assumed."""
_BLOCK = 1000
"""Beads with a translation table in common: about a long document."""
_POOLING = 4
"""Pooling what so many beads show is about as much work as one bead."""
_SUFFIXES = (".bitext.jsonl", ".jsonl", ".tmx.gz", ".tmx", ".tsv", ".csv", ".txt", ".xliff", ".parquet")
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def extract(
    bitexts: Iterable[Bitext],
    level: Level = "balanced",
    *,
    lexicon: Path | None = None,
    glossary: Iterable[TermEntry] = (),
    processes: int = 1,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[TermEntry, ...]:
    """The terms of some bitexts, the most confident first.

    Args:
        bitexts: the bitexts; null and rejected beads say nothing.
        level: how sure an entry has to be.
        lexicon: the general translation table; the shipped one by default.
        glossary: a term base, whose approved entries count as translations.
        processes: among how many the work is divided, where there is enough of it. With more than one the
            calling program has to be one that may be imported (`if __name__ == "__main__"`).
        progress: told how much of how much is done: beads, and a quarter more for what they have in common.

    Raises:
        InputError: the lexicon cannot be read.
        FormatError: it is no lexicon.
    """
    texts = texts_of(bitexts)
    weights = PairWeights()
    renderings = renderings_of(glossary)
    work = partial(_gathered, lexicon=lexicon, renderings=renderings, weights=weights)
    blocks = [(first, texts[first : first + _BLOCK]) for first in range(0, len(texts), _BLOCK)]
    parts, total = [], len(texts) + len(texts) // _POOLING
    for part in _divided(work, blocks, min(processes, len(blocks))):
        parts.append(part)
        progress(min(len(parts) * _BLOCK, len(texts)), total)
    found = combined(parts)
    scored = score(found, texts, weights, least=THRESHOLDS[level], glossary=renderings)
    entries = tuple(entry(candidate, texts) for candidate in scored)
    progress(total, total)
    return entries


def _gathered(
    block: tuple[int, Sequence[Text]], lexicon: Path | None, renderings: Renderings, weights: PairWeights
) -> Sightings:
    first, texts = block
    return gather(texts, load_lexicon(lexicon), weights, first, renderings)


def _divided(
    work: Callable[[tuple[int, Sequence[Text]]], Sightings],
    blocks: Sequence[tuple[int, Sequence[Text]]],
    processes: int,
) -> Iterator[Sightings]:
    """The blocks' results in order, from several processes where that was asked for."""
    if processes <= 1:
        yield from map(work, blocks)
        return
    # Not forked: a copy of a process with threads may wait forever.
    with _one_thread_each(), ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        yield from pool.map(work, blocks)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Processes started here keep numpy to one thread; more of them than processors only wait."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def texts_of(bitexts: Iterable[Bitext]) -> list[Text]:
    """The beads that have a text on both sides and that nobody rejected."""
    return [
        Text(name, bead.id, bead.src_text, bead.tgt_text, bead.confidence)
        for bitext in bitexts
        for name in [bitext_name(bitext)]
        for bead in bitext.beads
        if not bead.is_null and bead.status != "rejected"
    ]


def renderings_of(glossary: Iterable[TermEntry]) -> Renderings:
    """The approved translations of a glossary, as the translation table takes them."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for known in glossary:
        if known.status == "approved":
            vi = [tuple(token_keys(form, "vi")) for form in (known.vi, *known.vi_variants)]
            for form in (known.zh, *known.zh_variants):
                key = " ".join(token_keys(form, "zh"))
                if key:
                    found[key] = tuple(dict.fromkeys([*found.get(key, ()), *filter(None, vi)]))
    return found


def bitext_name(bitext: Bitext) -> str:
    """What the `beads` column calls a bitext: its zh document's name without folder, suffix and language."""
    name = PurePath(bitext.src.path).name
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    return name.removesuffix(".zh").removesuffix("_zh") or name
