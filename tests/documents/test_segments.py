"""Blocks into segments, and the seed article against its gold segmentation."""

import json
from pathlib import Path

import pytest

from aligner.documents import read, segment, separate
from aligner.errors import InputError
from aligner.model import Block, Document, Origin, Segment

ROOT = Path(__file__).parents[2]


def test_segments_know_their_place_and_kind() -> None:
    text = "Tiêu đề\n\nCâu một. Câu hai.\n"
    blocks = (Block(0, 7, "title", Origin(paragraph=0)), Block(9, 26, "text", Origin(page=2, paragraph=1)))
    document = Document("vi", "x", "", text, blocks)
    assert segment(document) == (
        Segment(0, "Tiêu đề", 0, 7, "title", Origin(paragraph=0)),
        Segment(1, "Câu một.", 9, 17, "text", Origin(page=2, paragraph=1)),
        Segment(2, "Câu hai.", 18, 26, "text", Origin(page=2, paragraph=1)),
    )


def test_both_kinds_of_chinese_have_the_same_rules() -> None:
    text = "花開了。草綠了。"
    for lang in ("zh-Hans", "zh-Hant"):
        document = Document(lang, "x", "", text, (Block(0, len(text)),))
        assert [s.text for s in segment(document)] == ["花開了。", "草綠了。"]


def test_a_document_in_no_known_language() -> None:
    with pytest.raises(InputError, match="language"):
        segment(Document(None, "x", "", "a", (Block(0, 1),)))


def test_the_article_is_cut_as_its_gold_says() -> None:
    beads = json.loads((ROOT / "tests" / "gold" / "article.beads.json").read_text(encoding="utf-8"))
    zh, vi = separate(read(next((ROOT / "seeds").glob("002_*.txt"))))
    assert [s.text for s in segment(zh)] == [text for bead in beads for text in bead["zh"]]
    # Nothing in the title line shows where one Vietnamese headline ends: the aligner divides it.
    first, second, *rest = [text for bead in beads for text in bead["vi"]]
    assert [s.text for s in segment(vi)] == [f"{first} {second}", *rest]


def test_the_kinds_of_the_article() -> None:
    beads = json.loads((ROOT / "tests" / "gold" / "article.beads.json").read_text(encoding="utf-8"))
    kinds = {text: bead["kind"] for bead in beads for side in ("zh", "vi") for text in bead[side]}
    for half in separate(read(next((ROOT / "seeds").glob("002_*.txt")))):
        for one in segment(half):
            # A caption that is a plain sentence cannot be told from text by its shape.
            assert one.kind == kinds.get(one.text, "title") or (one.kind, kinds[one.text]) == (
                "text",
                "caption",
            )
