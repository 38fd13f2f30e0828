"""Weights in words: what made the difference between two alignments of a place, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping

_WORTH_SAYING = 1.0
"""Log2 odds from which evidence on the other side is mentioned: two to one."""

# What tells the loser from the winner, by the evidence that made the difference, and the other way round.
_LESS = {
    "translation": "fewer words translate each other",
    "length": "lengths go together less well",
    "meaning": "their vectors are further apart",
    "structure": "paragraphs and kinds of text are kept less",
    "quotation": "quotations begin or end on one side only",
    "prior": "beads of such shapes and sizes are rarer",
}
_MORE = {
    "translation": "more words translate each other",
    "length": "lengths go together better",
    "meaning": "their vectors are nearer",
    "structure": "paragraphs and kinds of text are kept better",
    "quotation": "quotations begin and end together",
    "prior": "beads of such shapes and sizes are commoner",
}

# What the parts of a signature are called.
_PARTS = {
    "aligner": "another version of aligner",
    "lexicon": "another lexicon",
    "encoder": "another encoder, or none",
    "parameters": "other parameters",
    "own_lexicon": "another lexicon of your own",
    "glossary": "another glossary",
}


def reason(subject: str, chosen: Mapping[str, float], instead: Mapping[str, float]) -> str:
    """One sentence: how much less the runner-up weighs (or more), and for which evidence.

    Args:
        subject: what the runner-up does.
        chosen: evidence by name, summed over an alignment of a place.
        instead: the same of the runner-up.
    """
    gaps = {name: chosen.get(name, 0.0) - instead.get(name, 0.0) for name in {**chosen, **instead}}
    margin = sum(gaps.values())
    wins = margin >= 0
    ranked = sorted(gaps, key=lambda name: -gaps[name] if wins else gaps[name])
    main, last = ranked[0], ranked[-1]

    def figures(name: str) -> str:
        return f"{name} {number(instead.get(name, 0.0))} against {number(chosen.get(name, 0.0))}"

    because = (_LESS if wins else _MORE).get(main, f"{main} weighs {'less' if wins else 'more'}")
    sentence = (
        f"{subject} weighs {number(abs(margin))} {'less' if wins else 'more'} ({odds(abs(margin))}), "
        f"above all because {because} ({figures(main)})"
    )
    if abs(gaps[last]) >= _WORTH_SAYING and (gaps[last] > 0) != wins:
        sentence += f"; {'for' if wins else 'against'} it: {figures(last)}"
    return f"{sentence}."


def number(weight: float) -> str:
    """A weight as people read it: one decimal, a minus sign, no negative zero.

    >>> number(-2.04), number(-0.01)
    ('−2.0', '0.0')
    """
    return f"{round(weight, 1) + 0.0:.1f}".replace("-", "−")


def odds(weight: float) -> str:
    """Log2 odds of 0 and more in words.

    >>> odds(0.5), odds(8), odds(12.3), odds(40)
    ('1.4 to 1', '256 to 1', '5,043 to 1', 'over a million to 1')
    """
    ratio = 2.0 ** min(weight, 60.0)
    if ratio >= 1e6:  # noqa: PLR2004
        return "over a million to 1"
    return f"{ratio:,.0f} to 1" if ratio >= 10 else f"{ratio:.1f} to 1"  # noqa: PLR2004


def made_with_other(old: str, new: str) -> list[str]:
    """What differs between two signatures, as a person says it.

    >>> made_with_other("aligner:1|lexicon:1:ab", "aligner:1|lexicon:1:cd|glossary:ef")
    ['another lexicon', 'another glossary']
    """
    before, now = (dict(part.split(":", 1) for part in text.split("|") if ":" in part) for text in (old, new))
    names = [name for name in {**now, **before} if before.get(name) != now.get(name)]
    return list(dict.fromkeys(_PARTS.get(name, "other settings") for name in names))
