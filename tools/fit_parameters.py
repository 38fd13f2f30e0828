"""Fits the weights by which evidence adds up, on the tuning half of the development data.

    python tools/fit_parameters.py DEV_DATA -o src/aligner/data/parameters.json

Needs scipy. DEV_DATA has folders with zh.txt, vi.txt (a segment a line) and gold.txt (beads). Documents
are divided by the SHA-256 of their name: even first byte, tuning; odd, report. Only the tuning half
is fitted on; the log likelihood and scores of both are printed.

The model is log-linear over whole alignments; the program climbs the log likelihood of the gold
alignments (L-BFGS, gradient from the posteriors of the lattice). What a first pass learns from a
document (habits, own counts) depends on the weights, so fitting alternates with learning a few times.
The weight of each null feature and of each bead type is drawn to its start with a weak normal prior.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from aligner.align.lattice import BEAD_TYPES, Lattice, best_paths
from aligner.align.passes import learn, survey
from aligner.align.shares import Posteriors, posteriors
from aligner.evidence.combine import BlockFeatures, Evidence, block_features
from aligner.evidence.encode import encode
from aligner.evidence.habits import Habits
from aligner.evidence.lexicon import load_lexicon
from aligner.evidence.parameters import BeadType, LengthModel, Parameters, shipped_parameters, to_json
from aligner.evidence.quotation import pair_quotation
from aligner.evidence.structure import pair_structure
from aligner.formats import beads as beads_format
from aligner.model import Segment

BEAD_FEATURES = 6
NULL_FEATURES = 3
TYPES = len(BEAD_TYPES)
PRIOR_STRENGTH = 0.05
"""Half the precision of the normal prior on each weight."""

GoldBead = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True)
class Example:
    """A document of the development data."""

    set_name: str
    name: str
    zh: list[str]
    vi: list[str]
    gold: list[GoldBead]

    @property
    def tuning(self) -> bool:
        """Whether it may be fitted on."""
        return hashlib.sha256(self.name.encode()).digest()[0] % 2 == 0

    @property
    def fitted(self) -> bool:
        """Whether its kind of data says something about the weights: diagonal ones do not."""
        return self.set_name in {"ntrex/mn", "ntrex/noisy", "threekingdoms/real", "threekingdoms/noisy"}


@dataclass(frozen=True)
class Measured:
    """A document's features after learning, with what its gold alignment uses of them."""

    example: Example
    features: BlockFeatures
    gold_counts: np.ndarray[Any, Any] | None


def read_examples(root: Path) -> list[Example]:
    """All documents with gold beads."""
    examples = []
    for path in sorted(root.glob("**/gold.txt")):
        folder = path.parent.relative_to(root).parts
        if "_all_dev" in folder or folder[-1] == "mono":
            continue
        in_variants = folder[0] in {"ntrex", "threekingdoms"}
        examples.append(
            Example(
                set_name=f"{folder[0]}/{folder[-1]}" if in_variants else "tech",
                name=folder[1] if in_variants else "/".join(folder),
                zh=(path.parent / "zh.txt").read_text("utf-8").removesuffix("\n").split("\n"),
                vi=(path.parent / "vi.txt").read_text("utf-8").removesuffix("\n").split("\n"),
                gold=read_gold(path),
            )
        )
    return examples


def read_gold(path: Path) -> list[GoldBead]:
    """The beads of a file, each null segment a bead of its own."""
    with path.open("rb") as file:
        beads = beads_format.read(file, str(path))
    gold: list[GoldBead] = []
    for src, tgt in beads:
        if src and tgt:
            gold.append((src, tgt))
        else:
            gold += [((i,), ()) for i in src] + [((), (j,)) for j in tgt]
    return gold


def segments(texts: Sequence[str]) -> list[Segment]:
    """Bare segments, as `--segmented` makes them."""
    return [Segment(k, text, 0, 0) for k, text in enumerate(texts)]


def first_evidence(example: Example, parameters: Parameters, lexicon: Path | None) -> Evidence:
    """What is known before the first pass."""
    encoding = encode(example.zh, example.vi, load_lexicon(lexicon), own_share=parameters.own_share)
    structure = pair_structure(segments(example.zh), segments(example.vi))
    quotation = pair_quotation(example.zh, example.vi)
    return Evidence(encoding, structure, quotation, Habits(parameters.length_model.mean), parameters)


def measured(example: Example, evidence: Evidence) -> Measured:
    """Features of all beads of the document, and of the gold ones."""
    n, m = evidence.shape
    features = block_features(evidence, (0, n, 0, m), BEAD_TYPES)
    return Measured(example, features, gold_counts(example.gold, features))


def gold_counts(gold: Sequence[GoldBead], features: BlockFeatures) -> np.ndarray[Any, Any] | None:
    """Sum of each feature over the gold beads; None where the lattice has no such bead."""
    counts = np.zeros(BEAD_FEATURES + TYPES + 2 * NULL_FEATURES + 2)
    src_null, tgt_null = null_slices()
    for src, tgt in gold:
        if src and tgt:
            bead_type = (len(src), len(tgt))
            if bead_type not in features.beads:
                return None
            counts[:BEAD_FEATURES] += features.beads[bead_type][:, src[0], tgt[0]]
            counts[BEAD_FEATURES + BEAD_TYPES.index(bead_type)] += 1
        elif src:
            counts[src_null] += features.src_null[list(src)].sum(axis=0)
        else:
            counts[tgt_null] += features.tgt_null[list(tgt)].sum(axis=0)
    counts[-2:] = gold_runs(gold) * features.null_open
    return counts


def gold_runs(gold: Sequence[GoldBead]) -> int:
    """Runs of nulls, counted per side between two translation beads."""
    runs, inside = 0, {"src": False, "tgt": False}
    for src, tgt in gold:
        if src and tgt:
            inside = {"src": False, "tgt": False}
            continue
        side = "src" if src else "tgt"
        runs += not inside[side]
        inside[side] = True
    return runs


def null_slices() -> tuple[slice, slice]:
    """Where the null weights stand in the vector of weights."""
    start = BEAD_FEATURES + TYPES
    return slice(start, start + NULL_FEATURES), slice(start + NULL_FEATURES, start + 2 * NULL_FEATURES)


def lattice_from(features: BlockFeatures, theta: np.ndarray[Any, Any]) -> Lattice:
    """The lattice of one document under a vector of weights."""
    n, m = len(features.src_null), len(features.tgt_null)
    src_null, tgt_null = null_slices()
    beads: dict[BeadType, np.ndarray[Any, Any]] = {}
    for t, (a, b) in enumerate(BEAD_TYPES):
        weight = np.full((1, n + 1, m + 1), -np.inf)
        if (a, b) in features.beads:
            total = np.tensordot(theta[:BEAD_FEATURES], features.beads[a, b], 1)
            weight[0, a:, b:] = total + theta[BEAD_FEATURES + t]
        beads[a, b] = weight
    return Lattice(
        beads,
        (features.src_null @ theta[src_null])[None],
        (features.tgt_null @ theta[tgt_null])[None],
        float(features.null_open @ theta[-2:]),
        np.array([[n, m]]),
    )


def expected_counts(features: BlockFeatures, found: Posteriors) -> np.ndarray[Any, Any]:
    """Sum of each feature over all beads, weighted by their posteriors."""
    counts = np.zeros(BEAD_FEATURES + TYPES + 2 * NULL_FEATURES + 2)
    src_null, tgt_null = null_slices()
    for t, (a, b) in enumerate(BEAD_TYPES):
        if (a, b) in features.beads:
            posterior = found.beads[a, b][0, a:, b:]
            counts[:BEAD_FEATURES] += np.tensordot(features.beads[a, b], posterior, 2)
            counts[BEAD_FEATURES + t] = posterior.sum()
    counts[src_null] = found.src_null[0] @ features.src_null
    counts[tgt_null] = found.tgt_null[0] @ features.tgt_null
    counts[-2:] = found.opens[0] * features.null_open
    return counts


def loss(
    theta: np.ndarray[Any, Any], start: np.ndarray[Any, Any], documents: Sequence[Measured]
) -> tuple[float, np.ndarray[Any, Any]]:
    """Negative log2 likelihood of the gold alignments with the prior, and its gradient."""
    value = PRIOR_STRENGTH * float(((theta - start) ** 2).sum())
    gradient = 2 * PRIOR_STRENGTH * (theta - start)
    for document in documents:
        if document.gold_counts is None:
            continue
        found = posteriors(lattice_from(document.features, theta))
        value += float(found.log_total[0] - document.gold_counts @ theta)
        gradient += expected_counts(document.features, found) - document.gold_counts
    return value, gradient


def to_vector(p: Parameters) -> np.ndarray[Any, Any]:
    """The fitted weights as a vector."""
    return np.array(
        [p.forward, p.backward, p.length, p.size, p.merge, p.quotation]
        + [p.priors[t] for t in BEAD_TYPES]
        + [p.null_src, p.null_src_size, p.null_src_habit]
        + [p.null_tgt, p.null_tgt_size, p.null_tgt_habit]
        + [p.null_open, p.null_open_habit]
    )


def from_vector(theta: np.ndarray[Any, Any], p: Parameters) -> Parameters:
    """Parameters with the weights of a vector."""
    values = [round(float(x), 4) for x in theta]
    names = ["forward", "backward", "length", "size", "merge", "quotation"]
    changed: dict[str, Any] = dict(zip(names, values, strict=False))
    changed["priors"] = dict(zip(BEAD_TYPES, values[BEAD_FEATURES:], strict=False))
    tail = values[BEAD_FEATURES + TYPES :]
    nulls = ["null_src", "null_src_size", "null_src_habit", "null_tgt", "null_tgt_size", "null_tgt_habit"]
    changed.update(zip([*nulls, "null_open", "null_open_habit"], tail, strict=True))
    return dataclasses.replace(p, **changed)


def fit_length_model(examples: Sequence[Example], p: Parameters, lexicon: Path | None) -> LengthModel:
    """Moments of the log ratio over the gold beads of the tuning half, scatter by length class."""
    within, lengths, means = [], [], []
    for example in examples:
        if not (example.tuning and example.fitted):
            continue
        encoding = first_evidence(example, p, lexicon).encoding
        x, y = encoding.src.lengths, encoding.tgt.lengths
        pairs = [(x[list(a)].sum(), y[list(b)].sum()) for a, b in example.gold if a and b]
        usable = np.array([pair for pair in pairs if min(pair) > 2]).reshape(-1, 2)
        ratio = np.log(usable[:, 1] / usable[:, 0])
        means.append(float(np.median(ratio)))
        within.extend(ratio - np.median(ratio))
        lengths.extend(np.sqrt(usable[:, 0] * usable[:, 1]))
    squares = np.minimum(np.array(within) ** 2, 1.0)
    inverse = 1 / np.array(lengths)
    slope, level = np.polyfit(inverse, squares, 1)
    return dataclasses.replace(
        p.length_model,
        mean=round(float(np.mean(means)), 4),
        variance=round(max(float(level), 0.01), 4),
        variance_per_token=round(max(float(slope), 0.05), 4),
    )


def fit_calibration(documents: Sequence[Measured], theta: np.ndarray[Any, Any]) -> tuple[float, float]:
    """Platt's slope and intercept from the beads of the best paths of the tuning half."""
    logits, right = [], []
    for document in documents:
        lattice = lattice_from(document.features, theta)
        found = posteriors(lattice)
        gold = set(document.example.gold)
        for edge in best_paths(lattice)[0][0]:
            src, tgt = tuple(range(edge.i0, edge.i1)), tuple(range(edge.j0, edge.j1))
            p = (
                found.beads[len(src), len(tgt)][0, edge.i1, edge.j1]
                if src and tgt
                else found.src_null[0, edge.i0]
                if src
                else found.tgt_null[0, edge.j0]
            )
            p = min(max(float(p), 1e-6), 1 - 1e-6)
            logits.append(np.log(p / (1 - p)))
            right.append((src, tgt) in gold)
    x, y = np.array(logits), np.array(right, float)

    def negative(ab: np.ndarray[Any, Any]) -> float:
        z = ab[0] * x + ab[1]
        return float(np.sum(np.logaddexp(0, z) - y * z)) + 0.5 * float((ab[0] - 1) ** 2 + ab[1] ** 2)

    slope, intercept = minimize(negative, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return round(float(slope), 4), round(float(intercept), 4)


def strict_f1(documents: Sequence[Measured], theta: np.ndarray[Any, Any]) -> tuple[float, float]:
    """(strict F1, null F1) pooled, by the convention of `aligner evaluate`."""
    hits = total = recalled = gold_total = null_hits = null_gold = null_found = 0
    for document in documents:
        path = best_paths(lattice_from(document.features, theta))[0][0]
        found = {(tuple(range(e.i0, e.i1)), tuple(range(e.j0, e.j1))) for e in path}
        gold = set(document.example.gold)
        hits += len(found & gold)
        total += len(found)
        recalled += sum(bool(a and b) for a, b in found & gold)
        gold_total += sum(bool(a and b) for a, b in gold)
        null_hits += sum(not (a and b) for a, b in found & gold)
        null_gold += sum(not (a and b) for a, b in gold)
        null_found += sum(not (a and b) for a, b in found)
    precision, recall = hits / max(total, 1), recalled / max(gold_total, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return f1, 2 * null_hits / max(null_gold + null_found, 1)


def report(documents: Sequence[Measured], theta: np.ndarray[Any, Any]) -> None:
    """Print scores by set and half."""
    for name in sorted({d.example.set_name for d in documents}):
        row = []
        for tuning in (True, False):
            chosen = [d for d in documents if d.example.set_name == name and d.example.tuning is tuning]
            f1, null = strict_f1(chosen, theta)
            row.append(f"{'tune' if tuning else 'report'} {f1:.4f} null {null:.4f} ({len(chosen)})")
        print(f"{name:22}", "   ".join(row), flush=True)


def learned(example: Example, p: Parameters, lexicon: Path | None) -> Measured:
    """Features of the second pass under the given parameters."""
    evidence = first_evidence(example, p, lexicon)
    n, m = evidence.shape
    return measured(example, learn(evidence, survey(evidence, [(0, n, 0, m)])))


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, report, and write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--start", type=Path, help="parameters to start from; the shipped ones otherwise")
    parser.add_argument("--lexicon", type=Path)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--steps", type=int, default=40, help="L-BFGS steps a round")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", dest="changes")
    parser.add_argument("--fixed", action="store_true", help="fit nothing: report the given parameters")
    options = parser.parse_args(arguments)
    from aligner.evidence.parameters import from_json

    p = from_json(options.start.read_text("utf-8")) if options.start else shipped_parameters()
    changes: dict[str, Any] = {k: float(v) for k, v in (c.split("=") for c in options.changes)}
    p = dataclasses.replace(p, **changes)
    examples = read_examples(options.data)
    if not options.fixed:
        p = dataclasses.replace(p, length_model=fit_length_model(examples, p, options.lexicon))
    tuned = [e for e in examples if e.fitted and e.tuning]
    for number in range(0 if options.fixed else options.rounds):
        documents = [learned(e, p, options.lexicon) for e in tuned]
        start = to_vector(p)
        result = minimize(
            loss, start, args=(start, documents), jac=True, method="L-BFGS-B",
            options={"maxiter": options.steps},
        )  # fmt: skip
        p = from_vector(result.x, p)
        print(f"round {number + 1}: loss {result.fun:.2f}", flush=True)
        p = dataclasses.replace(p, calibration=fit_calibration(documents, result.x))
    everything = [learned(e, p, options.lexicon) for e in examples if "clean" not in e.set_name]
    theta = to_vector(p)
    for tuning in (True, False):
        half = [d for d in everything if d.example.tuning is tuning and d.example.fitted]
        print(f"{'tune' if tuning else 'report'}: loss {loss(theta, theta, half)[0]:.2f}")
    report(everything, theta)
    p = dataclasses.replace(p, signature=signature(examples, options))
    if options.output:
        options.output.write_text(to_json(p), "utf-8")
    return 0


def signature(examples: Sequence[Example], options: argparse.Namespace) -> str:
    """What the parameters were fitted on and how."""
    digest = hashlib.sha256()
    for example in examples:
        digest.update("\n".join([example.name, *example.zh, *example.vi, repr(example.gold)]).encode())
    lexicon = load_lexicon(options.lexicon).signature
    return f"dev:{digest.hexdigest()[:12]}|half:tune|rounds:{options.rounds}|steps:{options.steps}|{lexicon}"


if __name__ == "__main__":
    sys.exit(main())
