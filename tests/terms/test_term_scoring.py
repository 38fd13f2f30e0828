"""Pooling, counting, termhood: what each weight sees, and what a fragment loses."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.terms.entries import bead_list, entry
from aligner.terms.scoring import log_likelihood, probability, score, together
from aligner.terms.sightings import Sighting, Text, ZhFacts, combined, in_columns
from aligner.terms.termhood import termhood
from aligner.terms.weights import PairWeights

GOOD = (math.log1p(4), 0.0, 0.0, 0.0, 0.0, 0.0)
POOR = (math.log1p(1), math.log1p(1), 0.0, 0.0, 0.0, 0.0)


def sighting(text: int = 0, zh: str = "农 业", vi: str = "nông nghiêpˌ", **changes: object) -> Sighting:
    plain = Sighting(text, zh, vi, (0, 2), (0, 11), 5.0, GOOD, 0.0, headed=True, capital=False, best=True)
    return plain._replace(**changes)  # type: ignore[arg-type]


def facts(*tags: str, words: tuple[str, ...] | None = None, **changes: object) -> ZhFacts:
    made = ZhFacts(tags or ("n",), words or ("农业",) * max(1, len(tags)), 1, 1, 0, 0, ("#",), ("#",))
    return replace(made, **changes)  # type: ignore[arg-type]


def weights(
    fact: ZhFacts, zh: str = "农业技术", vi: str = "kỹ thuật nông nghiệp", **changes: object
) -> dict[str, float]:
    return termhood(fact, [sighting()._replace(**changes)], zh, vi)  # type: ignore[arg-type]


def test_a_noun_phrase_is_more_of_a_term_than_a_verb_or_an_adjective() -> None:
    shape = {tag: weights(facts("n", tag)).get("shape", 0.0) for tag in ("n", "vn", "v", "a")}
    assert shape["n"] > shape["vn"] > shape["v"] > shape["a"]
    assert weights(facts("v", "n")).get("shape", 0.0) < weights(facts("n", "n"))["shape"]


def test_the_head_comes_first_in_vietnamese() -> None:
    turned, straight = weights(facts("n", "n"), order=1.0), weights(facts("v", "n"), order=-1.0)
    assert turned["order"] > 0 > straight["order"]
    assert "order" not in weights(facts("n", "n"))
    assert weights(facts("n", "n"), headed=False)["head"] < 0


def test_common_words_are_no_terms() -> None:
    one = {
        word: weights(facts("n", words=(word,)), word, "x").get("common", 0.0)
        for word in ("问题", "渔业", "水文学")
    }
    assert one["问题"] < 0 < one["水文学"]
    assert one["问题"] < one["渔业"]
    several = [
        weights(facts("n", "n", words=w), "".join(w)).get("common", 0)
        for w in (("工作", "问题"), ("渔业", "问题"))
    ]
    assert several[0] < several[1]


def test_a_general_noun_is_no_term_nor_what_it_heads() -> None:
    assert weights(facts("n", "n", words=("农业", "问题")))["general"] < 0
    assert weights(facts("n", words=("問題",)), "問題", "vấn đề")["general"] < 0
    assert "general" not in weights(facts("n", "n", words=("问题", "银行")))


def test_a_name_is_a_term_however_common() -> None:
    common = {vi: weights(facts("ns", words=("北京",)), "北京", vi) for vi in ("Bắc Kinh", "bắc kinh")}
    assert common["bắc kinh"]["common"] < 0
    assert "common" not in common["Bắc Kinh"]


def test_names_are_written_as_names() -> None:
    assert weights(facts("nt"), "北京大学", "Đại học Bắc Kinh")["name"] > 0
    assert weights(facts("ns"), "老挝人民民主共和国", "nước Cộng hòa dân chủ nhân dân Lào")["name"] > 0
    assert "name" not in weights(facts("nt"), "工商银行", "Ngân hàng công thương")
    assert weights(facts("nr"), "王建国", "Vương Kiến Quốc")["name"] > 0
    assert weights(facts("nr", words=("王建说",)), "王建说", "Vương Kiến nói")["name"] < 0
    assert "name" not in weights(facts("n"), "王国", "vương quốc")


def test_what_is_around_a_term_counts() -> None:
    plain = weights(facts("n", "n"))
    assert weights(facts("n", "n", listed=1))["listed"] > plain.get("listed", 0)
    assert weights(facts("n", "n", count=4, left=("的",), right=("a", "b")))["fragment"] < 0
    assert "fragment" not in weights(facts("n", "n", count=4, left=("a", "b"), right=("#", "#")))
    assert weights(facts("n", "n", count=8))["repeats"] > weights(facts("n", "n", count=2))["repeats"]
    assert weights(facts("n", "n", quoted=1))["quoted"] > 0


@pytest.mark.parametrize(
    ("name", "zh", "vi", "tags"),
    [
        ("number", "2024年计划", "kế hoạch 2024", ("m", "m", "n")),
        ("number", "两国关系", "quan hệ hai nước", ("n", "n")),
        ("clause", "技术发展", "sự phát triển của kỹ thuật", ("n", "vn")),
        ("clause", "技术人才", "kỹ thuật và nhân tài", ("n", "n")),
        ("brackets", "银行分行", "ngân hàng (chi nhánh)", ("n", "n")),
        ("length", "一二三四五六七八九十甲乙丙丁", "x", ("n", "n")),
        ("number", "渔业三省", "ba tỉnh nghề cá", ("n", "n")),
        ("composed", "主席王建国", "Chủ tịch Vương Kiến Quốc", ("n", "nr")),
    ],
)
def test_what_speaks_against_a_term(name: str, zh: str, vi: str, tags: tuple[str, ...]) -> None:
    first = zh[: len(zh) // len(tags)]
    last = "三省" if zh.endswith("三省") else "农业"
    fact = facts(*tags, words=("两国" if zh.startswith("两国") else first, *(last,) * (len(tags) - 1)))
    assert weights(fact, zh, vi)[name] < 0


def test_log_likelihood_is_the_ratio_of_two_models() -> None:
    """Dunning's statistic from its definition: twice the log of how much better two rates fit than one."""

    def fit(k: int, n: int, p: float) -> float:
        return (k * math.log(p) if k else 0.0) + ((n - k) * math.log(1 - p) if n > k else 0.0)

    both, of_one, of_other, beads = 8, 10, 12, 100
    rest = of_other - both
    apart = fit(both, of_one, both / of_one) + fit(rest, beads - of_one, rest / (beads - of_one))
    alike = fit(both, of_one, of_other / beads) + fit(rest, beads - of_one, of_other / beads)
    assert log_likelihood(both, of_one, of_other, beads) == pytest.approx(2 * (apart - alike))


def test_counting_says_nothing_of_what_is_rare() -> None:
    assert together(1, 1, 1, 100_000) == together(4, 4, 900, 1000) == 0
    assert together(20, 20, 20, 1000) > together(20, 20, 60, 1000) > together(5, 100, 100, 1000)
    assert together(5, 50, 100, 1000) < together(5, 50, 100, 100_000)  # by chance, and not


TEXTS = [Text("d", n, "农业技术。", "Nông nghiệp và kỹ thuật.") for n in range(9)]


def test_the_surer_translation_is_preferred() -> None:
    seen = [sighting(0), sighting(1, vi="ky thuâtˌ", tgt=(15, 23), features=POOR, score=-1.0)]
    (found,) = score(in_columns(seen, {"农 业": facts()}), TEXTS, PairWeights())
    assert [r.vi for r in found.renderings] == ["Nông nghiệp", "kỹ thuật"]
    assert 0 < found.confidence < 1
    total = sum(found.renderings[0].weights.values())
    assert found.renderings[0].odds == pytest.approx(total)
    term = sum(found.term.values()) + found.nested
    assert found.confidence == pytest.approx(probability(total) * probability(term))


def test_a_translation_that_is_seen_again_is_surer() -> None:
    known = {"农 业": facts(count=3, beads=3)}
    once = score(in_columns([sighting(0)], {"农 业": facts()}), TEXTS, PairWeights())[0]
    often = score(in_columns([sighting(n) for n in range(3)], known), TEXTS, PairWeights())[0]
    assert often.renderings[0].odds > once.renderings[0].odds


def test_what_stands_only_inside_a_term_is_a_fragment() -> None:
    whole = sighting(0, zh="农 业 技 术", src=(0, 4))
    part = sighting(0, zh="农 业", src=(0, 2))
    known = {"农 业 技 术": facts("n", "n", words=("农业", "技术"), listed=1), "农 业": facts()}
    inside = score(in_columns([whole, part], known), TEXTS, PairWeights())
    alone = score(in_columns([part], known), TEXTS, PairWeights())
    nested = {found.zh: found.nested for found in inside}
    assert nested["农业"] < 0 == nested["农业技术"]
    assert alone[0].nested == 0


def candidate(zh: str, src: tuple[int, int], fact: ZhFacts, n: int) -> tuple[Sighting, dict[str, ZhFacts]]:
    """One that stands at `src` of the first text, with a translation of its own."""
    key = " ".join(zh)
    return sighting(0, zh=key, vi=f"v{n}", src=src, tgt=(n, n + 1)), {key: fact}


@pytest.mark.parametrize(
    ("longer", "words", "tags", "part", "src", "fragment"),
    [
        ("农业技术", ("农业", "技术"), ("n", "n"), "农业", (0, 2), True),
        ("农业技术", ("农业", "技术"), ("n", "n"), "技术", (2, 4), True),
        ("农业活动", ("农业", "活动"), ("n", "n"), "农业", (0, 2), False),
        ("北京农业", ("北京", "农业"), ("ns", "n"), "农业", (2, 4), False),
    ],
)
def test_the_term_behind_a_name_or_before_a_general_noun_is_no_fragment(
    longer: str,
    words: tuple[str, ...],
    tags: tuple[str, ...],
    part: str,
    src: tuple[int, int],
    *,
    fragment: bool,
) -> None:
    whole, known = candidate(longer, (0, 4), facts(*tags, words=words, listed=1, quoted=1, count=3), 1)
    inside, other = candidate(part, src, facts(words=(part,)), 2)
    found = score(in_columns([whole, inside], {**known, **other}), TEXTS, PairWeights())
    nested = {one.key: one.nested for one in found}
    assert nested[" ".join(longer)] == 0
    assert (nested[" ".join(part)] < 0) is fragment


@pytest.mark.parametrize(
    ("longer", "vi", "part", "fragment"),
    [("诸葛亮", "Gia Cát Lượng", "诸葛", True), ("河北省", "tỉnh Hà Bắc", "河北", False)],
)
def test_names_stand_inside_names_of_places_not_of_persons(
    longer: str, vi: str, part: str, *, fragment: bool
) -> None:
    texts = [Text("d", 0, longer, vi)]
    name = vi.split(maxsplit=1)[1] if not fragment else "Gia Cát"
    start = vi.index(name)
    whole = sighting(0, zh=" ".join(longer), vi="a", src=(0, 3), tgt=(0, len(vi)), capital=True)
    inside = sighting(0, zh=" ".join(part), vi="b", src=(0, 2), tgt=(start, start + len(name)))
    known = {" ".join(zh): facts("ns", words=(zh,)) for zh in (longer, part)}
    found = {one.zh: one.nested for one in score(in_columns([whole, inside], known), texts, PairWeights())}
    assert (found[part] < 0) is fragment
    assert found[longer] == 0


def test_one_stretch_translates_one_stretch() -> None:
    """Of two candidates with one translation in one place the surer one has it."""

    def claimed(*seen: Sighting) -> dict[str, float]:
        found = score(in_columns(seen, known), TEXTS, PairWeights())
        return {one.key: one.term.get("claimed", 0.0) for one in found}

    known = {"农 业": facts(), "涉 及 农 业": facts("v", "n", words=("涉及", "农业"))}
    sure, unsure = sighting(0), sighting(0, zh="涉 及 农 业", src=(0, 4), features=POOR)
    here = claimed(sure, unsure)
    assert here["涉 及 农 业"] < 0 == here["农 业"]
    assert claimed(sure, unsure._replace(text=1))["涉 及 农 业"] == 0


def test_what_a_person_approved_claims_first_and_counts_double() -> None:
    known = {"农 业": facts(), "涉 及 农 业": facts("v", "n", words=("涉及", "农业"))}
    seen = [sighting(0, features=POOR), sighting(0, zh="涉 及 农 业", src=(0, 4))]  # the longer one is surer

    def claimed(**options: object) -> dict[str, float]:
        found = score(in_columns(seen, known), TEXTS, PairWeights(), **options)  # type: ignore[arg-type]
        return {one.key: one.term.get("claimed", 0.0) for one in found}

    plain = claimed()
    approved = claimed(glossary={"农 业": (("nông", "nghiêpˌ"),)})
    assert plain["农 业"] < 0 == plain["涉 及 农 业"]
    assert approved["涉 及 农 业"] < plain["农 业"] < 0 == approved["农 业"]


@pytest.mark.parametrize(
    ("zh", "vi", "text", "forms"),
    [
        ("南定省", "Nam Định", "ở các tỉnh Hải Dương, Nam Định", ("tỉnh Nam Định", "Nam Định")),
        ("南定省", "Nam Định", "ở Hải Dương, Nam Định", ("Nam Định",)),
        ("老街", "Lào Cai", "đường Lào Cai", ("Lào Cai",)),
        ("农业省", "Bộ Nông nghiệp", "tỉnh và Bộ Nông nghiệp", ("Bộ Nông nghiệp",)),
    ],
)
def test_what_a_list_says_once_is_restored(zh: str, vi: str, text: str, forms: tuple[str, ...]) -> None:
    """Each of các tỉnh A, B is a tỉnh; a name whose last character is translated has nothing left out."""
    start, texts = text.index(vi), [Text("d", 0, zh, text)]
    seen = [sighting(0, zh=zh, vi="x", src=(0, len(zh)), tgt=(start, start + len(vi)))]
    (found,) = score(in_columns(seen, {zh: facts("ns", words=(zh,))}), texts, PairWeights())
    made = entry(found, texts)
    assert (made.vi, *made.vi_variants) == forms


def variants(tag: str, zh: str, forms: dict[str, str], longer: ZhFacts | None = None) -> tuple[str, ...]:
    """The Vietnamese forms of a term that is translated once by each of some forms.

    Args:
        tag: of the term.
        zh: the term.
        forms: its translations and the beads around them, `<>` for the form; the first one stands twice.
        longer: a longer term that holds it in the last bead, with that bead's translation.
    """
    beads = [bead.replace("<>", form) for form, bead in forms.items()]
    beads.insert(0, beads[0])
    texts = [Text("d", number, f"{zh}语言", bead) for number, bead in enumerate(beads)]
    seen = []
    for number, form in enumerate([next(iter(forms)), *forms]):
        at = beads[number].index(form)
        seen.append(sighting(number, zh=zh, vi=form, src=(0, len(zh)), tgt=(at, at + len(form))))
    known = {zh: facts(tag, words=(zh,))}
    if longer:
        seen.append(seen[-1]._replace(zh="longer", src=(0, len(zh) + 2)))
        known["longer"] = longer
    found = {one.key: one for one in score(in_columns(seen, known), texts, PairWeights())}
    made = entry(found[zh], texts)
    return (made.vi, *made.vi_variants)


def test_a_name_s_variants_are_names() -> None:
    """越南 is no tiếng Việt, whatever 越南 stands in; a river may have its kind in front."""
    forms = {"Việt Nam": "ở <> ta", "tiếng Việt": "nói <> giỏi", "Việt": "ở <> ta"}
    assert variants("ns", "越南", forms) == ("Việt Nam", "Việt")
    assert variants("n", "越南", forms) == ("Việt Nam", "tiếng Việt", "Việt")
    forms = {"Lư Thủy": "ở <> kia", "sông Lư Thủy": "qua <> rồi"}
    assert variants("ns", "泸水", forms) == ("Lư Thủy", "sông Lư Thủy")


def test_a_translation_is_not_borrowed_from_a_longer_term() -> None:
    forms = {"phân tích": "đã <> rõ", "nhà phân tích": "theo <> này"}
    assert variants("n", "分析", forms) == ("phân tích", "nhà phân tích")
    person = facts("n", "n", words=("分析", "人士"), count=4, left=("#", "#"), right=("#", "#"))
    assert variants("n", "分析", forms, person) == ("phân tích",)
    no_term = facts("n", "v", words=("分析", "说"))
    assert variants("n", "分析", forms, no_term) == ("phân tích", "nhà phân tích")


def test_least_drops_what_is_below_it() -> None:
    columns = in_columns([sighting(0)], {"农 业": facts()})
    (found,) = score(columns, TEXTS, PairWeights())
    assert score(columns, TEXTS, PairWeights(), least=found.confidence + 0.01) == []
    assert len(score(columns, TEXTS, PairWeights(), least=found.confidence - 0.01)) == 1


def test_an_entry_has_one_row_for_all_spellings() -> None:
    places = [
        ("a", 0, "建立", "人民银行", "。", "Thành lập ", "Ngân hàng Nhân dân", "."),
        ("a", 3, "", "人民银行", "说", "", "NGÂN HÀNG NHÂN DÂN", " cho biết"),
        ("b", 1, "在“", "人民”银行", "", "tại ", "ngân hàng “Nhân dân", "”"),
        ("b", 2, "和", "人民银行", "。", "và ", "Ngân hàng Nhân dân", "."),
    ]
    texts = [Text(doc, bead, a + zh + b, c + vi + d) for doc, bead, a, zh, b, c, vi, d in places]
    zh, vi = "人 民 银 行", "ngân hangˋ nhân dân"
    seen = [
        sighting(n, zh=zh, vi=vi, src=(len(a), len(a + z)), tgt=(len(c), len(c + v)))
        for n, (_, _, a, z, _, c, v, _) in enumerate(places)
    ]
    (found,) = score(in_columns(seen, {zh: facts("n", "n", words=("人民", "银行"))}), texts, PairWeights())
    made = entry(found, texts)
    assert (made.zh, made.vi) == ("人民银行", "Ngân hàng Nhân dân")
    assert made.zh_variants == ("“人民”银行",)
    assert made.vi_variants == ("ngân hàng Nhân dân", "NGÂN HÀNG NHÂN DÂN", "ngân hàng “Nhân dân”")
    assert made.beads == "a:0,3 b:1,2"
    assert made.frequency == len(made.occurrences) == 4
    assert made.context_zh in {text.zh for text in texts}
    assert made.category == "organisation"


def test_bead_lists() -> None:
    assert bead_list([("a b", 1), ("a b", 1), ("c", 2), ("a b", 10)]) == "a_b:1,10 c:2"


NEIGHBOUR = st.sampled_from(["#", "a", "b", "c", "d", "e"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), NEIGHBOUR), max_size=14), st.integers(1, 13))
def test_blocks_together_are_the_whole(seen: list[tuple[int, int, str]], cut: int) -> None:
    """Columns cut in two and combined hold the same sightings as one."""
    rows = [sighting(n, zh=f"z{a}", vi=f"v{b}") for n, (a, b, _) in enumerate(seen)]
    known = {f"z{a}": facts(count=1) for a in range(4)}
    whole = in_columns(rows, known)
    parts = combined([in_columns(rows[:cut], known), in_columns(rows[cut:], known)])
    assert {k: s for k, _, s in whole.by_zh()} == {k: s for k, _, s in parts.by_zh()}
    assert whole.beads_of_vi() == parts.beads_of_vi()
    assert sum(len(s) for _, _, s in whole.by_zh()) == len(rows) == len(parts)


def test_facts_add_up() -> None:
    one, two = facts(count=2, left=("a",), right=("#",)), facts(count=3, left=("a", "b"), right=("#", "#"))
    both = one.plus(two)
    assert (both.count, both.left, both.right) == (5, ("a", "b"), ("#", "#", "#"))
    assert len(both.plus(both).plus(both).right) == 4


def test_columns_are_small() -> None:
    assert in_columns([sighting()], {"农 业": facts()}).rows.itemsize <= 64
    assert len(in_columns([], {})) == 0
    assert list(in_columns([], {}).by_zh()) == []
    assert in_columns([], {}).beads_of_vi() == {}
    assert np.isclose(probability(0.0), 0.5)
