"""The program that fits the weights: its sums are those of the lattice, its gradient that of its loss."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from tests.align.generated import made, segments

pytest.importorskip("scipy", reason="fitting needs scipy")

from tools.fit_parameters import (
    Example,
    GoldBead,
    Measured,
    first_evidence,
    fit_calibration,
    fit_length_model,
    from_vector,
    gold_counts,
    gold_runs,
    lattice_from,
    learned,
    loss,
    main,
    measured,
    read_examples,
    strict_f1,
    to_vector,
)

from aligner.align.lattice import BEAD_TYPES, best_paths
from aligner.align.weigh import lattice_of
from aligner.evidence.combine import batch_weights
from aligner.evidence.parameters import from_json, shipped_parameters

P = shipped_parameters()


def example(seed: int, *, noise: float = 0.5) -> Example:
    pair = made(seed, 12, merges=0.3, nulls=0.15, noise=noise)
    return Example("ntrex/mn", f"made-{seed}", pair.zh, pair.vi, pair.gold)


@pytest.fixture(scope="module")
def documents() -> list[Measured]:
    return [measured(e, first_evidence(e, P, None)) for e in map(example, (1, 2))]


def test_there_and_back() -> None:
    theta = to_vector(P)
    assert to_vector(from_vector(theta, P)) == pytest.approx(theta)
    assert from_vector(theta, P) == P
    moved = theta + np.linspace(0.5, 2, len(theta))
    assert to_vector(from_vector(moved, P)) == pytest.approx(moved, abs=1e-4)


HALF_A_STEP = 1 / 512
"""By which the aligner rounds weights, and fitting does not."""


def test_the_lattice_is_that_of_the_aligner() -> None:
    for e in (example(3), example(4)):
        evidence = first_evidence(e, P, None)
        n, m = evidence.shape
        ours = lattice_from(measured(e, evidence).features, to_vector(P))
        theirs = lattice_of(batch_weights(evidence, [(0, n, 0, m)], BEAD_TYPES))
        for bead_type in BEAD_TYPES:
            assert ours.beads[bead_type] == pytest.approx(theirs.beads[bead_type], abs=HALF_A_STEP + 1e-4)
        assert ours.src_null == pytest.approx(theirs.src_null, abs=HALF_A_STEP)
        assert ours.tgt_null == pytest.approx(theirs.tgt_null, abs=HALF_A_STEP)
        assert ours.null_open == pytest.approx(theirs.null_open, abs=HALF_A_STEP)


def test_counts_of_a_path_times_the_weights_are_its_weight(documents: list[Measured]) -> None:
    theta = to_vector(P)
    for document in documents:
        paths, totals = best_paths(lattice_from(document.features, theta))
        beads = [(tuple(range(e.i0, e.i1)), tuple(range(e.j0, e.j1))) for e in paths[0]]
        counts = gold_counts(beads, document.features)
        assert counts is not None
        assert float(counts @ theta) == pytest.approx(float(totals[0]))


def test_a_bead_beyond_the_lattice_is_no_gold(documents: list[Measured]) -> None:
    beads = [((0, 1, 2, 3, 4), (0,))]
    assert gold_counts(beads, documents[0].features) is None


def test_runs_are_counted_by_side_between_translations() -> None:
    pair, zh, vi = ((0,), (0,)), ((1,), ()), ((), (1,))
    assert gold_runs([pair, zh, zh, pair, vi]) == 2
    assert gold_runs([zh, vi, zh, vi]) == 2
    assert gold_runs([pair, pair]) == 0


def test_the_gradient_is_that_of_the_loss(documents: list[Measured]) -> None:
    start = to_vector(P)
    theta = start + np.random.default_rng(0).normal(0, 0.05, len(start))
    _, gradient = loss(theta, start, documents)
    for k in range(len(theta)):
        step = np.zeros(len(theta))
        step[k] = 1e-5
        slope = (loss(theta + step, start, documents)[0] - loss(theta - step, start, documents)[0]) / 2e-5
        assert gradient[k] == pytest.approx(slope, abs=1e-3)


def test_a_model_that_knows_better_has_less_loss(documents: list[Measured]) -> None:
    theta = to_vector(P)
    right = loss(theta, theta, documents)[0]
    backwards = theta.copy()
    backwards[:2] *= -1  # what is translated counts against a bead
    assert 0 <= right < loss(backwards, backwards, documents)[0]
    f1, _ = strict_f1(documents, theta)
    assert f1 > strict_f1(documents, backwards)[0]


def test_the_length_model_is_recovered() -> None:
    rng = np.random.default_rng(1)
    ratio, examples = 1.5, []
    for k in range(60):
        zh = ["国" * int(rng.integers(10, 60)) for _ in range(12)]
        vi = [" ".join(["quốc"] * max(3, round(len(z) * ratio))) for z in zh]
        gold: list[GoldBead] = [((i,), (i,)) for i in range(12)]
        examples.append(Example("ntrex/mn", f"lengths-{k}", zh, vi, gold))
    assert 10 < sum(e.tuning for e in examples) < 50
    model = fit_length_model(examples, P, None)
    assert model.mean == pytest.approx(np.log(ratio), abs=0.02)
    assert model.variance == 0.01  # the least it may be
    assert model.strength == P.length_model.strength


def test_calibration_is_finite(documents: list[Measured]) -> None:
    slope, intercept = fit_calibration(documents, to_vector(P))
    assert np.isfinite([slope, intercept]).all()
    assert slope > 0


def folder_of(root: Path, path: str, e: Example) -> None:
    folder = root / path
    folder.mkdir(parents=True)
    (folder / "zh.txt").write_text("\n".join(e.zh) + "\n", "utf-8")
    (folder / "vi.txt").write_text("\n".join(e.vi) + "\n", "utf-8")
    beads = [f"[{','.join(map(str, a))}]:[{','.join(map(str, b))}]" for a, b in e.gold]
    (folder / "gold.txt").write_text("\n".join(beads) + "\n", "utf-8")


def test_a_small_fit_from_files_to_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for seed in range(8):
        folder_of(tmp_path / "data", f"ntrex/doc{seed}/mn", example(seed + 20, noise=0.3))
    folder_of(tmp_path / "data", "tech/manual", example(40, noise=0.3))
    examples = read_examples(tmp_path / "data")
    assert len(examples) == 9
    assert {e.set_name for e in examples} == {"ntrex/mn", "tech"}
    assert 0 < sum(e.tuning and e.fitted for e in examples) < 8
    out = tmp_path / "parameters.json"
    assert main([str(tmp_path / "data"), "-o", str(out), "--rounds", "1", "--steps", "2"]) == 0
    fitted = from_json(out.read_text("utf-8"))
    assert fitted != P
    assert fitted.signature.startswith("dev:")
    assert "rounds:1|steps:2" in fitted.signature
    printed = capsys.readouterr().out
    assert "round 1: loss" in printed
    assert "ntrex/mn" in printed
    assert set(json.loads(out.read_text("utf-8"))["priors"]) == {f"{a}-{b}" for a, b in BEAD_TYPES}


def test_given_parameters_are_only_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder_of(tmp_path / "data", "ntrex/doc/mn", example(30, noise=0.2))
    out = tmp_path / "parameters.json"
    assert main([str(tmp_path / "data"), "-o", str(out), "--fixed", "--set", "smoothing=0.25"]) == 0
    fitted = from_json(out.read_text("utf-8"))
    assert dataclasses.replace(fitted, signature=P.signature) == dataclasses.replace(P, smoothing=0.25)
    assert "round" not in capsys.readouterr().out


def test_learned_features_are_those_of_the_second_pass() -> None:
    e = example(31, noise=0.2)
    before, after = measured(e, first_evidence(e, P, None)), learned(e, P, None)
    assert after.features.null_open[1] != before.features.null_open[1] == 0.0
    assert len(segments(e.zh)) == len(after.features.src_null)
