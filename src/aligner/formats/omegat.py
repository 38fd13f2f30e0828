"""OmegaT: a project folder ready to translate in.

    FOLDER/omegat.project                 languages, segmentation by sentences
    FOLDER/source/                        empty: the documents to translate go here
    FOLDER/tm/auto/aligner.tmx            the memory; of tm/ only this folder fills in translations by itself
    FOLDER/glossary/aligner.txt           the glossary, where there is one
    FOLDER/omegat/segmentation.conf       the sentence rules the memory was made with, for OmegaT up to 5
    FOLDER/omegat/segmentation.srx        the same for later versions
    FOLDER/target/, FOLDER/dictionary/    empty

A new project appears whole or not at all. In a project that is there already the memory and the glossary are
replaced, each whole or not at all; what the translator has done and set is left alone. Written only.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from aligner.errors import OutputError, UsageError
from aligner.formats import tmx
from aligner.formats.options import ExportOptions
from aligner.formats.selection import Tally
from aligner.formats.srx import srx_text
from aligner.formats.units import Unit
from aligner.language.sentences import Base, rules
from aligner.output import cannot_write, check_inside, open_output, write_text

if TYPE_CHECKING:
    from lxml.etree import _Element

FOLDERS = ("source", "target", "tm/auto", "glossary", "dictionary", "omegat")
_PROJECT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<omegat>
  <project version="1.0">
    <source_dir>__DEFAULT__</source_dir>
    <target_dir>__DEFAULT__</target_dir>
    <tm_dir>__DEFAULT__</tm_dir>
    <glossary_dir>__DEFAULT__</glossary_dir>
    <dictionary_dir>__DEFAULT__</dictionary_dir>
    <source_lang>{src}</source_lang>
    <target_lang>{tgt}</target_lang>
    <sentence_seg>true</sentence_seg>
  </project>
</omegat>
"""
_LANGUAGES: tuple[tuple[Base, str, str], ...] = (("zh", "Chinese", "ZH.*"), ("vi", "Vietnamese", "VI.*"))


def write_project(units: Iterable[Unit], folder: Path, options: ExportOptions, tally: Tally) -> None:
    """Writes a project, or the memory and glossary of one that is there.

    Args:
        units: cleaned, none with an empty side.
        folder: the project.
        options: direction, codes; `glossary` writes the glossary.
        tally: takes the remarks.

    Raises:
        OutputError: it cannot be written; what stood there is untouched.
        UsageError: the folder holds something that is no project of OmegaT.
    """
    if (folder / "omegat.project").is_file():
        tally.remarks.append(f"{folder} is a project already: its memory and glossary are brought up to date")
        _fill(units, folder, options, tally)
        return
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is no OmegaT project, but not empty", "name a new folder with -o")
    if not folder.parent.is_dir():
        raise OutputError(f"{folder} cannot be written, {folder.parent} does not exist", "make it first")
    beside = folder.parent / f".aligner-{secrets.token_hex(6)}.tmp"
    try:
        for name in FOLDERS:
            (beside / name).mkdir(parents=True)
        _fill(units, beside, options, tally)
        _settle(beside, options)
        beside.replace(folder)
    except OSError as error:
        raise cannot_write(folder, error) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _fill(units: Iterable[Unit], folder: Path, options: ExportOptions, tally: Tally) -> None:
    """Memory and glossary."""
    memory, glossary = folder / "tm" / "auto" / "aligner.tmx", folder / "glossary" / "aligner.txt"
    for path in (memory, glossary):
        check_inside(path, folder)
        path.parent.mkdir(parents=True, exist_ok=True)
    with open_output(memory) as file:
        tmx.write_units(units, file, options, tally)
    if options.glossary is not None:
        with open_output(glossary) as file:
            options.glossary(file, options.direction)


def _settle(folder: Path, options: ExportOptions) -> None:
    """What belongs to the translator once the project is there."""
    src, tgt = options.codes("zh-Hans")
    write_text(folder / "omegat" / "segmentation.conf", segmentation_conf())
    write_text(folder / "omegat" / "segmentation.srx", srx_text())
    write_text(folder / "omegat.project", _PROJECT.format(src=src, tgt=tgt))


def segmentation_conf() -> str:
    """The sentence rules as OmegaT up to version 5 stores them: beans written by java.beans.XMLEncoder.

    OmegaT looks for a pattern's matches one after another, none overlapping, so what stands after a break is
    written as a look ahead: it takes in nothing and hides no position behind it.
    """
    from lxml import etree

    root = etree.Element("java", {"version": "1.8.0", "class": "java.beans.XMLDecoder"})
    srx = _object(root, "SRX")
    _property(srx, "includeEndingTags", "boolean", "true")
    _property(srx, "segmentSubflows", "boolean", "true")
    maps = etree.SubElement(srx, "void", {"property": "mappingRules"})
    for base, name, pattern in _LANGUAGES:
        entry = _object(etree.SubElement(maps, "void", {"method": "add"}), "MapRule")
        _property(entry, "languageCode", "string", name)
        _property(entry, "pattern", "string", pattern)
        found = etree.SubElement(entry, "void", {"property": "rules"})
        for rule in rules(base):
            each = _object(etree.SubElement(found, "void", {"method": "add"}), "Rule")
            _property(each, "beforebreak", "string", rule.before)
            _property(each, "afterbreak", "string", f"(?={rule.after})" if rule.after else "")
            _property(each, "breakRule", "boolean", "true" if rule.is_break else "false")
    etree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{etree.tostring(root, encoding="unicode")}\n'


def _object(parent: _Element, name: str) -> _Element:
    from lxml import etree

    return etree.SubElement(parent, "object", {"class": f"org.omegat.core.segmentation.{name}"})


def _property(parent: _Element, name: str, kind: str, value: str) -> None:
    from lxml import etree

    holder = etree.SubElement(parent, "void", {"property": name})
    etree.SubElement(holder, kind).text = value
