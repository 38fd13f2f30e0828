from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.errors import FormatError
from aligner.formats import bitext as bitext_format
from aligner.model import KINDS, STATUSES, Bead, Bitext, Origin, Segment, Side

SIDES = Side("zh-Hant", "seeds/a.txt", "ab12"), Side("vi", "seeds/b.txt", "cd34")
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=8).filter(
    lambda text: text == text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)


def dump(value: Bitext) -> bytes:
    file = io.BytesIO()
    bitext_format.write(value, file)
    return file.getvalue()


def load(data: bytes) -> Bitext:
    return bitext_format.read(io.BytesIO(data), "a.bitext.jsonl")


def by_people(edited: list[tuple[str, ...]]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Whether a bead is pinned, whether it was moved, its texts before an edit, its note."""
    original = st.none() | st.just((edited[0], edited[1]))
    return st.tuples(st.booleans(), st.booleans(), original, ANY_TEXT)


@st.composite
def bitexts(draw: st.DrawFn) -> Bitext:
    counts = [0, 0]

    def side(at: int, least: int) -> tuple[Segment, ...]:
        segments = []
        for _ in range(draw(st.integers(least, 2))):
            paragraph = st.none() | st.integers(0, 9)
            origin = draw(
                st.builds(Origin, st.none(), paragraph)
                | st.builds(
                    Origin,
                    st.none() | st.integers(1, 9),
                    paragraph,
                    st.none() | st.just("B12"),
                    st.none() | st.just("00:00:01.000-00:00:02.000"),
                )
            )
            start = draw(st.integers(0, 99))
            kind = draw(st.sampled_from(KINDS))
            segments.append(Segment(counts[at], draw(ANY_TEXT), start, start + 3, kind, origin))
            counts[at] += 1
        return tuple(segments)

    beads = []
    for number in range(draw(st.integers(0, 3))):
        src = side(0, 0)
        tgt = side(1, 0 if src else 1)
        edited = [tuple(draw(ANY_TEXT) for _ in segments) for segments in (src, tgt)]
        beads.append(
            Bead(
                number,
                src,
                tgt,
                draw(NUMBER),
                draw(st.dictionaries(ANY_TEXT, NUMBER, max_size=2)),
                draw(st.floats(0, 1)),
                draw(st.sampled_from(STATUSES)),
                *(draw(st.just(()) | by_people(edited))),
            )
        )
    return Bitext(*SIDES, tuple(beads), draw(ANY_TEXT))


@settings(max_examples=200, deadline=None)
@given(value=bitexts())
def test_lines_are_the_records_as_json(value: Bitext) -> None:
    lines = [json.dumps(bitext_format.bead_record(bead), ensure_ascii=False) for bead in value.beads]
    written = dump(value).partition(b"\n")[2]
    assert written == "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_not_written(number: float) -> None:
    ends = Segment(0, "一", 0, 1), Segment(0, "Một", 0, 3)
    for bead in (
        Bead(0, ends[:1], ends[1:], number),
        Bead(0, ends[:1], ends[1:], 0.0, {"length": number}),
        Bead(0, ends[:1], ends[1:], 0.0, {"length": -number, "prior": number}),
    ):
        with pytest.raises(ValueError, match="JSON"):
            dump(Bitext(*SIDES, (bead,)))


@settings(max_examples=100, deadline=None)
@given(value=bitexts())
def test_nothing_is_lost(value: Bitext) -> None:
    data = dump(value)
    assert load(data) == value
    assert data.count(b"\n") == len(value.beads) + 1
    assert all(json.loads(line) for line in data.split(b"\n")[:-1])


def test_a_line_as_a_person_reads_it() -> None:
    bead = Bead(
        0, (Segment(0, "越南。", 0, 3),), (Segment(0, "Việt Nam.", 4, 13),), 7.5, {"translation": 7.5}, 0.9
    )
    header, line = dump(Bitext(*SIDES, (bead,), "aligner:0.1")).decode().splitlines()
    assert header == (
        '{"format": "aligner-bitext", "version": 1, '
        '"src": {"lang": "zh-Hant", "path": "seeds/a.txt", "sha256": "ab12"}, '
        '"tgt": {"lang": "vi", "path": "seeds/b.txt", "sha256": "cd34"}, "signature": "aligner:0.1"}'
    )
    assert line == (
        '{"id": 0, "src": [{"id": 0, "text": "越南。", "start": 0, "end": 3}], '
        '"tgt": [{"id": 0, "text": "Việt Nam.", "start": 4, "end": 13}], '
        '"score": 7.5, "evidence": {"translation": 7.5}, "confidence": 0.9, "status": "auto"}'
    )


def test_only_the_essential_fields_are_required() -> None:
    header = json.loads(dump(Bitext(*SIDES, ())))
    del header["signature"]
    bead = {"id": 0, "src": [{"id": 0, "text": "一", "start": 0, "end": 1}], "tgt": [], "later": "field"}
    found = load("\n".join(json.dumps(record) for record in (header, bead)).encode())
    assert found.beads == (Bead(0, (Segment(0, "一", 0, 1),), ()),)


def segment(number: int, **changes: Any) -> dict[str, Any]:
    return {"id": number, "text": "一", "start": 0, "end": 1, **changes}


def bead(number: int, src: list[Any], tgt: list[Any], **changes: Any) -> dict[str, Any]:
    return {"id": number, "src": src, "tgt": tgt, **changes}


ONE = bead(0, [segment(0)], [segment(0)])
BROKEN: dict[str, tuple[list[Any], str]] = {
    "no id": ([{"src": [], "tgt": []}], "2: the field 'id' is missing"),
    "id of another type": ([bead("0", [segment(0)], [])], "2: the field 'id' is not a whole number"),  # type: ignore[arg-type]
    "id true": ([{"id": True, "src": [], "tgt": []}], "2: the field 'id' is not a whole number"),
    "negative id": ([bead(-1, [segment(0)], [])], "2: the field 'id' is negative"),
    "id twice": ([ONE, bead(0, [segment(1)], [])], "3: the bead id 0 stands twice"),
    "src no list": ([{"id": 0, "src": "a", "tgt": []}], "2: the field 'src' is not a list"),
    "segment no object": ([bead(0, ["a"], [])], "2: a segment is not an object"),
    "segment without text": (
        [bead(0, [{"id": 0, "start": 0, "end": 0}], [])],
        "2: the field 'text' is missing",
    ),
    "text null": ([bead(0, [segment(0, text=None)], [])], "2: the field 'text' is not a text"),
    "end before start": ([bead(0, [segment(0, start=3, end=2)], [])], "2: a segment ends before it starts"),
    "unknown kind": ([bead(0, [segment(0, kind="song")], [])], "2: the kind 'song' is none of"),
    "origin": (
        [bead(0, [segment(0, origin={"page": "1"})], [])],
        "2: the field 'page' is not a whole number",
    ),
    "no segments": ([bead(0, [], [])], "2: a bead without segments"),
    "segment in two beads": ([ONE, bead(1, [segment(0)], [])], "3: the zh segment 0 stands in two beads"),
    "segment twice in a bead": ([bead(0, [segment(0), segment(0)], [])], "2: the zh segment 0 stands in two"),
    "segment left out": ([ONE, bead(1, [], [segment(2)])], "3: the vi segment 1 is in no bead"),
    "gap in a bead": (
        [bead(0, [segment(0), segment(2)], [])],
        "2: the zh segments of a bead are not consecutive",
    ),
    "out of order": (
        [bead(0, [segment(1)], []), bead(1, [segment(0)], [segment(0)])],
        "3: the zh segment 0 is out of order",
    ),
    "confidence": ([{**ONE, "confidence": 1.1}], "2: the field 'confidence' is not between 0 and 1"),
    "score text": ([{**ONE, "score": "1"}], "2: the field 'score' is not a number"),
    "score beyond all floats": ([{**ONE, "score": 10**400}], "2: the field 'score' is not a number"),
    "evidence": ([{**ONE, "evidence": {"a": None}}], "2: the field 'a' is not a number"),
    "status": ([{**ONE, "status": "good"}], "2: the status 'good' is none of"),
    "pinned": ([{**ONE, "pinned": 1}], "2: the field 'pinned' is not true or false"),
    "original": (
        [{**ONE, "original": {"src": ["a", "b"], "tgt": ["c"]}}],
        "2: the field 'original' has not one",
    ),
    "original no text": ([{**ONE, "original": {"src": [1], "tgt": ["c"]}}], "2: the field 'original' holds"),
    "no object": ([[1]], "2: not a JSON object"),
}


@pytest.mark.parametrize(("records", "problem"), BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_named_with_its_line(records: list[Any], problem: str) -> None:
    lines = [dump(Bitext(*SIDES, ())).decode().strip(), *map(json.dumps, records)]
    with pytest.raises(FormatError) as caught:
        load("\n".join(lines).encode())
    assert str(caught.value).startswith(f"a.bitext.jsonl:{problem}")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"format": "other"}, "1: not the header of a bitext file"),
        ({"version": None}, "1: the field 'version' is not a whole number"),
        ({"version": 2}, "1: written by a newer aligner (version 2): upgrade: pip install"),
        ({"version": 0}, "1: version 0 never existed"),
        ({"src": {"lang": "vi", "path": "a", "sha256": ""}}, "1: 'src' is in 'vi', not zh-Hans or zh-Hant"),
        ({"tgt": {"lang": "vi", "sha256": ""}}, "1: the field 'path' is missing"),
    ],
)
def test_headers_that_cannot_be(changes: dict[str, Any], problem: str) -> None:
    header = {**json.loads(dump(Bitext(*SIDES, ()))), **changes}
    with pytest.raises(FormatError) as caught:
        load(json.dumps(header).encode())
    assert str(caught.value).startswith(f"a.bitext.jsonl:{problem}")


def test_a_file_without_header() -> None:
    for data in (b"", b"\n", json.dumps(ONE).encode()):
        with pytest.raises(FormatError, match="header"):
            load(data)


def test_moved_beads_may_stand_out_of_order() -> None:
    beads = (
        Bead(0, (Segment(0, "a", 0, 1),), (Segment(2, "c", 4, 5),), moved=True),
        Bead(1, (Segment(1, "b", 2, 3),), (Segment(0, "a", 0, 1),)),
        Bead(7, (), (Segment(1, "b", 2, 3),)),
    )
    assert load(dump(Bitext(*SIDES, beads))).beads == beads


def test_an_older_version_is_migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands in for the day when there is a version 2: records pass through what leads to it."""
    header = dump(Bitext(*SIDES, ())).decode().strip()
    old = {"id": 0, "zh": [segment(0)], "vi": []}
    monkeypatch.setattr(bitext_format, "VERSION", 2)
    monkeypatch.setitem(
        bitext_format.MIGRATIONS, 1, lambda bead: {"id": bead["id"], "src": bead["zh"], "tgt": bead["vi"]}
    )
    found = load(f"{header}\n{json.dumps(old)}\n".encode())
    assert found.beads == (Bead(0, (Segment(0, "一", 0, 1),), ()),)
