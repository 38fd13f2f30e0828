"""Fits the weights by which a term's translation is chosen and trusted: `PairWeights` of aligner.terms.

Needs the pairs that tools/lexicon/collect.py collects. Their short messages are a dictionary: a term with its
translation. In the longer messages of packages that the lexicon was not learned from (it is learned anew
without them), every zh candidate that the dictionary knows, and whose translation stands in the vi message,
says which vi candidate is right. The weights are those of a conditional logit model over all vi candidates of
the message (McFadden 1974, Frontiers in Econometrics); terms of two tokens, which abound, are thinned out.

How far the choice is to be trusted is fitted to how often it is right, by logistic regression on its score,
its links, and how often it was made; as many candidates again stand in messages whose vi side is that of the
most similar other message: in a text, about half of the candidates have no counterpart (assumed).

    python -m tools.lexicon.fit_terms [--pairs PAIRS]
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tools.lexicon.build import Corpus, learn, prune

from aligner.evidence.lexicon import Lexicon
from aligner.language.tokens import token_keys
from aligner.language.words import vi_words
from aligner.terms.association import pair_features
from aligner.terms.candidates import vi_candidates, zh_candidates
from aligner.terms.linking import link
from aligner.terms.tagging import tag_zh

CACHE = Path(os.environ.get("ALIGNER_LEXICON_CACHE", "~/.cache/aligner-lexicon")).expanduser()
_HELD_OUT = 6  # one package in so many
_MESSAGES = 150  # of one package, worked as one block
_PACKAGES = 40
_MOST_ALIKE = 700  # choices of terms of one length
_SIMILAR = 0.7  # share of tokens from which two messages are the same
_SHORT_ZH, _SHORT_VI = 8, 8  # tokens of a dictionary entry
_LONG = 10  # tokens of a message that is text
_LONGEST = 120
_NAMES = ("links", "leak", "free", "odd", "cuts")
_BITS = 1 / np.log(2)

Floats = NDArray[np.float64]
Dictionary = Mapping[str, frozenset[str]]


def held_out(package: str) -> bool:
    """Whether a package is kept from the lexicon, by a hash of its name."""
    return hashlib.sha256(package.encode()).digest()[0] % _HELD_OUT == 0


def read_pairs(path: Path) -> list[tuple[str, str, str]]:
    """(package, zh, vi) of all pairs."""
    with path.open(encoding="utf-8") as file:
        return [(package, zh, vi) for package, zh, vi in map(json.loads, file)]


def lexicon_without(pairs: Sequence[tuple[str, str, str]]) -> Lexicon:
    """A lexicon as shipped, learned without the packages that are held out."""
    corpus = Corpus([], [], [])
    for package, zh, vi in pairs:
        zh_keys, vi_keys = token_keys(zh, "zh"), token_keys(vi, "vi")
        if zh_keys and vi_keys and not held_out(package):
            corpus.packages.append(package)
            corpus.zh.append(zh_keys)
            corpus.vi.append(vi_keys)
    full = learn(corpus, ([], []), strength=3.0)
    small = [prune(table, at_least=0.002, most=60) for table in (full.forward, full.backward)]
    return Lexicon(full.zh, full.vi, small[0], small[1], "")


def dictionary(pairs: Sequence[tuple[str, str, str]]) -> Dictionary:
    """Zh key → vi keys of short messages."""
    packages: collections.defaultdict[tuple[str, str], set[str]] = collections.defaultdict(set)
    for package, zh, vi in pairs:
        zh_keys, vi_keys = token_keys(zh, "zh"), token_keys(vi, "vi")
        if 1 < len(zh_keys) <= _SHORT_ZH and 0 < len(vi_keys) <= _SHORT_VI:
            packages[" ".join(zh_keys), " ".join(vi_keys)].add(package)
    found: collections.defaultdict[str, set[str]] = collections.defaultdict(set)
    for (zh_key, vi_key), seen in packages.items():
        if seen:
            found[zh_key].add(vi_key)
    return {zh_key: frozenset(vi_keys) for zh_key, vi_keys in found.items()}


def blocks(pairs: Sequence[tuple[str, str, str]]) -> Iterator[list[tuple[str, str]]]:
    """The longer messages of each package that is held out, some of them, as they come."""
    by_package: collections.defaultdict[str, list[tuple[str, str]]] = collections.defaultdict(list)
    for package, zh, vi in pairs:
        if held_out(package) and _LONG <= len(token_keys(zh, "zh")) <= _LONGEST:
            by_package[package].append((zh, vi))
    full = [messages for _, messages in sorted(by_package.items()) if len(messages) >= _MESSAGES // 2]
    for messages in full[:_PACKAGES]:
        start = len(messages) // 3
        yield messages[start : start + _MESSAGES]


@dataclass
class Choice:
    """A zh candidate in a message: features of all vi candidates, and which of them are right."""

    zh: str
    vi: list[str]
    features: Floats
    right: NDArray[np.bool_]


def choices(messages: Sequence[tuple[str, str]], lexicon: Lexicon, known: Dictionary) -> Iterator[Choice]:
    """Every candidate the dictionary knows; where its translation is not there, none is right."""
    for (zh_text, vi_text), linked in zip(messages, link(messages, lexicon), strict=True):
        words, vi_spans = tag_zh(zh_text), vi_words(vi_text)
        sources = zh_candidates(zh_text, linked.zh, words)
        targets = vi_candidates(vi_text, linked.vi, vi_spans)
        if not (sources and targets):
            continue
        measured = pair_features(linked, sources, targets, [(w.start, w.end) for w in words], vi_spans)
        vi_keys = [" ".join(t.key for t in linked.vi[s.first : s.last]) for s in targets]
        for number, source in enumerate(sources):
            key = " ".join(t.key for t in linked.zh[source.first : source.last])
            if key in known:
                features = np.stack([getattr(measured, name)[number] for name in _NAMES], axis=1)
                yield Choice(key, vi_keys, features, np.array([vi in known[key] for vi in vi_keys]))


def fit_choice(found: Sequence[Choice], rounds: int = 300, step: float = 0.05) -> Floats:
    """Weights in nats that make the right candidates most probable; Adam on the mean log-likelihood."""
    weights, first, second = np.array([1.0, -1.0, -0.5, -0.5, -0.5]), np.zeros(5), np.zeros(5)
    for number in range(1, rounds + 1):
        gradient = np.zeros(5)
        for choice in found:
            score = choice.features @ weights
            odds = np.exp(score - score.max())
            all_of_them, right = odds / odds.sum(), np.where(choice.right, odds, 0.0)
            gradient += (right / right.sum() - all_of_them) @ choice.features
        gradient = gradient / len(found) - 0.002 * weights
        first, second = 0.9 * first + 0.1 * gradient, 0.99 * second + 0.01 * gradient**2
        weights = weights + step * (first / (1 - 0.9**number)) / (np.sqrt(second / (1 - 0.99**number)) + 1e-9)
    return weights


def thinned(found: Sequence[Choice]) -> list[Choice]:
    """No more than some choices for each length of the zh candidate."""
    by_length: collections.defaultdict[int, list[Choice]] = collections.defaultdict(list)
    for choice in found:
        by_length[min(6, choice.zh.count(" "))].append(choice)
    step = {length: 1 + len(some) // _MOST_ALIKE for length, some in by_length.items()}
    return [choice for length, some in by_length.items() for choice in some[:: step[length]]]


def exchanged(messages: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Every zh message with the vi message that is most like its own and is another."""
    keys = [frozenset(token_keys(vi, "vi")) for _, vi in messages]
    for k, (zh, _) in enumerate(messages):
        alike = [len(keys[k] & other) / max(1, len(keys[k] | other)) for other in keys]
        alike[k] = 1.0
        yield zh, messages[int(np.argmax([share if share < _SIMILAR else -1.0 for share in alike]))][1]


def pooled(found: Sequence[Choice], weights: Floats) -> Iterator[tuple[list[float], bool]]:
    """Of each zh candidate its best translation: [1, score, links, seen, share], and whether it is right.

    As `scoring` pools: the clearer half of the choices counts.
    """
    by_zh: collections.defaultdict[str, list[Choice]] = collections.defaultdict(list)
    for choice in found:
        by_zh[choice.zh].append(choice)
    for same in by_zh.values():
        seen: collections.defaultdict[str, list[tuple[float, float, bool]]] = collections.defaultdict(list)
        for choice in same:
            scores = choice.features @ weights
            best = int(scores.argmax())
            row = float(scores[best]), float(choice.features[best, 0]), bool(choice.right[best])
            seen[choice.vi[best]].append(row)
        rows = []
        for some in seen.values():
            clear = sorted(some, reverse=True)[: (len(some) + 1) // 2]
            score, links = (sum(row[k] for row in clear) / len(clear) for k in (0, 1))
            rows.append(([1.0, score, links, np.log2(len(some)), np.log2(len(some) / len(same))], some[0][2]))
        yield max(rows, key=lambda row: row[0][1] + row[0][3])


def fit_odds(rows: Sequence[tuple[list[float], bool]]) -> tuple[Floats, Floats]:
    """Coefficients of a logistic regression by Newton's method, and the probabilities it gives."""
    x = np.array([features for features, _ in rows])
    y = np.array([right for _, right in rows], np.float64)
    beta = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ beta))
        hessian = (x * (p * (1 - p))[:, None]).T @ x + 1e-3 * np.eye(len(beta))
        beta = beta + np.linalg.solve(hessian, x.T @ (y - p) - 1e-3 * beta)
    return beta, 1 / (1 + np.exp(-x @ beta))


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=Path, default=CACHE / "pairs.jsonl")
    options = parser.parse_args()
    pairs = read_pairs(options.pairs)
    known, lexicon = dictionary(pairs), lexicon_without(pairs)
    print(f"{len(pairs)} pairs, a dictionary of {len(known)} terms")
    by_block = [list(choices(messages, lexicon, known)) for messages in blocks(pairs)]
    clear = [choice for block in by_block for choice in block if choice.right.any()]
    train, test = thinned(clear[::2]), thinned(clear[1::2])
    weights = fit_choice(train)
    for name, some in (("train", train), ("test", test)):
        hits = np.mean([choice.right[(choice.features @ weights).argmax()] for choice in some])
        print(f"{name}: {len(some)} choices, {hits:.3f} right")
    rows = [row for block in by_block for row in pooled([c for c in block if c.right.any()], weights)]
    wrong: list[tuple[list[float], bool]] = []
    for messages in blocks(pairs):
        unlike = choices(list(exchanged(messages)), lexicon, known)
        wrong += pooled([choice for choice in unlike if not choice.right.any()], weights)
    rows += wrong[:: max(1, len(wrong) // len(rows))][: len(rows)]
    beta, p = fit_odds(rows)
    y = np.array([right for _, right in rows])
    for low in np.arange(0, 1, 0.1):
        inside = (p >= low) & (p < low + 0.1)
        if inside.any():
            print(f"  said {p[inside].mean():.2f}, right {y[inside].mean():.2f} ({inside.sum()})")
    base, scale, linked, seen, share = beta * _BITS
    found = {"base": base, **dict(zip(_NAMES, weights * scale, strict=True))}
    for name, value in {**found, "linked": linked, "seen": seen, "share": share}.items():
        print(f"{name} {value:.1f}")


if __name__ == "__main__":
    main()
