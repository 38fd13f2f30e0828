"""Evaluating files: two alignments, or two folders of them whose files are matched by name.

A file is a bitext (`NAME.bitext.jsonl`) or in the beads format (any other name; in a folder only
`NAME.beads`, `gold.txt` and `hyp.txt`, which are called as their folder).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from io import BufferedReader, BytesIO
from pathlib import Path

from aligner.errors import FormatError, InputError, UsageError
from aligner.evaluate.alignment import Alignment
from aligner.evaluate.results import Evaluation
from aligner.evaluate.score import evaluate
from aligner.formats import FORMATS, Tally, Unit, beads, bitext
from aligner.formats.inputs import detect_format

# What tools of the field call an alignment in a folder for each document.
_PLAIN_NAMES = ("gold.txt", "hyp.txt")
_SUFFIXES = (".bitext.jsonl", ".beads")


def evaluate_files(hyp: Path, gold: Path, *, samples: int = 1000, seed: int = 0) -> Evaluation:
    """Scores a file against a file, or a folder against a folder, all documents pooled.

    The documents of a folder are those of the gold; one without a hypothesis is scored as empty, and the
    evaluation says so.

    Raises:
        InputError: a file is missing or broken, or a folder holds no alignment.
        UsageError: one is a file and the other a folder.
    """
    if str(hyp) == str(gold) == "-":
        raise UsageError("both are standard input", "name a file for one of them")
    for path in (hyp, gold):
        if str(path) != "-" and not path.exists():
            raise InputError(f"{path} does not exist")
    if hyp.is_dir() != gold.is_dir():
        raise UsageError(f"{hyp} and {gold}: one is a file, the other a folder", "give two of a kind")
    if not gold.is_dir():
        golden = read_alignment(gold, str(gold))
        if not golden.beads:
            raise InputError(f"{gold} holds no beads", "a gold alignment says what is right")
        return evaluate(read_alignment(hyp, str(hyp)), golden, samples=samples, seed=seed)
    golds, hyps = _alignments(gold, "hyp.txt"), _alignments(hyp, "gold.txt")
    if not golds:
        raise InputError(f"{gold} holds no alignment", f"{', '.join([*_SUFFIXES, *_PLAIN_NAMES])} are known")
    if not golds.keys() & hyps.keys():
        raise InputError(f"no alignment in {hyp} is called as one in {gold}", "files are matched by name")
    pairs = [
        (
            read_alignment(hyps[name], name) if name in hyps else Alignment((), name=name),
            read_alignment(path, name),
        )
        for name, path in golds.items()
    ]
    return evaluate([h for h, _ in pairs], [g for _, g in pairs], samples=samples, seed=seed)


def read_alignment(path: Path, name: str) -> Alignment:
    """A bitext, a beads file, or a table that states segment ids; `-` is stdin.

    Raises:
        InputError: it cannot be read, or says nothing of segments.
    """
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({(error.strerror or str(error)).lower()})") from None
    found = _format(path, data)
    if found == "bitext":
        return Alignment.of(bitext.read(BytesIO(data), str(path)), name)
    if found in FORMATS and FORMATS[found].reads:
        return _of_table(FORMATS[found].load().read_units(BytesIO(data), str(path), Tally()), path, name)
    return Alignment(beads.read(BytesIO(data), str(path)), name=name)


def _format(path: Path, data: bytes) -> str:
    """The format of an alignment; beads where nothing says otherwise, whatever the name."""
    try:
        return detect_format(BufferedReader(BytesIO(data)), path)
    except FormatError:
        return "bitext" if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else "beads"


def _of_table(units: Iterable[Unit], path: Path, name: str) -> Alignment:
    """The beads that the rows of a table state by their segment ids."""
    rows = list(units)
    if not all(row.src_ids or row.tgt_ids for row in rows):
        raise InputError(
            f"{path} states no segment ids, and joined texts say nothing of segments",
            "evaluate the bitext it was made from",
        )
    return Alignment(
        tuple((row.src_ids, row.tgt_ids) for row in rows), tuple(row.confidence for row in rows), name
    )


def _alignments(folder: Path, other: str) -> dict[str, Path]:
    """The alignments in and below a folder by document; files called `other` are those of the other side."""
    found: dict[str, Path] = {}
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for file in sorted(names):
            path = Path(parent, file)
            suffix = next((suffix for suffix in _SUFFIXES if file.endswith(suffix)), None)
            if file in _PLAIN_NAMES and not (file == other and len(set(_PLAIN_NAMES) & set(names)) > 1):
                name = path.parent.relative_to(folder).as_posix()
            elif suffix:
                name = path.relative_to(folder).as_posix().removesuffix(suffix)
            else:
                continue
            if name in found:
                raise InputError(
                    f"{found[name]} and {path} are both alignments of {name}", "keep one of them"
                )
            found[name] = path
    return found
