"""The whole program on one page: files → documents → segments → evidence → beads → bitext.

read ──▶ separate (where both languages are in one file) ──▶ segment ──▶ encode ──▶ align
  ──▶ divide run-together headlines, align again ──▶ Bitext
"""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeVar

from aligner import __version__, documents
from aligner.align.aligning import Progress, align, no_progress
from aligner.config import AlignOptions
from aligner.errors import InputError
from aligner.evidence.apart import rows_of, weights_apart
from aligner.evidence.combine import Evidence
from aligner.evidence.encode import Renderings, encode
from aligner.evidence.encoder import load_encoder, meaning
from aligner.evidence.habits import Habits
from aligner.evidence.lexicon import load_lexicon
from aligner.evidence.parameters import shipped_fingerprint, shipped_parameters
from aligner.evidence.quotation import pair_quotation
from aligner.evidence.structure import no_structure, pair_structure
from aligner.evidence.user import fingerprint, lexicon_with, renderings, terms_in
from aligner.model import Bead, Bitext, Document, Lang, Segment, Side
from aligner.paired import pair_rows, paired_file, paired_files, with_note

_DIVIDE_GAIN = 0.5
"""Log2 odds by which a divided segment must outweigh the whole one. The priors of the beads, which are
fitted, already favour several small beads over a large one; from 0 to 1 it makes no difference on the tuning
half."""

Item = TypeVar("Item")


def align_file(
    path: Path, options: AlignOptions, *, encoding: str | None = None, progress: Progress = no_progress
) -> Bitext:
    """Align the two languages of one bilingual document; for `progress` see `align.aligning.align`.

    Raises:
        InputError: it cannot be read, or holds one language only.
    """
    pair = paired_file(path, encoding=encoding) if str(path) != "-" else None
    if pair:
        return _align_rows(*pair, options, progress)
    zh, vi = documents.separate(documents.read(path, encoding=encoding))
    return align_documents(zh, vi, options, progress=progress)


def align_files(
    first: Path,
    second: Path,
    options: AlignOptions,
    *,
    langs: tuple[Lang | None, Lang | None] = (None, None),
    encoding: str | None = None,
    one_a_line: bool = False,
    progress: Progress = no_progress,
) -> Bitext:
    """Align two files, in either order.

    Args:
        first: a file in one of the languages.
        second: a file in the other.
        options: how to align.
        langs: their languages where the user states them; detected otherwise.
        encoding: of both files; detected otherwise.
        one_a_line: every line is a segment and stays one (`--segmented`).
        progress: see `align.aligning.align`.

    Raises:
        InputError: a file cannot be read, or the two are not one Chinese and one Vietnamese.
    """
    paths = (first, second)
    if one_a_line:
        sides = [_segmented(path, lang, encoding) for path, lang in zip(paths, langs, strict=True)]
        (zh, src), (vi, tgt) = _zh_first(sides, [document for document, _ in sides])
        return _bitext(zh, vi, src, tgt, dataclasses.replace(options, divide=False), progress)
    pair = paired_files(first, second) if langs == (None, None) and not encoding else None
    if pair:
        return _align_rows(*pair, options, progress)
    both = [documents.read(p, lang=lang, encoding=encoding) for p, lang in zip(paths, langs, strict=True)]
    zh, vi = _zh_first(both, both)
    return align_documents(zh, vi, options, progress=progress)


def _segmented(path: Path, lang: Lang | None, encoding: str | None) -> tuple[Document, tuple[Segment, ...]]:
    """The lines of a file as segments, and its document without its text, which they hold already."""
    document, segments = documents.segmented(path, lang=lang, encoding=encoding)
    return dataclasses.replace(document, text="", blocks=()), segments


def _align_rows(zh: Document, vi: Document, options: AlignOptions, progress: Progress) -> Bitext:
    """Two sides whose rows belong together; see `paired`."""
    beads = pair_rows(zh, vi, partial(_aligned, options=options, progress=progress))
    return _made(with_note(zh), with_note(vi), beads, options)


def align_documents(
    zh: Document, vi: Document, options: AlignOptions, *, progress: Progress = no_progress
) -> Bitext:
    """Align a Chinese document with its Vietnamese translation."""
    return _bitext(zh, vi, documents.segment(zh), documents.segment(vi), options, progress)


def align_segments(
    src: Sequence[Segment],
    tgt: Sequence[Segment],
    options: AlignOptions,
    *,
    progress: Progress = no_progress,
) -> tuple[Bead, ...]:
    """Align zh with vi segments; for `progress` see `align.aligning.align`.

    Returns:
        Beads that cover every segment of both sides once, in order. A segment without text is a null
        bead. With `options.divide` a segment may come back in parts, all ids counted anew.
    """
    beads = _aligned(src, tgt, options, progress)
    if not options.divide:
        return beads
    from aligner.align.divide import divide  # its patterns take a while to make

    divided = divide(beads, partial(_weights, options=options), gain=_DIVIDE_GAIN)
    return _aligned(*divided, options, progress) if divided else beads


def segments_of(
    path: Path,
    options: AlignOptions | None = None,
    *,
    encoding: str | None = None,
    lang: Lang | None = None,
) -> tuple[tuple[Lang, tuple[Segment, ...]], ...]:
    """The segments of a document by language, as alignment counts them: one language or both.

    Those of a bilingual document are what its bead ids refer to: headlines that run together in one
    language are divided with the help of the other, and of the lexicon and glossary that options name.

    Raises:
        InputError: it cannot be read.
    """
    document = documents.read(path, encoding=encoding, lang=lang)
    if lang is None and documents.is_bilingual(document):
        bitext = align_file(path, options or AlignOptions(), encoding=encoding)
        src = tuple(s for bead in bitext.beads for s in bead.src)
        tgt = tuple(sorted((s for bead in bitext.beads for s in bead.tgt), key=lambda s: s.id))
        return ((bitext.src.lang, src), (bitext.tgt.lang, tgt))
    found = documents.segment(document)
    assert document.lang is not None  # noqa: S101 - segment has refused a document without language
    return ((document.lang, found),)


def signature(options: AlignOptions) -> str:
    """Version, settings and data that make an alignment, as `name:value|name:value`.

    The user's lexicon and glossary stand in it by content, and only where they say something: a note
    changed in the glossary makes no other alignment.
    """
    parts = [f"aligner:{__version__}", load_lexicon().signature, shipped_fingerprint()]
    parts += [f"second_pass:{int(options.second_pass)}", f"divide:{int(options.divide)}"]
    if options.encoder:
        parts.append(f"encoder:{load_encoder(options.encoder).name}")
    if options.lexicon:
        parts.append(f"own_{load_lexicon(options.lexicon).signature}")
    terms = _glossary(options)
    return "|".join([*parts, fingerprint(terms)] if terms else parts)


def _bitext(
    zh: Document,
    vi: Document,
    src: Sequence[Segment],
    tgt: Sequence[Segment],
    options: AlignOptions,
    progress: Progress,
) -> Bitext:
    return _made(zh, vi, align_segments(src, tgt, options, progress=progress), options)


def _made(zh: Document, vi: Document, beads: tuple[Bead, ...], options: AlignOptions) -> Bitext:
    return Bitext(
        src=Side(zh.lang or "zh-Hans", zh.path, zh.sha256),
        tgt=Side("vi", vi.path, vi.sha256),
        beads=beads,
        signature=signature(options),
        notes=_notes(zh, vi),
    )


def _notes(zh: Document, vi: Document) -> tuple[str, ...]:
    """Remarks on reading; of two files each says its own name, of one file they are the same twice."""
    if zh.path == vi.path:
        return tuple(dict.fromkeys((*zh.notes, *vi.notes)))
    return tuple(f"{document.path}: {note}" for document in (zh, vi) for note in document.notes)


def _aligned(
    src: Sequence[Segment], tgt: Sequence[Segment], options: AlignOptions, progress: Progress
) -> tuple[Bead, ...]:
    """The beads; segments without text have no evidence and are put back afterwards."""
    src_full, tgt_full = [s for s in src if s.text.strip()], [s for s in tgt if s.text.strip()]
    progress(0, len(src))
    evidence = evidence_of(src_full, tgt_full, options)
    beads = align(src_full, tgt_full, evidence, second_pass=options.second_pass, progress=progress)
    empty = [s for s in src if not s.text.strip()], [s for s in tgt if not s.text.strip()]
    return _with_empty(beads, *empty)


def evidence_of(
    src: Sequence[Segment],
    tgt: Sequence[Segment],
    options: AlignOptions,
    *,
    one_document: bool = True,
    by_source: bool = False,
) -> Evidence:
    """What is known of two lists of segments before the first pass.

    Args:
        src: zh segments.
        tgt: vi segments.
        options: name the user's lexicon and glossary.
        one_document: take into account what the segments of a side have in common: what is frequent among
            them, the foreign names in them, their paragraphs and kinds. Otherwise they are lines of anything.
        by_source: keep what each source of the translation table contributes.
    """
    parameters = shipped_parameters()
    texts = [s.text for s in src], [s.text for s in tgt]
    encoding = encode(
        *texts,
        lexicon_with(options.lexicon),
        glossary=terms_in(_glossary(options), texts[0]),
        own_share=parameters.own_share if one_document else 0.0,
        by_sound=one_document,
        by_source=by_source,
    )
    return Evidence(
        encoding,
        pair_structure(src, tgt) if one_document else no_structure(len(src), len(tgt)),
        pair_quotation(*texts),
        Habits(parameters.length_model.mean),
        parameters,
        meaning(load_encoder(options.encoder), *texts) if options.encoder else None,
    )


def _glossary(options: AlignOptions) -> Renderings:
    """The user's terms; none without a glossary. Read again when the file has changed.

    Raises:
        InputError: it cannot be read.
        FormatError: it is no glossary, or a row is broken; the message names the row.
    """
    if options.glossary is None:
        return {}
    try:
        state = options.glossary.stat()
    except OSError:
        return _renderings_in(options.glossary)  # which says what is wrong with it
    return _read_glossary(options.glossary, state.st_mtime_ns, state.st_size, options.approved_only)


@lru_cache(maxsize=4)
def _read_glossary(path: Path, _changed: int, _size: int, approved_only: bool) -> Renderings:  # noqa: FBT001 - a key of the cache
    return _renderings_in(path, approved_only=approved_only)


def _renderings_in(path: Path, *, approved_only: bool = False) -> Renderings:
    from aligner.formats.glossaries import load_glossary  # its tables take a fifth of the start

    return renderings(load_glossary(path), approved_only=approved_only)


def _weights(
    beads: Sequence[tuple[tuple[Segment, ...], tuple[Segment, ...]]], *, options: AlignOptions
) -> list[float]:
    """The scores of beads, each as if it stood alone: a line is no document."""
    zh, vi = rows_of(src for src, _ in beads), rows_of(tgt for _, tgt in beads)
    general = dataclasses.replace(options, encoder=None)
    evidence = evidence_of(zh.segments, vi.segments, general, one_document=False)
    return weights_apart(evidence, zh, vi, beads)


def _with_empty(beads: Sequence[Bead], src: Sequence[Segment], tgt: Sequence[Segment]) -> tuple[Bead, ...]:
    """The beads with empty segments at their places: inside the bead around them, or as null beads."""
    if not (src or tgt):
        return tuple(beads)
    left_src, left_tgt = deque(src), deque(tgt)
    out: list[Bead] = []
    for bead in beads:
        out += [Bead(0, (s,), (), confidence=1.0) for s in _before(left_src, bead.src[:1])]
        if not bead.moved:  # whose vi text stands elsewhere
            out += [Bead(0, (), (s,), confidence=1.0) for s in _before(left_tgt, bead.tgt[:1])]
        inner_src = _before(left_src, bead.src[-1:])
        inner_tgt = [s for s in left_tgt if bead.tgt[:1] and bead.tgt[0].id < s.id < bead.tgt[-1].id]
        left_tgt = deque(s for s in left_tgt if s not in inner_tgt) if inner_tgt else left_tgt
        out.append(bead.replace(src=_by_id(bead.src, inner_src), tgt=_by_id(bead.tgt, inner_tgt)))
    out += [Bead(0, (s,), (), confidence=1.0) for s in left_src]
    out += [Bead(0, (), (s,), confidence=1.0) for s in left_tgt]
    return tuple(bead.replace(id=number) for number, bead in enumerate(out))


def _before(waiting: deque[Segment], limit: Sequence[Segment]) -> list[Segment]:
    """Take the waiting segments that stand before the limiting one, if there is one."""
    taken = []
    while limit and waiting and waiting[0].id < limit[0].id:
        taken.append(waiting.popleft())
    return taken


def _by_id(segments: Sequence[Segment], more: Sequence[Segment]) -> tuple[Segment, ...]:
    return tuple(sorted((*segments, *more), key=lambda s: s.id))


def _zh_first(items: Sequence[Item], documents: Sequence[Document]) -> tuple[Item, Item]:
    """The zh item and the vi item, whichever came first.

    Raises:
        InputError: they are not one of each.
    """
    one, two = documents
    if one.lang is None or two.lang is None:
        doubtful = one if one.lang is None else two
        raise InputError(
            f"{doubtful.path}: neither Chinese nor Vietnamese, or both",
            "name the languages: --src-lang zh-Hans --tgt-lang vi",
        )
    if (one.lang == "vi") == (two.lang == "vi"):
        name = "Vietnamese" if one.lang == "vi" else "Chinese"
        raise InputError(
            f"{one.path} and {two.path}: both are {name}", "give one Chinese and one Vietnamese document"
        )
    return (items[1], items[0]) if one.lang == "vi" else (items[0], items[1])
