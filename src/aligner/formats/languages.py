"""The language codes of other tools, read leniently."""

from __future__ import annotations

from aligner.model import Lang

_TRADITIONAL = {"hant", "tw", "hk", "mo"}


def known_language(code: str) -> Lang | None:
    """Our language for a code as tools write it: `zh`, `zh-CN`, `zh_TW`, `cmn-Hans-CN`, `VI`, `vie`.

    >>> known_language("zh_TW"), known_language("cmn-Hans-CN"), known_language("VIE"), known_language("en")
    ('zh-Hant', 'zh-Hans', 'vi', None)
    """
    main, *rest = code.replace("_", "-").lower().split("-")
    if main in {"vi", "vie"}:
        return "vi"
    if main in {"zh", "zho", "chi", "cmn"}:
        return "zh-Hant" if _TRADITIONAL & set(rest) and "hans" not in rest else "zh-Hans"
    return None
