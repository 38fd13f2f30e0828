"""Where the files of a run lie below its output folder."""

from __future__ import annotations

BEADS, DROPPED = "beads", "dropped"
ERRORS, MANIFEST = "errors.jsonl", "manifest.json"
WORK = "work"
PLAN, LOCK = f"{WORK}/plan.json", f"{WORK}/lock"
DOCUMENTS, LINES, VECTORS = f"{WORK}/documents", f"{WORK}/lines", f"{WORK}/vectors"
FREQUENCIES, COMMON = f"{WORK}/frequencies.npz", f"{WORK}/common_lines.json"
WEIGHTS, NEIGHBOURS, PAIRS = f"{WORK}/weights", f"{WORK}/neighbours", f"{WORK}/pairs"
COMPARABLE = f"{WORK}/comparable"
ALIGNED, COUNTS, REALIGNED = f"{WORK}/aligned", f"{WORK}/counts", f"{WORK}/realigned"
LEXICON = "lexicon.bin"
SIGNATURES, DUPLICATES, REPEATED = f"{WORK}/signatures", f"{WORK}/duplicates", f"{WORK}/repeated"
FAILURES, TALLIES, STAGES = f"{WORK}/failures", f"{WORK}/tallies", f"{WORK}/stages"
