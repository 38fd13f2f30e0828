"""The file of weights: there and back, and what is refused."""

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.align.lattice import BEAD_TYPES
from aligner.errors import FormatError
from aligner.evidence.parameters import LengthModel, Parameters, from_json, shipped_parameters, to_json

SHIPPED = shipped_parameters()
NUMBERS = [f.name for f in dataclasses.fields(Parameters) if isinstance(getattr(SHIPPED, f.name), float)]
WEIGHT = st.floats(-50, 50)


@settings(deadline=None, max_examples=40)
@given(values=st.lists(WEIGHT, min_size=len(NUMBERS), max_size=len(NUMBERS)), data=st.data())
def test_there_and_back(values: list[float], data: st.DataObject) -> None:
    changes: dict[str, Any] = dict(zip(NUMBERS, values, strict=True))
    changes["priors"] = {t: data.draw(WEIGHT) for t in BEAD_TYPES}
    changes["calibration"] = (data.draw(WEIGHT), data.draw(WEIGHT))
    changes["length_model"] = LengthModel(*(data.draw(WEIGHT) for _ in dataclasses.fields(LengthModel)))
    parameters = dataclasses.replace(SHIPPED, **changes)
    assert from_json(to_json(parameters)) == parameters


def test_what_is_shipped_fits_the_programme() -> None:
    assert set(SHIPPED.priors) == set(BEAD_TYPES)
    assert SHIPPED.signature
    assert 0 < SHIPPED.smoothing < 1
    assert 0 <= SHIPPED.own_share <= 1
    assert min(SHIPPED.forward, SHIPPED.backward, SHIPPED.own_counts, SHIPPED.calibration[0]) > 0
    model = SHIPPED.length_model
    assert 0 < model.variance < model.background
    assert shipped_parameters() is SHIPPED


@pytest.mark.parametrize("name", [*NUMBERS, "signature", "calibration"])
def test_the_fingerprint_tells_all_parameters_apart(name: str) -> None:
    old: Any = getattr(SHIPPED, name)
    change: dict[str, Any] = {name: old + 0.5 if isinstance(old, float) else old[:1]}
    changed = dataclasses.replace(SHIPPED, **change)
    assert changed.fingerprint != SHIPPED.fingerprint
    assert SHIPPED.fingerprint.startswith("parameters:")


def broken(**changes: Any) -> str:
    packed = json.loads(to_json(SHIPPED))
    for name, value in changes.items():
        if value is None:
            del packed[name]
        else:
            packed[name] = value
    return json.dumps(packed)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("[]", id="a list"),
        pytest.param("3", id="a number"),
        pytest.param(to_json(SHIPPED)[:200], id="cut short"),
        pytest.param(broken(smoothing=None), id="a weight is missing"),
        pytest.param(broken(priors=None), id="no priors"),
        pytest.param(broken(priors=[1, 2]), id="priors as a list"),
        pytest.param(broken(priors={"1": 0.5}), id="no bead type"),
        pytest.param(broken(priors={"1-1": "often"}), id="a prior in words"),
        pytest.param(broken(colour=1.0), id="an unknown weight"),
        pytest.param(broken(length_model={"mean": 0.0}), id="half a length model"),
        pytest.param(broken(length_model=3), id="no length model"),
        pytest.param(broken(calibration=1.0), id="half a calibration"),
        pytest.param(broken(calibration=[1.0]), id="a calibration without intercept"),
        pytest.param(broken(smoothing="much"), id="a weight in words"),
        pytest.param(broken(smoothing=float("nan")), id="a weight that is no number"),
    ],
)
def test_a_broken_file_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(FormatError) as caught:
        from_json(text, "mine.json")
    assert "mine.json" in caught.value.problem
    assert "tools/fit_parameters.py" in caught.value.remedy
    assert "\n" not in str(caught.value)
