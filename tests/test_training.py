"""Which pairs a lexicon is learned from, and how much each counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from aligner.errors import InputError
from aligner.formats import write_bitexts
from aligner.model import Bead, Bitext, Segment, Side, Status
from aligner.training import LONGEST, train, weight_of

ZH = ["我喝茶。", "他买书。", "你好!", "12 + 13", "茶" * (LONGEST + 1), "没有"]
VI = ["Tôi uống trà.", "Anh mua sách.", "Xin chào!", "12 + 13", "trà", ""]


def bead(number: int, zh: str, vi: str, status: Status = "auto", confidence: float = 0.9) -> Bead:
    def side(text: str) -> tuple[Segment, ...]:
        return (Segment(number, text, 0, len(text)),) if text else ()

    return Bead(number, side(zh), side(vi), confidence=confidence, status=status)


def written(path: Path, beads: list[Bead]) -> Path:
    """A bitext file; segment ids are counted anew, as some sides are empty."""
    fixed, src, tgt = [], 0, 0
    for one in beads:
        zh = tuple(Segment(src + k, s.text, s.start, s.end) for k, s in enumerate(one.src))
        vi = tuple(Segment(tgt + k, s.text, s.start, s.end) for k, s in enumerate(one.tgt))
        src, tgt = src + len(zh), tgt + len(vi)
        fixed.append(one.replace(src=zh, tgt=vi))
    write_bitexts([Bitext(Side("zh-Hans", "a", ""), Side("vi", "b", ""), tuple(fixed))], "bitext", str(path))
    return path


@pytest.mark.parametrize(
    ("status", "weight"), [("auto", 0.25), ("accepted", 1.0), ("edited", 1.0), ("rejected", 0.0)]
)
def test_a_person_counts_fully_and_the_program_by_its_confidence(status: Status, weight: float) -> None:
    assert weight_of(bead(0, "书", "sách", status, 0.25)) == weight


def test_it_says_what_was_passed_over_and_why(tmp_path: Path) -> None:
    beads = [bead(k, zh, vi) for k, (zh, vi) in enumerate(zip(ZH, VI, strict=True))]
    beads += [
        bead(6, "他买书。", "Anh mua sách.", "accepted"),
        bead(7, "我喝茶。", "Bạn đi đâu?", "rejected"),
    ]
    beads += [bead(8, "GDP", "GDP"), bead(9, "书 GDP", "GDP")]
    said: list[str] = []
    found = train([written(tmp_path / "a.bitext.jsonl", beads)], say=said.append)
    assert found.pairs == 3
    assert found.weight == pytest.approx(0.9 + 1.0 + 0.9), "of a repeated pair the one that counts most"
    assert found.passed_over == {
        "without Chinese": 2, "without Vietnamese": 1, "too long": 1, "without counterpart": 1,
        "repeated": 1, "rejected": 1,
    }  # fmt: skip
    assert said[0] == f"reading {tmp_path / 'a.bitext.jsonl'}"
    assert len(said) > 2


def test_memories_and_decisions_are_read(tmp_path: Path) -> None:
    made = written(tmp_path / "a.bitext.jsonl", [bead(0, "我喝茶。", "Tôi uống trà."), bead(1, "书", "sách")])
    bitext = Bitext(Side("zh-Hans", "a", ""), Side("vi", "b", ""), (bead(0, "他买书。", "Anh mua sách."),))
    write_bitexts([bitext], "tmx", str(tmp_path / "m.tmx"))
    assert train([made, tmp_path / "m.tmx"]).pairs == 3
    assert train([tmp_path / "m.tmx"]).weight <= 1.0


@pytest.mark.parametrize(
    ("beads", "said"),
    [
        ([], "they hold no beads"),
        ([bead(0, "书", ""), bead(1, "", "sách")], r"2 without counterpart"),
        ([bead(0, "书", "sách", "rejected")], "1 rejected"),
        ([bead(0, "书", "sách", "auto", 0.0)], "1 of no confidence"),
    ],
)
def test_nothing_to_learn_from_is_refused(tmp_path: Path, beads: list[Bead], said: str) -> None:
    path = written(tmp_path / "a.bitext.jsonl", beads)
    with pytest.raises(InputError, match=f"nothing to learn from in .*{said}"):
        train([path])
