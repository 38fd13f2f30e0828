"""How good an alignment is: scored against a gold one, every figure with its interval and signature.

The convention is that of Vecalign's scorer (Thompson and Koehn 2019), so that figures can be compared:

- *precision* is over every bead of the hypothesis, null beads included; *recall* is over the gold
  beads that are not null. A run of segments in one null bead counts as one null bead a segment.
- *strict*: the identical bead stands on the other side. *lax*: identical, or at least one zh and one
  vi segment of the bead are linked on the other side.
- Because that recall is blind to null beads, their own precision and recall stand beside it.

    evaluation = evaluate(load_bitext("mine.bitext.jsonl"), load_bitext("gold.bitext.jsonl"))
    print(evaluation.strict.f1, evaluation.signature)
"""

from __future__ import annotations

from aligner.evaluate.alignment import Alignment
from aligner.evaluate.calibration import Bin, Calibration
from aligner.evaluate.files import evaluate_files
from aligner.evaluate.results import Evaluation, Score, TypeScore
from aligner.evaluate.score import evaluate

__all__ = [
    "Alignment",
    "Bin",
    "Calibration",
    "Evaluation",
    "Score",
    "TypeScore",
    "evaluate",
    "evaluate_files",
]
