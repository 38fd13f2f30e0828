"""From token links to word links.

Words are those of the segmenters of both languages, but for what they cannot know: a term of the
glossary is a word, a person's name is one where Vietnamese shows it by a run of capitals in the same
order (武大|胜 ↔ Võ Đại Thắng), and so is what an abbreviation stands for. What one Chinese word is linked
with, as far as it stands together, is one link (方针 ↔ phương châm, 共产党 ↔ Đảng Cộng sản). A link takes
in the whole of a word if the word has no other link and at least half of it is linked (thúc đẩy by đẩy).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aligner.evidence.agreement import Direction
from aligner.evidence.occurrences import Occurrences
from aligner.evidence.sparse import Floats, Ints

Range = tuple[int, int]
"""First and last token."""

_TERM = 0.5
"""Posterior from which a unit of several tokens counts as the word that was translated: more likely so."""
_HALF = 0.5
"""Share of a word's tokens that must be linked for the whole word to be."""


@dataclass(frozen=True, slots=True)
class Group:
    """Token links that are one word link.

    Attributes:
        pairs: (zh token, vi token) of each.
        src, tgt: the tokens of the words.
    """

    pairs: tuple[tuple[int, int], ...]
    src: Range
    tgt: Range


def terms(giver: Occurrences, likely: Floats, direction: Direction) -> list[Range]:
    """Units of several tokens that some token of the other side most likely comes from, longest first.

    Args:
        giver: the side of the units.
        likely: (units, taker's tokens) how likely a unit makes a token.
        direction: the same by tokens.
    """
    posterior = likely / np.maximum(direction.explained + direction.chance, 1e-300)
    believed = (posterior.max(axis=1, initial=0.0) >= _TERM) & (giver.cover.sum(axis=0) > 1)
    found = {_range(np.flatnonzero(giver.cover[:, unit])) for unit in np.flatnonzero(believed)}
    return sorted(found, key=lambda r: (r[0] - r[1], r))


def groups(zh: Occurrences, vi: Occurrences, kept: Floats, words: tuple[Ints, Ints]) -> list[Group]:
    """The word links that some token links make, in the order of the zh text.

    Args:
        zh: the zh tokens.
        vi: the vi tokens.
        kept: (zh, vi) which token links count.
        words: the word that each zh and each vi token belongs to.
    """
    zh_word, vi_word = words
    found: list[Group] = []
    for number in np.unique(zh_word):
        inside = np.flatnonzero(zh_word == number)
        linked = np.unique(vi_word[kept[inside].any(axis=0)])
        for first, last in vi.runs(int(j) for j in np.flatnonzero(np.isin(vi_word, linked))):
            at = np.argwhere(kept[inside, first : last + 1])
            pairs = tuple((int(inside[i]), first + int(j)) for i, j in at)
            if not pairs:  # a word that spaces or marks divide, and only the other part is linked
                continue
            found.append(Group(pairs, _range([i for i, _ in pairs]), _range([j for _, j in pairs])))
    joined = _joined(sorted(found, key=lambda g: (g.src, g.tgt)), zh, vi)
    src = _whole([[i for i, _ in g.pairs] for g in joined], zh_word)
    tgt = _whole([[j for _, j in g.pairs] for g in joined], vi_word)
    return [Group(g.pairs, a, b) for g, a, b in zip(joined, src, tgt, strict=True)]


def _range(tokens: Sequence[int] | Ints) -> Range:
    return int(min(tokens)), int(max(tokens))


def _whole(linked: Sequence[Sequence[int]], word: Ints) -> list[Range]:
    """The tokens of each group, words filled up where they are the group's alone."""
    users = Counter(number for tokens in linked for number in {int(word[k]) for k in tokens})
    out = []
    for tokens in linked:
        taken = set(tokens)
        for number in {int(word[k]) for k in tokens}:
            inside = np.flatnonzero(word == number).tolist()
            if users[number] == 1 and len(taken & set(inside)) >= _HALF * len(inside):
                taken |= set(inside)
        out.append(_range(sorted(taken)))
    return out


def _joined(found: Sequence[Group], zh: Occurrences, vi: Occurrences) -> list[Group]:
    """Neighbouring links put together where they are parts of one name or one abbreviation."""
    out: list[Group] = []
    for group in found:
        before = out[-1] if out else None
        if (
            before
            and group.src[0] == before.src[1] + 1
            and zh.between(group.src[0]) == ""
            and (_one_abbreviation(before.tgt, group.tgt, vi) or _one_name(before.tgt, group.tgt, vi))
        ):
            pairs = before.pairs + group.pairs
            out[-1] = Group(pairs, (before.src[0], group.src[1]), _range([j for _, j in pairs]))
        else:
            out.append(group)
    return out


def _one_abbreviation(left: Range, right: Range, vi: Occurrences) -> bool:
    """Whether two links lead to syllables that one abbreviation stands for."""
    return len({(int(vi.start[k]), int(vi.owner[k])) for k in (*left, *right)}) == 1


def _one_name(left: Range, right: Range, vi: Occurrences) -> bool:
    """Whether two links lead to neighbouring syllables that are written as one name."""
    if right[0] != left[1] + 1 or vi.between(right[0]) != " ":
        return False
    return all(_capitalised(vi.span(k, k).text) for k in range(left[0], right[1] + 1))


def _capitalised(word: str) -> bool:
    """Whether a syllable is written as names are: a capital, and not all of them."""
    return word[:1].isupper() and word[1:] == word[1:].lower()
