"""The term base on disk: the sheet a person edits, its evidence and its history beside it.

    NAME.tsv              the glossary; see formats.glossary
    NAME.evidence.jsonl   per entry its weights, its occurrences, and the row as the program wrote it
    NAME.history.jsonl    what people changed or imported, when and who; only ever appended to

From the row as it was written the next run knows what a person changed meanwhile, leaves it alone, and
writes it down. Who changed a row is taken to be who runs the program.
"""

from __future__ import annotations

import getpass
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aligner.errors import FormatError, InputError
from aligner.formats.glossaries import load_sheet, occurrences_of, write_glossary
from aligner.formats.inputs import open_input
from aligner.lines import field, json_object, text_lines
from aligner.output import append_json, is_json, open_text_output
from aligner.terms.merge import Update, changed_by_person, edited_columns
from aligner.terms.model import TermEntry

RUN = "run"
"""The action of a line of the history that stands for a run of `aligner terms`."""
_EVIDENCE, _HISTORY = ".evidence.jsonl", ".history.jsonl"


@dataclass(frozen=True, slots=True)
class TermBase:
    """A glossary as it lies on the disk.

    Attributes:
        path: of the sheet.
        entries: its rows, with their evidence where it is known.
        changes: what a person changed since the program wrote it: by id, the columns with before and after.
    """

    path: Path
    entries: tuple[TermEntry, ...] = ()
    changes: Mapping[str, Mapping[str, tuple[object, object]]] | None = None

    @property
    def edited(self) -> frozenset[str]:
        """Ids of the rows a person changed."""
        return frozenset(self.changes or ())


def open_base(path: Path) -> TermBase:
    """Reads a glossary and what was written of it; an empty one where there is no file.

    Raises:
        InputError: a file cannot be read.
        FormatError: a file is broken; the message names the row.
    """
    if not path.exists():
        return TermBase(path)
    entries = load_sheet(path)
    written = _read_evidence(_beside(path, _EVIDENCE))
    known = [_with_evidence(entry, written.get(entry.id, {})) for entry in entries]
    rows = {name: record["row"] for name, record in written.items()}
    return TermBase(path, tuple(known), changed_by_person(entries, rows))


def save_base(
    base: TermBase,
    entries: Sequence[TermEntry],
    author: str | None = None,
    imports: Sequence[tuple[str, TermEntry]] = (),
    run: Update | None = None,
) -> None:
    """Writes a glossary in place of the one that was read, its evidence, and what people had changed.

    Args:
        base: as it was read.
        entries: what it is to hold.
        author: who changed it since; the user who runs the program by default.
        imports: entries that another base brought or decided on, each with that base's name.
        run: what a run on the bitexts found, if there was one.

    Raises:
        OutputError: a file cannot be written; the glossary is as it was.
    """
    records = _history(base, author or _user(), imports)
    if run is not None and base.entries and (records or run.new or run.gone or _has_steps(base.path)):
        records.append(_run(run, author or _user()))
    if records:
        append_json(history_path(base.path), records)
    name = "sheet" if base.path.suffix.lower() == ".xlsx" else "tsv"
    write_glossary(entries, name, base.path)
    with open_text_output(_beside(base.path, _EVIDENCE)) as file:
        file.writelines(json.dumps(_record(entry), ensure_ascii=False) + "\n" for entry in entries)


def _user() -> str:
    """Who runs the program, as the system knows them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container without accounts
        return "unknown"


def history_path(path: Path) -> Path:
    """Where the history of a glossary lies."""
    return _beside(path, _HISTORY)


def history_records(path: Path) -> list[dict[str, Any]]:
    """The history of a glossary, line by line; a last line that a crash cut short is passed over.

    Raises:
        FormatError: another line is broken.
    """
    place = history_path(path)
    try:
        lines = place.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError(f"{place} cannot be read ({(error.strerror or '').lower()})") from None
    if not is_json(lines[-1]):
        lines.pop()
    return [
        json_object(line.decode("utf-8", "replace"), f"{place}:{number}")
        for number, line in enumerate(lines, 1)
        if line.strip()
    ]


def _has_steps(path: Path) -> bool:
    """Whether anything was decided in the editor after the last run."""
    actions = [record["action"] for record in history_records(path) if "action" in record]
    return bool(actions) and actions[-1] != RUN


def _run(found: Update, author: str) -> dict[str, Any]:
    """That a run brought the glossary up to date: the ids of what is new, the candidates no longer found."""
    return {
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "author": author,
        "action": RUN,
        "new": [entry.id for entry in found.new],
        "gone": [[entry.zh, entry.vi] for entry in found.gone],
    }


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.stem + suffix)


def _history(base: TermBase, author: str, imports: Sequence[tuple[str, TermEntry]]) -> list[dict[str, Any]]:
    who = {"time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "author": author}
    by_id = {entry.id: entry for entry in base.entries}
    changed = [
        {
            **who,
            "id": name,
            "zh": by_id[name].zh,
            "vi": by_id[name].vi,
            "before": {column: before for column, (before, _) in columns.items()},
            "after": {column: after for column, (_, after) in columns.items()},
        }
        for name, columns in (base.changes or {}).items()
    ]
    return changed + [
        {
            **who,
            "id": entry.id,
            "zh": entry.zh,
            "vi": entry.vi,
            "from": source,
            "before": edited_columns(by_id[entry.id]) if entry.id in by_id else {},
            "after": edited_columns(entry),
        }
        for source, entry in imports
    ]


def _record(entry: TermEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "evidence": dict(entry.evidence),
        "occurrences": [asdict(occurrence) for occurrence in entry.occurrences],
        "row": edited_columns(entry),
    }


def _read_evidence(path: Path) -> dict[str, dict[str, Any]]:
    """By id what the program wrote; empty where there is no file, as for a glossary made by hand."""
    if not path.exists():
        return {}
    found = {}
    with open_input(path) as file:
        for number, line in text_lines(file, str(path)):
            where = f"{path}:{number}"
            record = json_object(line, where)
            field(record, "row", dict, where)
            found[field(record, "id", str, where)] = record
    return found


def _with_evidence(entry: TermEntry, record: Mapping[str, Any]) -> TermEntry:
    if not record:
        return entry
    try:
        places = occurrences_of(record.get("occurrences", []))
    except (KeyError, TypeError):
        raise FormatError(
            f"the evidence of {entry.zh} ↔ {entry.vi} is broken", "delete the file: it is made anew"
        ) from None
    return entry.replace(evidence=record.get("evidence", {}), occurrences=places)
