"""The whole program: files in, beads out, nothing lost, and the same whatever the order and the form."""

import io
import itertools
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.align.generated import made

from aligner.config import AlignOptions
from aligner.documents import read, separate
from aligner.errors import InputError
from aligner.formats import bitext as bitext_format
from aligner.model import Bead, Bitext, Document, Segment
from aligner.pipeline import align_documents, align_file, align_files, align_segments, segments_of, signature

PAIR = json.loads((Path(__file__).parent / "cases" / "pipeline.json").read_text("utf-8"))
GOLD = Path(__file__).parents[1] / "corpus" / "gold"
OPTIONS = AlignOptions()

Texts = list[tuple[list[str], list[str]]]
Ids = list[tuple[list[int], list[int]]]


def texts(beads: Sequence[Bead]) -> Texts:
    return [([s.text for s in bead.src], [s.text for s in bead.tgt]) for bead in beads]


def ids(beads: Sequence[Bead]) -> Ids:
    return [([s.id for s in bead.src], [s.id for s in bead.tgt]) for bead in beads]


def file(folder: Path, name: str, lines: Sequence[str]) -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def to_bytes(bitext: Bitext) -> bytes:
    out = io.BytesIO()
    bitext_format.write(bitext, out)
    return out.getvalue()


@pytest.fixture(scope="module")
def aligned(article: Path) -> Bitext:
    return align_file(article, OPTIONS)


def test_the_article_is_aligned_as_the_gold(aligned: Bitext, article: Path) -> None:
    with (GOLD / f"{article.stem}.bitext.jsonl").open("rb") as stream:
        gold = bitext_format.read(stream, "gold")
    assert texts(aligned.beads) == texts(gold.beads)
    assert sum(bead.is_null for bead in aligned.beads) == 5
    assert aligned.signature == signature(OPTIONS)


def check_cover(beads: Sequence[Bead], document: Document, side: str) -> None:
    """The segments of one side are its blocks, cut, with nothing but space between them."""
    found: list[Segment] = [s for bead in beads for s in getattr(bead, side)]
    assert [s.id for s in found] == list(range(len(found)))
    for before, after in itertools.pairwise(found):
        assert before.end <= after.start
    assert [document.text[s.start : s.end] for s in found] == [s.text for s in found]
    for block in document.blocks:
        inside = [s for s in found if block.start <= s.start and s.end <= block.end]
        whole = document.text[block.start : block.end]
        assert "".join("".join(s.text for s in inside).split()) == "".join(whole.split())
        assert {s.kind for s in inside} == {block.kind}
    assert len(found) == sum(
        block.start <= s.start and s.end <= block.end for s in found for block in document.blocks
    )


def test_nothing_of_the_article_is_lost_or_doubled(aligned: Bitext, article: Path) -> None:
    zh, vi = separate(read(article))
    check_cover(aligned.beads, zh, "src")
    check_cover(aligned.beads, vi, "tgt")
    assert [bead.id for bead in aligned.beads] == list(range(len(aligned.beads)))
    assert [bead.score for bead in aligned.beads] == [
        pytest.approx(sum(bead.evidence.values()), abs=1e-9) for bead in aligned.beads
    ]


def test_two_files_in_either_order(tmp_path: Path) -> None:
    zh, vi = file(tmp_path, "a.txt", PAIR["zh"]), file(tmp_path, "b.txt", PAIR["vi"])
    one, other = align_files(zh, vi, OPTIONS), align_files(vi, zh, OPTIONS)
    assert one == other
    assert ids(one.beads) == [(src, tgt) for src, tgt in PAIR["beads"]]
    assert (one.src.path, one.src.lang, one.tgt.path, one.tgt.lang) == (str(zh), "zh-Hans", str(vi), "vi")
    check_cover(one.beads, read(zh), "src")
    check_cover(one.beads, read(vi), "tgt")


def test_segments_are_what_bead_ids_refer_to(aligned: Bitext, article: Path, tmp_path: Path) -> None:
    sides = dict(segments_of(article))
    assert sides["zh-Hans"] == tuple(s for bead in aligned.beads for s in bead.src)
    assert sides["vi"] == tuple(s for bead in aligned.beads for s in bead.tgt)
    ((lang, found),) = segments_of(file(tmp_path, "b.txt", PAIR["vi"]))
    assert lang == "vi"
    assert [s.text for s in found] == PAIR["vi"]


@pytest.mark.parametrize(
    ("first", "second", "about"),
    [
        ("zh", "zh", "both are Chinese"),
        ("vi", "vi", "both are Vietnamese"),
        ("zh", "empty", "holds no text"),
        ("empty", "vi", "holds no text"),
        ("zh", "english", "neither Chinese nor Vietnamese"),
        ("english", "vi", "neither Chinese nor Vietnamese"),
        ("zh", "missing", "no such file"),
    ],
)
@pytest.mark.parametrize("one_a_line", [False, True])
def test_a_wrong_pair_is_refused(
    tmp_path: Path,
    first: str,
    second: str,
    about: str,
    one_a_line: bool,  # noqa: FBT001 - parametrised
) -> None:
    contents = {**PAIR, "empty": [" ", ""], "english": [PAIR["english"]]}
    paths = [tmp_path / f"{k}.{name}.txt" for k, name in enumerate((first, second))]
    for path, name in zip(paths, (first, second), strict=True):
        if name in contents:
            file(tmp_path, path.name, contents[name])
    with pytest.raises(InputError) as caught:
        align_files(paths[0], paths[1], OPTIONS, one_a_line=one_a_line)
    assert about in caught.value.problem
    assert str(paths[0]) in caught.value.problem or str(paths[1]) in caught.value.problem
    assert "\n" not in str(caught.value)


def test_one_language_is_no_bilingual_document(tmp_path: Path) -> None:
    for side in ("zh", "vi"):
        with pytest.raises(InputError):
            align_file(file(tmp_path, f"{side}.txt", PAIR[side]), OPTIONS)


def test_a_stated_language_is_believed(tmp_path: Path) -> None:
    english = file(tmp_path, "en.txt", [PAIR["english"]])
    found = align_files(english, file(tmp_path, "zh.txt", PAIR["zh"]), OPTIONS, langs=("vi", None))
    assert (found.src.path, found.tgt.path) == (str(tmp_path / "zh.txt"), str(english))


BLANKS = {
    "none": ([], []),
    "first": ([0], [0, 0]),
    "last": ([8, 8], [8]),
    "inside a merged bead": ([5], []),
    "between beads of both sides": ([2, 2], [2]),
    "everywhere": (list(range(9)), list(range(9))),
}


@pytest.mark.parametrize("blanks", BLANKS.values(), ids=BLANKS.keys())
def test_segmented_files_keep_their_line_numbers(tmp_path: Path, blanks: tuple[list[int], list[int]]) -> None:
    lines: list[list[str]] = []
    for side, before in zip(("zh", "vi"), blanks, strict=True):
        kept = []
        for k in range(9):
            kept += ["", " \t"][: before.count(k)] + PAIR[side][k : k + 1]
        lines.append(kept)
    zh, vi = file(tmp_path, "zh.txt", lines[0]), file(tmp_path, "vi.txt", lines[1])
    found = align_files(zh, vi, OPTIONS, one_a_line=True)
    for side, kept in zip(("src", "tgt"), lines, strict=True):
        segments = [s for bead in found.beads for s in getattr(bead, side)]
        assert [s.id for s in segments] == list(range(len(kept)))
        assert [s.text for s in segments] == [line.strip() for line in kept]
    full = [([t for t in src if t], [t for t in tgt if t]) for src, tgt in texts(found.beads)]
    want = [([PAIR["zh"][i] for i in src], [PAIR["vi"][j] for j in tgt]) for src, tgt in PAIR["beads"]]
    assert [bead for bead in full if bead != ([], [])] == want
    merged = next(bead for bead in found.beads if PAIR["zh"][4] in [s.text for s in bead.src])
    assert PAIR["zh"][5] in [s.text for s in merged.src]
    assert [bead.id for bead in found.beads] == list(range(len(found.beads)))


def test_segmented_files_keep_headlines_that_run_together(tmp_path: Path) -> None:
    zh = file(tmp_path, "zh.txt", ["加强经贸合作", "促进共同发展"])
    vi = file(tmp_path, "vi.txt", ["Tăng cường hợp tác kinh tế thương mại Thúc đẩy cùng phát triển"])
    assert ids(align_files(zh, vi, OPTIONS).beads) == [([0], [0]), ([1], [1])]
    assert ids(align_files(zh, vi, OPTIONS, one_a_line=True).beads) == [([0, 1], [0])]


def bare(lines: Sequence[str]) -> list[Segment]:
    return [Segment(k, line, 0, len(line)) for k, line in enumerate(lines)]


@pytest.mark.parametrize(
    ("zh", "vi", "want"),
    [
        ([], [], []),
        (["你好。"], ["Xin chào."], [([0], [0])]),
        (["你好。"], [], [([0], [])]),
        ([], ["Xin chào.", "Tạm biệt."], [([], [0]), ([], [1])]),
        (["", ""], [], [([0], []), ([1], [])]),
        ([""], [""], [([0], []), ([], [0])]),
        (["……"], ["..."], [([0], [0])]),
        (["——", "！"], ["—", "!"], [([0], [0]), ([1], [1])]),
        (["我爱你。", "再见。"], ["Tôi yêu bạn, tạm biệt."], [([0, 1], [0])]),
        (["我爱你，再见。"], ["Tôi yêu bạn.", "Tạm biệt."], [([0], [0, 1])]),
    ],
    ids=str,
)
def test_very_little(zh: list[str], vi: list[str], want: Ids) -> None:
    assert ids(align_segments(bare(zh), bare(vi), OPTIONS)) == want


def test_many_against_one() -> None:
    beads = align_segments(bare(PAIR["zh"] * 8), bare(["Xin chào các bạn."]), OPTIONS)
    assert [s.id for bead in beads for s in bead.src] == list(range(64))
    assert [s.id for bead in beads for s in bead.tgt] == [0]


LINE = st.text(alphabet="中国一。，… \tABC12ăốđ.,!?“”\u200b\ufeff\u0301\U0001f600", max_size=8)


@settings(deadline=None, max_examples=25)
@given(zh=st.lists(LINE, max_size=8), vi=st.lists(LINE, max_size=8))
def test_whatever_the_lines_every_one_stands_once_and_in_order(zh: list[str], vi: list[str]) -> None:
    beads = align_segments(bare(zh), bare(vi), AlignOptions(divide=False))
    assert [s.text for bead in beads for s in bead.src] == zh
    assert [s.text for bead in beads for s in bead.tgt] == vi
    assert all(0 <= bead.confidence <= 1 for bead in beads)
    assert all(bead.src or bead.tgt for bead in beads)


def same(one: Sequence[Bead], other: Sequence[Bead]) -> None:
    """The same beads with the same scores."""
    assert ids(one) == ids(other)
    assert [bead.evidence for bead in one] == [pytest.approx(bead.evidence, abs=0.002) for bead in other]


def changed(beads: Sequence[Bead], form: str) -> tuple[list[Segment], list[Segment]]:
    """The segments of an alignment in another form of writing."""
    forms: dict[str, Callable[[str], str]] = {
        "NFD": lambda text: unicodedata.normalize("NFD", text),
        "NFC": lambda text: unicodedata.normalize("NFC", text),
        "traditional": opencc.OpenCC("s2t").convert,
    }
    turned = forms[form]
    sides = ([s for bead in beads for s in getattr(bead, side)] for side in ("src", "tgt"))
    src, tgt = ([Segment(s.id, turned(s.text), 0, 0, s.kind, s.origin) for s in side] for side in sides)
    return src, tgt


@pytest.mark.parametrize("form", ["NFD", "traditional"])
def test_another_form_of_writing_makes_the_same_beads(aligned: Bitext, form: str) -> None:
    plain = align_segments(*changed(aligned.beads, "NFC"), OPTIONS)
    other = align_segments(*changed(aligned.beads, form), OPTIONS)
    assert texts(plain) != texts(other)
    same(plain, other)


def test_decomposed_files(tmp_path: Path) -> None:
    zh = file(tmp_path, "zh.txt", PAIR["zh"])
    vi = file(tmp_path, "vi.txt", [unicodedata.normalize("NFD", line) for line in PAIR["vi"]])
    found = align_files(zh, vi, OPTIONS)
    assert ids(found.beads) == [(src, tgt) for src, tgt in PAIR["beads"]]
    check_cover(found.beads, read(vi), "tgt")


def test_without_a_second_pass(article: Path, aligned: Bitext) -> None:
    single = AlignOptions(second_pass=False)
    found = align_documents(*separate(read(article)), single)
    assert found.signature != aligned.signature
    assert [s for bead in found.beads for s in bead.tgt] == [s for bead in aligned.beads for s in bead.tgt]


def test_the_same_bytes_again_and_in_another_process(article: Path, aligned: Bitext) -> None:
    assert to_bytes(align_file(article, OPTIONS)) == to_bytes(aligned)
    program = (
        "import sys; from pathlib import Path; from aligner.config import AlignOptions;"
        "from aligner.formats import bitext; from aligner.pipeline import align_file;"
        "bitext.write(align_file(Path(sys.argv[1]), AlignOptions()), sys.stdout.buffer)"
    )
    again = subprocess.run(
        [sys.executable, "-c", program, str(article)],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        stdout=subprocess.PIPE,
        check=True,
    )
    assert again.stdout == to_bytes(aligned)


def test_empty_lines_among_blocks_that_moved() -> None:
    first, second, third = (made(seed, 12, nulls=0, noise=0.2) for seed in (91, 92, 93))
    zh = [*first.zh, "", *second.zh, "", *third.zh]
    vi = [*first.vi, "", *third.vi[:5], "", *third.vi[5:], "", *second.vi]
    src, tgt = bare(zh), bare(vi)
    beads = align_segments(src, tgt, OPTIONS)
    assert any(bead.moved for bead in beads)
    assert [s.id for bead in beads for s in bead.src] == list(range(len(zh)))
    assert sorted(s.id for bead in beads for s in bead.tgt) == list(range(len(vi)))
    in_order = [s.id for bead in beads if not bead.moved for s in bead.tgt]
    assert in_order == sorted(in_order)
