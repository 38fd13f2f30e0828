"""What an explanation says of beads that the program made, and of beads that a person made."""

from __future__ import annotations

import json

import pytest

from aligner.config import AlignOptions
from aligner.errors import InputError, UsageError
from aligner.explain import Choice, Explanation, explain
from aligner.model import Bead, Bitext, Origin, Segment, Side
from aligner.pipeline import align_segments, signature

OPTIONS = AlignOptions()
ZH = [
    "河内是越南的首都。",
    "我们昨天去了图书馆。",
    "这里的夏天又长又热,人们喜欢喝冰咖啡。",
    "他买了三本书,一共25元。",
    "会谈取得了成功。",
    "双方签署了十二项协议。",
    "谢谢大家!",
]
VI = [
    "Hà Nội là thủ đô của Việt Nam.",
    "Hôm qua chúng tôi đã đến thư viện.",
    "Anh ấy mua ba quyển sách.",
    "Tổng cộng 25 tệ.",
    "Hội đàm đã thành công.",
    "Ảnh: Nguyễn Văn An chụp trước chợ Bến Thành sáng nay.",
    "Hai bên đã ký 12 thỏa thuận.",
    "Cảm ơn mọi người!",
]
BEADS = [([0], [0]), ([1], [1]), ([2], []), ([3], [2, 3]), ([4], [4]), ([], [5]), ([5], [6]), ([6], [7])]


def segments(texts: list[str]) -> list[Segment]:
    starts = [sum(len(text) + 1 for text in texts[:k]) for k in range(len(texts))]
    return [Segment(k, text, starts[k], starts[k] + len(text)) for k, text in enumerate(texts)]


def bitext(beads: list[Bead], made_with: str = "") -> Bitext:
    return Bitext(Side("zh-Hans", "zh.txt", ""), Side("vi", "vi.txt", ""), tuple(beads), made_with)


def grouped(groups: list[tuple[list[int], list[int]]], zh: list[str] = ZH, vi: list[str] = VI) -> Bitext:
    """A bitext whose beads are given by segment ids."""
    src, tgt = segments(zh), segments(vi)
    return bitext(
        [
            Bead(k, tuple(src[i] for i in left), tuple(tgt[j] for j in right))
            for k, (left, right) in enumerate(groups)
        ]
    )


@pytest.fixture(scope="module")
def aligned() -> Bitext:
    beads = align_segments(segments(ZH), segments(VI), OPTIONS)
    assert [([s.id for s in bead.src], [s.id for s in bead.tgt]) for bead in beads] == BEADS
    return bitext(list(beads), signature(OPTIONS))


@pytest.fixture(scope="module")
def found(aligned: Bitext) -> list[Explanation]:
    return [explain(aligned, bead.id, OPTIONS) for bead in aligned.beads]


def ids(choices: tuple[Choice, ...]) -> list[tuple[str, int]]:
    pairs = [*(("zh", s.id) for c in choices for s in c.src), *(("vi", s.id) for c in choices for s in c.tgt)]
    return sorted(pairs)


# --- what the program made


def test_it_weighs_a_bead_as_alignment_did(found: list[Explanation]) -> None:
    for one in found:
        assert one.choice.evidence == pytest.approx(dict(one.bead.evidence), abs=2e-3)
        assert one.choice.score == pytest.approx(one.bead.score, abs=2e-3)
        assert one.confidence == pytest.approx(one.bead.confidence, abs=2e-3)
        assert one.choice.bead == one.bead.id
        assert one.notes == ()


def test_links_add_up_to_the_translation_weight(found: list[Explanation]) -> None:
    for one in found:
        assert one.links.weight == pytest.approx(one.choice.evidence.get("translation", 0.0), abs=1e-3)


def test_the_runner_up_covers_the_same_text_and_weighs_less(found: list[Explanation]) -> None:
    for one in found:
        other = one.runner_up
        assert other is not None
        assert ids(other.chosen) == ids(other.instead)
        assert one.bead.id in [choice.bead for choice in other.chosen]
        assert one.bead.id not in [choice.bead for choice in other.instead]
        assert other.margin > 0
        assert other.margin == pytest.approx(sum(other.differences.values()))
        scores = [sum(c.score for c in side) for side in (other.chosen, other.instead)]
        assert other.margin == pytest.approx(scores[0] - scores[1])
        assert " weighs " in other.reason
        assert " less (" in other.reason


def test_a_null_bead_shows_its_best_match(found: list[Explanation]) -> None:
    one = found[2]
    assert one.runner_up is not None
    assert one.runner_up.match is not None
    assert one.bead.src[0] in one.runner_up.match.src
    assert one.runner_up.match.tgt
    assert one.runner_up.reason.startswith("This match weighs ")
    texts = {link.src.text for link in one.runner_up.links.links}
    assert texts, "what they have in common is what tempts"
    assert found[0].runner_up is not None
    assert found[0].runner_up.match is None


def test_numbers_and_words_are_linked_with_their_sources(found: list[Explanation]) -> None:
    links = {link.src.text: link for one in found for link in one.links.links}
    assert (links["十二项"].tgt.text, links["十二项"].source) == ("12", "number")
    assert links["河内"].tgt.text == "Hà Nội"


def test_it_can_all_be_written_as_json(found: list[Explanation]) -> None:
    for one in found:
        packed = json.loads(json.dumps(one.as_dict()))
        assert packed["bead"]["id"] == one.bead.id
        assert packed["choice"]["score"] == pytest.approx(one.choice.score, abs=1e-4)
        assert [link["tgt"]["text"] for link in packed["links"]["links"]] == [
            link.tgt.text for link in one.links.links
        ]
        assert packed["runner_up"]["reason"]


# --- what a person made


def test_a_bead_against_the_evidence_has_a_negative_margin() -> None:
    one = explain(grouped([*BEADS[:2], ([2], [2]), ([3], [3]), *BEADS[4:]]), 2, OPTIONS)
    assert one.runner_up is not None
    assert one.runner_up.margin < 0
    assert " more (" in one.runner_up.reason


def test_a_shape_that_alignment_never_makes() -> None:
    one = explain(grouped([([0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5, 6]), ([6], [7])]), 0, OPTIONS)
    assert "alignment makes no beads of 6 and 7; it counts as the rarest kind" in one.notes
    assert one.runner_up is not None
    assert one.runner_up.margin < 0
    assert ids(one.runner_up.instead) == ids(one.runner_up.chosen)


def test_several_null_segments_in_one_bead() -> None:
    one = explain(grouped([([0], [0]), ([1, 2], []), ([], [1]), *BEADS[3:]]), 1, OPTIONS)
    assert one.runner_up is not None
    assert one.runner_up.match is not None
    assert [s.id for s in one.choice.src] == [1, 2]


def test_an_edited_bead_is_explained_as_it_was_aligned(aligned: Bitext) -> None:
    bead = aligned.beads[0]
    edited = bead.replace(
        tgt=(bead.tgt[0].__class__(0, "Một câu khác hẳn.", 0, 5),),
        original=((ZH[0],), (VI[0],)),
        status="edited",
        pinned=True,
    )
    one = explain(aligned.replace(beads=(edited, *aligned.beads[1:])), 0, OPTIONS)
    assert one.choice.tgt[0].text == VI[0]
    assert one.choice.score == pytest.approx(bead.score, abs=2e-3)
    assert one.notes == (
        "a person edited it; the evidence is that of the texts as they were aligned",
        "a person fixed its boundaries",
    )


def test_a_moved_bead_has_links_but_no_runner_up(aligned: Bitext) -> None:
    beads = [bead.replace(moved=bead.id == 0) for bead in aligned.beads]
    one = explain(bitext(beads, aligned.signature), 0, OPTIONS)
    assert one.runner_up is None
    assert one.links.links
    assert "it stands out of order, where no runner-up can be named" in one.notes
    assert explain(bitext(beads, aligned.signature), 3, OPTIONS).runner_up is not None


def test_a_bitext_made_otherwise_is_said_to_be(aligned: Bitext) -> None:
    old = signature(OPTIONS).replace("|second_pass:1", "|second_pass:0").replace("lexicon:1:", "lexicon:1:0")
    beads = [bead.replace(score=bead.score + 1) for bead in aligned.beads]
    notes = explain(bitext(beads, f"{old}|glossary:00"), 0, OPTIONS).notes
    said = "the bitext was made with another lexicon, other settings, another glossary"
    assert notes[0].startswith(said)
    assert notes[1].startswith(f"in the bitext its score is {beads[0].score:.1f}")


def test_imported_beads_are_weighed_anew() -> None:
    one = explain(grouped(BEADS), 0, OPTIONS)
    assert one.notes == ()
    assert one.choice.score > 0
    assert one.confidence > 0.5


# --- what cannot be explained


def test_a_bead_that_is_not_there(aligned: Bitext) -> None:
    with pytest.raises(UsageError, match="no bead 99: the bitext has beads 0 to 7"):
        explain(aligned, 99, OPTIONS)
    with pytest.raises(UsageError, match="holds no beads"):
        explain(bitext([]), 0, OPTIONS)


def test_a_bead_that_was_joined_with_another(aligned: Bitext) -> None:
    joined = aligned.replace(beads=aligned.beads[:3] + aligned.beads[4:])
    with pytest.raises(UsageError, match="no bead 3: it was joined with another, or left out: see 2 or 4"):
        explain(joined, 3, OPTIONS)


def test_a_bead_without_text() -> None:
    empty = grouped([([0], [0]), ([1], [])], ["你好。", " "], ["Xin chào."])
    assert explain(empty, 0, OPTIONS).links.links
    with pytest.raises(InputError, match="bead 1 holds no text"):
        explain(empty, 1, OPTIONS)


def test_where_nothing_else_is_possible() -> None:
    one = explain(grouped([([0], [])], ["你好。"], []), 0, OPTIONS)
    assert one.runner_up is None


# --- what the runner-up is said to do


def subject(groups: list[tuple[list[int], list[int]]], bead: int, zh: list[str], vi: list[str]) -> str:
    other = explain(grouped(groups, zh, vi), bead, OPTIONS).runner_up
    assert other is not None
    return other.reason.split(" weighs ")[0]


def test_it_says_what_the_runner_up_does() -> None:
    assert subject([([0], [0])], 0, ZH[:1], VI[:1]) == "Leaving both sides without counterpart"
    two = [([0], [0]), ([1], [1])]
    zh, vi = [ZH[4], ZH[5]], [VI[4], VI[6]]
    assert subject(two, 0, zh, vi) == "Merging it with bead 1"
    one_of_two = subject([([0], [0, 1])], 0, [ZH[3]], [VI[2], VI[3]])
    assert one_of_two == "Leaving a part of it without counterpart"


def test_paragraphs_are_evidence_of_structure() -> None:
    src = [
        Segment(k, text, 20 * k, 20 * k + len(text), origin=Origin(paragraph=max(0, k - 1)))
        for k, text in enumerate([ZH[0], ZH[4], ZH[5]])
    ]
    tgt = [Segment(k, text, 50 * k, 50 * k + len(text)) for k, text in enumerate([VI[0], VI[4], VI[6]])]
    both = bitext([Bead(0, tuple(src[:1]), tuple(tgt[:1])), Bead(1, tuple(src[1:]), tuple(tgt[1:]))])
    one = explain(both, 1, OPTIONS)
    assert one.choice.evidence["structure"] < 0
    assert one.runner_up is not None
    assert one.runner_up.differences["structure"] < 0
