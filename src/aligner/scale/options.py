"""What a run is asked to do."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from aligner.config import AlignOptions
from aligner.scale.reading import Columns, ReadOptions

Engine = Literal["local", "ray", "slurm"]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Everything that decides what a run makes; how it is spread over machines is not among it.

    Attributes:
        shard_size: documents read by one task.
        limit: documents of the input to read at most.
        reading: how the input is read.
        lexicon: the user's own, beside the shipped one.
        glossary: the user's term base.
        mine: look for sentences that translate each other in documents left without counterpart.
        second_pass: learn a lexicon from the first alignment of the whole corpus, and align again with it.
        min_confidence: beads below it are dropped, for want of confidence.
        min_pair_confidence: document pairs below it are none.
        leave_out: steps of `aligner.scale.CLEANING` that are not done.
        keep_dropped: write the dropped beads too, with the reason.
    """

    shard_size: int = 500
    limit: int | None = None
    reading: ReadOptions = field(default_factory=ReadOptions)
    lexicon: Path | None = None
    glossary: Path | None = None
    mine: bool = False
    second_pass: bool = False
    min_confidence: float = 0.5
    min_pair_confidence: float = 0.5
    leave_out: frozenset[str] = field(default_factory=frozenset)
    keep_dropped: bool = False

    @property
    def align(self) -> AlignOptions:
        """How documents are aligned."""
        return AlignOptions(lexicon=self.lexicon, glossary=self.glossary)

    @property
    def fingerprint(self) -> str:
        """Names the options; equal ones make equal output."""
        packed = json.dumps(self.to_json(), sort_keys=True)
        return hashlib.sha256(packed.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def to_json(self) -> dict[str, Any]:
        """As they are kept in the output folder."""
        record = dataclasses.asdict(self)
        record |= {name: str(record[name]) if record[name] else None for name in ("lexicon", "glossary")}
        return record | {"leave_out": sorted(self.leave_out)}


def options_of(record: Mapping[str, Any]) -> RunOptions:
    """The options that `to_json` made."""
    paths = {name: Path(record[name]) if record[name] else None for name in ("lexicon", "glossary")}
    reading = ReadOptions(**{**record["reading"], "columns": Columns(**record["reading"]["columns"])})
    parts = {"reading": reading, "leave_out": frozenset(record["leave_out"])}
    return RunOptions(**{**record, **paths, **parts})
