"""The weights by which evidence adds up, as fitted by tools/fit_parameters.py.

They are the parameters of a log-linear model over all alignments of a document (a semi-Markov
conditional random field: Sarawagi & Cohen 2004, NIPS 17): score = Σ weight · feature, and the
probability of an alignment is proportional to 2^score. The program maximises the probability of gold
alignments; what it was fitted on, and with which seed, stands in the signature in the file.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from aligner.errors import FormatError

BeadType = tuple[int, int]

_DATA = Path(__file__).parent.parent / "data" / "parameters.json"


@dataclass(frozen=True, slots=True)
class LengthModel:
    """Normal model of ln(vi tokens / zh tokens); see `evidence.length`.

    Attributes:
        mean: expected log ratio before anything is known of the document.
        variance: of the log ratio of very long beads of one document.
        variance_per_token: added, divided by the bead's length in tokens (geometric mean of both sides).
        background: variance of the log ratio of beads that do not belong together.
        strength: how many beads' worth of belief `mean` has against the document's own ratio.
    """

    mean: float
    variance: float
    variance_per_token: float
    background: float
    strength: float


@dataclass(frozen=True, slots=True)
class Parameters:
    """All weights, in log2 odds per unit of the feature.

    Attributes:
        smoothing: λ of the lexical score: probability that a token is there for no reason the other
            side gives.
        dilution: α of the lexical score: how much a longer span weakens each of its words.
        forward: weight of how well zh explains vi; of log2 likelihood ratios.
        backward: weight of how well vi explains zh.
        length: weight of the length evidence.
        size: weight per ten tokens of a translation bead, both sides together.
        merge: weight of the document's habit of merging (see `evidence.habits`) in beads other than 1–1.
        quotation: weight of a bead that opens or closes a quotation on one side alone.
        priors: weight of each bead type before its text is looked at.
        null_src, null_tgt: weight of leaving a segment without counterpart.
        null_src_size, null_tgt_size: the same per ten tokens.
        null_src_habit, null_tgt_habit: weight of the document's habit of leaving out.
        null_open: weight of opening a run of nulls.
        null_open_habit: weight of the document's habit of opening one.
        paragraph: weight per paragraph boundary inside a bead; assumed, not fitted (the development
            data has no paragraphs).
        kind_same: weight where both sides are the same kind and not plain text; assumed.
        kind_differs: weight where the kinds differ; assumed.
        null_inside: weight of leaving a sentence out of the middle of a paragraph; assumed.
        own_share: weight of the document's own frequencies in the background of the lexical score.
        own_counts: how many occurrences of a unit in the document outweigh half of the table's say
            in the second pass (τ).
        calibration: (slope, intercept) of the confidence: σ(slope · logit(posterior) + intercept).
        length_model: of the length evidence.
        signature: what it was fitted on.
    """

    smoothing: float
    dilution: float
    forward: float
    backward: float
    length: float
    size: float
    merge: float
    quotation: float
    priors: Mapping[BeadType, float]
    null_src: float
    null_tgt: float
    null_src_size: float
    null_tgt_size: float
    null_src_habit: float
    null_tgt_habit: float
    null_open: float
    null_open_habit: float
    paragraph: float
    kind_same: float
    kind_differs: float
    null_inside: float
    own_share: float
    own_counts: float
    calibration: tuple[float, float]
    length_model: LengthModel
    signature: str

    @property
    def fingerprint(self) -> str:
        """`parameters:` and eight hex digits over all of them, for signatures."""
        return f"parameters:{hashlib.sha256(to_json(self).encode()).hexdigest()[:8]}"


def to_json(parameters: Parameters) -> str:
    """The file form: JSON, one entry a line, bead types as `a-b`."""
    packed: dict[str, Any] = asdict(parameters)
    packed["priors"] = {f"{a}-{b}": value for (a, b), value in parameters.priors.items()}
    return json.dumps(packed, indent=1) + "\n"


def from_json(text: str, name: str = "parameters") -> Parameters:
    """Read the file form.

    Raises:
        FormatError: an entry is missing, unknown, or no number.
    """
    try:
        packed = json.loads(text)
        packed["priors"] = {
            (int(a), int(b)): _finite(value)
            for key, value in packed["priors"].items()
            for a, b in [key.split("-")]
        }
        slope, intercept = packed["calibration"]
        packed["calibration"] = (_finite(slope), _finite(intercept))
        packed["length_model"] = LengthModel(**{k: _finite(v) for k, v in packed["length_model"].items()})
        weights = packed.keys() - {"priors", "calibration", "length_model", "signature"}
        return Parameters(**packed | {weight: _finite(packed[weight]) for weight in weights})
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        problem = f"{name} cannot be used ({error})"
        raise FormatError(problem, "rebuild it with tools/fit_parameters.py") from None


def _finite(value: Any) -> float:
    if type(value) not in {int, float} or not math.isfinite(value):
        raise ValueError(f"{value!r} is no number")
    return float(value)


@lru_cache(maxsize=1)
def shipped_parameters() -> Parameters:
    """The parameters that come with the package."""
    return from_json(_DATA.read_text("utf-8"), "data/parameters.json")


@lru_cache(maxsize=1)
def shipped_fingerprint() -> str:
    """Their fingerprint, which every bitext is signed with."""
    return shipped_parameters().fingerprint
