"""Checking: faults of a translation and of its texts, found by rules.

    Bitext…, Document…, Term… ──collect──▶ Collection ──check──▶ Finding…

A rule is one module with `find(collection)`; it yields marks, places with a message. The dict literal
below is all that binds them together: it names a rule and says how grave its findings are.
"""

from __future__ import annotations

from collections.abc import Collection as Names

from aligner.check import (
    brackets,
    dates,
    doubled_words,
    glossary_terms,
    missing_spaces,
    mixed_spellings,
    names,
    near_misses,
    no_counterpart,
    not_nfc,
    numbers,
    odd_lengths,
    two_translations,
    untranslated,
)
from aligner.check.collection import Collection, Pair, Passage, collect
from aligner.check.finding import SEVERITIES, Finding, Mark, Rule, Severity, finding
from aligner.errors import UsageError
from aligner.model import Term

__all__ = [
    "RULES",
    "SEVERITIES",
    "Collection",
    "Finding",
    "Mark",
    "Pair",
    "Passage",
    "Rule",
    "Severity",
    "Term",
    "check",
    "collect",
]

RULES: dict[str, Rule] = {
    "untranslated": Rule("error", "text left in the other language", untranslated.find),
    "numbers": Rule("error", "numbers that differ by value between the sides", numbers.find),
    "dates": Rule("error", "dates that differ between the sides", dates.find),
    "glossary": Rule("warning", "terms translated otherwise than the glossary says", glossary_terms.find),
    "two-translations": Rule("warning", "one source with two translations", two_translations.find),
    "names": Rule("warning", "names spelled two ways", names.find),
    "near-miss": Rule("warning", "a mark away from an expression used elsewhere", near_misses.find),
    "doubled-word": Rule("warning", "a word written twice", doubled_words.find),
    "missing-space": Rule("warning", "words run together", missing_spaces.find),
    "brackets": Rule("warning", "brackets that do not pair", brackets.find),
    "odd-length": Rule("info", "sides of very different length", odd_lengths.find),
    "no-counterpart": Rule("info", "text without a counterpart", no_counterpart.find),
    "mixed-spelling": Rule("info", "two spelling conventions in a document", mixed_spellings.find),
    "not-nfc": Rule("info", "text not in Unicode normal form C", not_nfc.find),
}


def check(collection: Collection, rules: Names[str] = tuple(RULES)) -> tuple[Finding, ...]:
    """The findings of the rules, by document and place; two rules may find fault with one place.

    Args:
        collection: what is checked.
        rules: ids of the rules to apply.

    Raises:
        UsageError: there is no such rule.

    Linear in the length of the texts.
    """
    unknown = [rule for rule in rules if rule not in RULES]
    if unknown:
        raise UsageError(f"no rule '{unknown[0]}'", f"it is one of {', '.join(RULES)}")
    order = {document: number for number, document in enumerate(collection.documents)}
    found = [
        (order[mark.passage.document, mark.passage.side], finding(name, rule.severity, mark))
        for name, rule in RULES.items()
        if name in rules
        for mark in rule.find(collection)
    ]
    return tuple(one for _, one in sorted(found, key=lambda item: (item[0], item[1].start, item[1].end)))
