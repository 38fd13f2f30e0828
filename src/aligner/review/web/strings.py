"""The words of the interface in three languages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Literal, TypeAlias, get_args

Language: TypeAlias = Literal["vi", "zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
NAMES: dict[Language, str] = {"vi": "Tiếng Việt", "zh": "中文", "en": "English"}


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, str]]:
    text = (files(__package__) / "strings.json").read_text("utf-8")
    found: dict[str, dict[str, str]] = json.loads(text)
    return found


@lru_cache(maxsize=len(LANGUAGES))
def strings(language: Language) -> Mapping[str, str]:
    """Every string of the interface in a language, by name."""
    return {name: forms[language] for name, forms in _table().items()}


def preferred(chosen: str | None, accepted: str) -> Language:
    """The language to speak.

    Args:
        chosen: what the person chose, if anything.
        accepted: the header `Accept-Language`; the first language that there is wins, else English.
    """
    wishes = [chosen or "", *(part.split(";")[0] for part in accepted.split(","))]
    for wish in wishes:
        for language in LANGUAGES:
            if wish.strip().lower().split("-")[0] == language:
                return language
    return "en"
