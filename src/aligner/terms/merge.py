"""Bringing a glossary up to date: what is new is added, what a person decided is left as it is.

An approved, deprecated or rejected row never changes, nor does anything a person wrote into a candidate
(its forms, category, note). Of other candidates the figures, contexts and variants follow the bitexts, and
one that is no longer found goes. A translation that is only a part of an approved one is not offered. Two
entries are the same concept where they share a zh form and a vi form.

A conflict is one source with two translations that do not know of each other: a term that a person approved
and another rendering of it that was found or imported; or a term that one base approves and another forbids.
Conflicts are listed, never solved by the program.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from aligner.language.normal import key
from aligner.terms.model import TermEntry

_DECIDED = frozenset({"approved", "deprecated", "rejected"})


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two entries that contradict each other; both are kept, the first one as it was.

    Attributes:
        kept: the entry that a person decided on, here or in the imported base.
        other: the other one.
    """

    kept: TermEntry
    other: TermEntry

    @property
    def text(self) -> str:
        """In one line, for a person."""
        if key(self.kept.vi) in self.other.keys[1]:
            return f"{self.kept.zh} ↔ {self.kept.vi} is {self.kept.status}, elsewhere {self.other.status}"
        return f"{self.kept.zh}: {self.kept.vi} is {self.kept.status}, and there is {self.other.vi}"


@dataclass(frozen=True, slots=True)
class Update:
    """A glossary brought up to date.

    Attributes:
        entries: all of it: the rows that were there, in their order, then the new ones.
        new: those that were not there.
        gone: candidates that are no longer found.
        decided: candidates on which another base had decided, as they are now.
        conflicts: what a person has to look at.
    """

    entries: tuple[TermEntry, ...]
    new: tuple[TermEntry, ...] = ()
    gone: tuple[TermEntry, ...] = ()
    decided: tuple[TermEntry, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


class _Index:
    """Entries by the forms they are called by."""

    def __init__(self, entries: Iterable[TermEntry]) -> None:
        self._by_zh: defaultdict[str, list[TermEntry]] = defaultdict(list)
        for entry in entries:
            for form in entry.keys[0]:
                self._by_zh[form].append(entry)

    def alike(self, entry: TermEntry) -> list[TermEntry]:
        """Entries that share a zh form, each once, in order."""
        found = {id(e): e for form in entry.keys[0] for e in self._by_zh.get(form, ())}
        return list(found.values())

    def same(self, entry: TermEntry) -> TermEntry | None:
        """The entry of the same concept, a decided one rather than a candidate."""
        fitting = [other for other in self.alike(entry) if other.keys[1] & entry.keys[1]]
        return min(fitting, key=lambda other: other.status not in _DECIDED, default=None)

    def cut_short(self, entry: TermEntry) -> bool:
        """Whether an approved entry has the same zh, and a vi form that this one's is only a part of."""
        part = f" {key(entry.vi)} "
        approved = [other for other in self.alike(entry) if other.status == "approved"]
        return any(part in f" {form} " for other in approved for form in other.keys[1])


def update(existing: Sequence[TermEntry], found: Sequence[TermEntry], edited: Collection[str] = ()) -> Update:
    """A glossary with what an extraction found.

    Args:
        existing: the glossary's entries.
        found: the extraction's.
        edited: ids of candidates in which a person changed something; they keep their forms and stay.
    """
    index = _Index(existing)
    refreshed: dict[int, TermEntry] = {}
    new: list[TermEntry] = []
    conflicts: list[Conflict] = []
    for entry in found:
        same = index.same(entry)
        if same is None and index.cut_short(entry):
            continue
        if same is None:
            new.append(entry)
            conflicts += _contradicted(entry, index)
        elif same.status not in _DECIDED and id(same) not in refreshed:
            refreshed[id(same)] = _refreshed(same, entry, keep_forms=same.id in edited)
    kept: list[TermEntry] = []
    gone: list[TermEntry] = []
    for entry in existing:
        if entry.status in _DECIDED:
            kept.append(entry)
        elif id(entry) in refreshed:
            kept.append(refreshed[id(entry)])
        elif entry.id in edited or entry.note:
            kept.append(entry)
        else:
            gone.append(entry)
    return Update((*kept, *new), tuple(new), tuple(gone), conflicts=tuple(conflicts))


def _contradicted(entry: TermEntry, index: _Index) -> list[Conflict]:
    """What translates the same term otherwise, where one of the two is approved."""
    alike = index.alike(entry)
    found = [Conflict(other, entry) for other in alike if other.status == "approved"]
    if entry.status == "approved":
        found += [Conflict(entry, other) for other in alike if other.status == "candidate"]
    return found


def _refreshed(entry: TermEntry, found: TermEntry, *, keep_forms: bool) -> TermEntry:
    """A candidate with what the bitexts say of it now."""
    if not keep_forms:
        return found.replace(id=entry.id, note=entry.note)
    return found.replace(
        id=entry.id,
        zh=entry.zh,
        vi=entry.vi,
        zh_variants=entry.zh_variants,
        vi_variants=entry.vi_variants,
        category=entry.category,
        note=entry.note,
    )


def merge(existing: Sequence[TermEntry], imported: Sequence[TermEntry]) -> Update:
    """A glossary with the entries of another term base.

    An entry that is there already stays as it is, unless it is a candidate and the other one is decided.

    Args:
        existing: the glossary's entries.
        imported: the other base's.
    """
    index = _Index(existing)
    replaced: dict[int, TermEntry] = {}
    new: list[TermEntry] = []
    conflicts: list[Conflict] = []
    for entry in imported:
        same = index.same(entry)
        if same is None:
            new.append(entry)
            conflicts += _contradicted(entry, index)
        elif same.status in _DECIDED:
            conflicts += [Conflict(same, entry)] if entry.status in _DECIDED - {same.status} else []
        elif entry.status in _DECIDED:
            replaced[id(same)] = _decided(replaced.get(id(same), same), entry)
    entries = (*(replaced.get(id(entry), entry) for entry in existing), *new)
    return Update(entries, tuple(new), decided=tuple(replaced.values()), conflicts=tuple(conflicts))


def _decided(candidate: TermEntry, imported: TermEntry) -> TermEntry:
    """A candidate on which another base has decided: its forms, our figures and contexts."""
    zh = dict.fromkeys((*imported.zh_variants, candidate.zh, *candidate.zh_variants))
    vi = dict.fromkeys((*imported.vi_variants, candidate.vi, *candidate.vi_variants))
    return candidate.replace(
        zh=imported.zh,
        vi=imported.vi,
        zh_variants=tuple(form for form in zh if form != imported.zh),
        vi_variants=tuple(form for form in vi if form != imported.vi),
        category=candidate.category if imported.category == "general" else imported.category,
        status=imported.status,
        note=imported.note or candidate.note,
    )


def changed_by_person(
    entries: Iterable[TermEntry], written: Mapping[str, Mapping[str, object]]
) -> dict[str, dict[str, tuple[object, object]]]:
    """What a person changed since the program wrote the glossary: by id, the columns with before and after.

    Args:
        entries: the glossary as it is now.
        written: by id, what the program wrote in the columns a person edits; see `edited_columns`.
    """
    changes: dict[str, dict[str, tuple[object, object]]] = {}
    for entry in entries:
        before, after = written.get(entry.id, {}), edited_columns(entry)
        differing = {
            column: (before.get(column), value)
            for column, value in after.items()
            if before.get(column) != value
        }
        if differing:
            changes[entry.id] = differing
    return changes


def edited_columns(entry: TermEntry) -> dict[str, object]:
    """The columns in which a person writes."""
    return {
        "zh": entry.zh,
        "vi": entry.vi,
        "zh_variants": list(entry.zh_variants),
        "vi_variants": list(entry.vi_variants),
        "category": entry.category,
        "status": entry.status,
        "note": entry.note,
    }
