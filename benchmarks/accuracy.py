"""Accuracy, trust and speed of the alignment, by set and half, and peers on the same documents.

    python -m benchmarks.accuracy [DATA] [--peers galechurch,vecalign] [--only 'ntrex/*']
                                  [--json FILE] [--write-docs]

DATA is the folder of development data (ALIGNER_DEV_DATA otherwise); without it there is the article alone.
`--write-docs` puts the tables between their markers in docs/accuracy.md and README.md; the table of peers
only where every peer was measured.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Sequence
from fnmatch import fnmatch
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import tables
from benchmarks.cases import ROOT, Case, digest, find_cases
from benchmarks.galechurch_peer import galechurch
from benchmarks.scoring import compared, measure, rows_of
from benchmarks.systems import PeerError, System, toolkit, toolkit_together
from benchmarks.vecalign_peer import in_sample, vecalign

PEERS: dict[str, Callable[[Sequence[Case]], System]] = {"galechurch": galechurch, "vecalign": vecalign}
PAGES = (ROOT / "docs" / "accuracy.md", ROOT / "README.md")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write what was asked for."""
    options = _options(arguments)
    everything = find_cases(options.data)
    cases = [case for case in everything if fnmatch(case.set_name, options.only)]
    if not cases:
        sys.exit(f"{options.data}: no set is called {options.only}")
    ours = toolkit()
    ours.run(everything[0])  # tables are loaded before the clock runs
    runs = {ours: measure(ours, cases)}
    rows = rows_of(ours, runs[ours])
    print(tables.accuracy(rows), tables.bead_types(rows), sep="\n\n", flush=True)
    absent: dict[str, str] = {}
    several = [case for case in cases if case.has_ids and not case.set_name.startswith("ntrex/clean")]
    learned = rows_of(*toolkit_together(several)) if options.together or options.write_docs else []
    if learned:
        print("", tables.alone_and_together(rows, learned), sep="\n")
    for name in options.peers:
        try:
            system = PEERS[name](everything)
            runs[system] = measure(system, _cases_for(name, cases))
        except PeerError as error:
            absent[name] = str(error)
    beside = compared(runs) if len(runs) > 1 else []
    results: dict[str, Any] = {
        "machine": machine(),
        "data": {name: digest(c for c in cases if c.set_name == name) for name in tables.set_names(rows)},
        "systems": {system.name: system.signature for system in runs},
        "absent": absent,
        "rows": [row.as_dict() for row in rows],
        "together": [row.as_dict() for row in learned],
        "side_by_side": [row.as_dict() for row in beside],
    }
    if beside:
        print("", tables.side_by_side(beside), sep="\n")
    print("", *tables.footnotes(results), sep="\n")
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if options.write_docs:
        for page in PAGES:
            tables.write_page(
                page, results, rows, beside if set(PEERS) <= results["systems"].keys() else None, learned
            )
    return 0


def machine() -> dict[str, Any]:
    """What the times depend on; no name of the machine."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "numpy": version("numpy"),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _cases_for(name: str, cases: Sequence[Case]) -> list[Case]:
    """Vectors take long: Vecalign aligns a sample."""
    return [case for case in cases if name != "vecalign" or in_sample(case)]


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    known = os.environ.get("ALIGNER_DEV_DATA")
    parser.add_argument("data", type=Path, nargs="?", default=Path(known) if known else None)
    parser.add_argument("--peers", type=_peers, default=[], metavar="NAME,NAME", help=", ".join(PEERS))
    parser.add_argument(
        "--together", action="store_true", help="also with what a set's documents say together"
    )
    parser.add_argument("--only", default="*", metavar="PATTERN", help="sets, such as 'ntrex/*'")
    parser.add_argument("--json", type=Path, metavar="FILE", help="all figures")
    parser.add_argument("--write-docs", action="store_true", help="the tables into the documentation")
    options = parser.parse_args(arguments)
    if options.data and not options.data.is_dir():
        parser.error(f"{options.data} is no folder")
    if options.write_docs and (options.only != "*" or not options.data):
        parser.error("--write-docs needs all sets: name DATA, and leave out --only")
    return options


def _peers(text: str) -> list[str]:
    names = [name for name in text.split(",") if name]
    if unknown := [name for name in names if name not in PEERS]:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)} (known: {', '.join(PEERS)})")
    return names


if __name__ == "__main__":
    sys.exit(main())
