"""A glossary over time: what people decided stays, what they changed is noticed, what is new is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.errors import FormatError
from aligner.formats.glossaries import load_glossary
from aligner.termbase import open_base, save_base
from aligner.terms.merge import merge, update
from aligner.terms.model import ENTRY_STATUSES, EntryStatus, TermEntry, entry_id


def term(zh: str, vi: str, status: EntryStatus = "candidate", **changes: object) -> TermEntry:
    made = TermEntry(zh, vi, status=status, id=entry_id(zh, vi), confidence=0.5)
    return made.replace(**changes)


FISH, WOOD, RICE = term("渔业", "nghề cá"), term("林业", "lâm nghiệp"), term("稻米", "lúa gạo")


def test_what_is_new_comes_last() -> None:
    found = update([WOOD], [FISH, WOOD.replace(confidence=0.9), RICE])
    assert [entry.zh for entry in found.entries] == ["林业", "渔业", "稻米"]
    assert found.entries[0].confidence == 0.9
    assert found.new == (FISH, RICE)
    assert found.gone == ()


@pytest.mark.parametrize("status", ["approved", "deprecated", "rejected"])
def test_a_decided_row_never_changes(status: EntryStatus) -> None:
    kept = FISH.replace(status=status, note="so", vi_variants=("ngư nghiệp",))
    assert update([kept], []).entries == (kept,)
    found = update([kept], [FISH.replace(confidence=0.99, vi="Ngư nghiệp", vi_variants=("nghề cá",))])
    assert found.entries == (kept,)
    assert found.new == ()


def test_a_candidate_follows_the_bitexts_until_somebody_edits_it() -> None:
    again = FISH.replace(vi_variants=("ngư nghiệp",), frequency=7)
    assert update([FISH], [again]).entries == (again,)
    edited = FISH.replace(vi="nghề đánh cá", vi_variants=("nghề cá",), category="economy")
    (found,) = update([edited], [again], {edited.id}).entries
    assert (found.vi, found.category, found.frequency) == ("nghề đánh cá", "economy", 7)


def test_a_candidate_that_is_found_no_more_goes_unless_somebody_wrote_in_it() -> None:
    found = update([FISH, WOOD.replace(note="?"), RICE], [], {RICE.id})
    assert found.gone == (FISH,)
    assert [entry.zh for entry in found.entries] == ["林业", "稻米"]


def test_another_translation_of_an_approved_term_is_a_conflict() -> None:
    approved = FISH.replace(status="approved")
    other = term("渔业", "thủy sản")
    found = update([approved], [other])
    assert found.entries == (approved, other)
    (conflict,) = found.conflicts
    assert "nghề cá" in conflict.text
    assert "thủy sản" in conflict.text
    assert update([FISH], [other]).conflicts == ()


def test_a_base_is_merged() -> None:
    ours = [FISH.replace(status="approved"), WOOD, RICE.replace(status="rejected")]
    theirs = [
        term("渔业", "Nghề cá", "deprecated"),
        term("林业", "nghề rừng", "approved", vi_variants=("lâm nghiệp",), note="VN"),
        term("稻米", "gạo", "approved"),
        term("茶叶", "chè", "approved"),
    ]
    found = merge(ours, theirs)
    assert [(e.zh, e.vi, e.status) for e in found.entries] == [
        ("渔业", "nghề cá", "approved"),
        ("林业", "nghề rừng", "approved"),
        ("稻米", "lúa gạo", "rejected"),
        ("稻米", "gạo", "approved"),
        ("茶叶", "chè", "approved"),
    ]
    assert found.entries[1].vi_variants == ("lâm nghiệp",)
    assert found.entries[1].id == WOOD.id
    assert [conflict.kept.zh for conflict in found.conflicts] == ["渔业"]
    assert "deprecated" in found.conflicts[0].text


def test_an_imported_translation_and_another_candidate_are_a_conflict() -> None:
    theirs = term("渔业", "thủy sản", "approved")
    (conflict,) = merge([FISH], [theirs]).conflicts
    assert (conflict.kept, conflict.other) == (theirs, FISH)
    assert merge([FISH.replace(status="rejected")], [theirs]).conflicts == ()
    assert merge([FISH], [theirs.replace(status="candidate")]).conflicts == ()


NAMES = st.sampled_from(["a", "b", "c"])
STATUSES: st.SearchStrategy[EntryStatus] = st.sampled_from(ENTRY_STATUSES)
ENTRIES = st.lists(
    st.builds(lambda z, v, s: term(f"词{z}", f"từ {v}", s), NAMES, NAMES, STATUSES), max_size=6
)


def distinct(entries: list[TermEntry]) -> list[TermEntry]:
    return list({entry.key: entry for entry in entries}.values())


@settings(max_examples=100, deadline=None)
@given(ENTRIES, ENTRIES)
def test_updating_twice_is_updating_once(existing: list[TermEntry], seen: list[TermEntry]) -> None:
    found = [entry.replace(status="candidate") for entry in distinct(seen)]
    once = update(distinct(existing), found)
    twice = update(once.entries, found)
    assert twice.entries == once.entries
    assert twice.new == twice.gone == ()
    kept = [entry for entry in once.entries if entry.status != "candidate"]
    assert kept == [entry for entry in distinct(existing) if entry.status != "candidate"]


@settings(max_examples=100, deadline=None)
@given(ENTRIES, ENTRIES)
def test_merging_keeps_every_decision(existing: list[TermEntry], other: list[TermEntry]) -> None:
    ours = distinct(existing)
    found = merge(ours, distinct(other)).entries
    assert [entry for entry in ours if entry.status != "candidate"] == [
        entry for entry, was in zip(found, ours, strict=False) if was.status != "candidate"
    ]
    assert len({entry.key for entry in found}) == len(found)


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


def test_what_a_person_changes_in_the_sheet_is_noticed_kept_and_written_down(tmp_path: Path) -> None:
    path = tmp_path / "glossary.tsv"
    base = open_base(path)
    assert base.entries == ()
    save_base(base, [FISH.replace(evidence={"term shape": 1.5}), WOOD, RICE])
    edit(path, "nghề cá\t\t\tgeneral\tcandidate", "nghề cá\t\tngư nghiệp\tgeneral\tapproved")
    edit(path, "lâm nghiệp", "nghề rừng")
    row = next(line for line in path.read_text("utf-8").splitlines() if "渔业" in line)

    base = open_base(path)
    assert base.edited == {FISH.id, WOOD.id}
    assert base.entries[0].evidence == {"term shape": 1.5}
    found = update(base.entries, [FISH.replace(frequency=9), RICE.replace(frequency=2)], base.edited)
    save_base(base, found.entries, author="Lan")

    text = path.read_text("utf-8")
    assert row in text.splitlines()
    assert "nghề rừng" in text
    history = [
        json.loads(line) for line in (tmp_path / "glossary.history.jsonl").read_text("utf-8").splitlines()
    ]
    assert [(h["zh"], h["author"]) for h in history] == [("渔业", "Lan"), ("林业", "Lan")]
    assert history[0]["before"] == {"vi_variants": [], "status": "candidate"}
    assert history[0]["after"] == {"vi_variants": ["ngư nghiệp"], "status": "approved"}
    assert open_base(path).edited == frozenset(), "told once"


def test_a_sheet_made_by_hand_is_kept_whole(tmp_path: Path) -> None:
    """There is no evidence beside it, so every row counts as a person's."""
    path = tmp_path / "terms.tsv"
    save_base(open_base(path), [FISH, WOOD])
    (tmp_path / "terms.evidence.jsonl").unlink()
    base = open_base(path)
    assert base.edited == {FISH.id, WOOD.id}
    assert update(base.entries, [], base.edited).gone == ()


def test_a_workbook_is_kept_as_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "glossary.xlsx"
    save_base(open_base(path), [FISH])
    assert [entry.zh for entry in load_glossary(path)] == ["渔业"]
    assert open_base(path).edited == frozenset()


def test_a_broken_sheet_or_evidence_is_one_line_and_nothing_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "glossary.tsv"
    save_base(open_base(path), [FISH])
    evidence = tmp_path / "glossary.evidence.jsonl"
    whole = evidence.read_text("utf-8")
    for broken in (
        whole.replace("row", "line"),
        whole[:-9],
        whole.replace('"occurrences": []', '"occurrences": [1]'),
    ):
        evidence.write_text(broken, "utf-8")
        with pytest.raises(FormatError) as caught:
            open_base(path)
        assert "\n" not in str(caught.value)
    evidence.unlink()
    edit(path, "candidate", "maybe")
    before = path.read_bytes()
    with pytest.raises(FormatError, match=":2"):
        open_base(path)
    assert path.read_bytes() == before
