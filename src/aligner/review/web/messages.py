"""What the program says elsewhere in English, in the language of the page: refusals, and what rules find.

A message is known by its fixed text; what stands in its places (`{0}`) is taken over as it is. One that is
not known is shown in English.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.resources import files

from aligner.errors import AlignerError
from aligner.review.web.strings import Language

_PLACE = re.compile(r"\{(\d)\}")


@lru_cache(maxsize=1)
def _table() -> list[tuple[re.Pattern[str], dict[str, str]]]:
    """Patterns with the forms of a message, those with more fixed text first: they say more."""
    text = (files(__package__) / "messages.json").read_text("utf-8")
    found = []
    for forms in sorted(json.loads(text), key=lambda forms: -len(_PLACE.sub("", forms["en"]))):
        parts = _PLACE.split(forms["en"])
        # Every second part is the number of a place.
        pattern = "".join(f"(?P<p{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
        found.append((re.compile(pattern, re.DOTALL), forms))
    return found


def translated(message: str, language: Language) -> str:
    """A message in a language."""
    if language == "en":
        return message
    for pattern, forms in _table():
        if match := pattern.fullmatch(message):
            form: str = forms[language]
            return _PLACE.sub(lambda place: _within(match[f"p{place[1]}"], language), form)
    return message


def _within(text: str, language: Language) -> str:
    """What stands in a place: a message itself now and then."""
    known = next(
        (forms for pattern, forms in _table() if not pattern.groups and pattern.fullmatch(text)), None
    )
    return known[language] if known else text


def told(error: AlignerError, language: Language) -> str:
    """An error in one line, its remedy after it."""
    parts = (translated(part, language) for part in (error.problem, error.remedy) if part)
    return ("：" if language == "zh" else ": ").join(parts)
