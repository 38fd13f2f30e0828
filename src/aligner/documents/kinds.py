"""What kind of paragraph a line is, by its shape: heading, byline, caption, list item or text.

The signs are those of press and office documents in the two languages (general knowledge): a heading is
short and ends without punctuation; a byline names a role and a colon (`文：`, `Ảnh:`); a caption begins
with its number or a stock phrase, or ends with a credit in brackets; a list item begins with its mark.
They fail on what looks alike: a verse line is no heading, which `kinds_of` sees only where most lines
of the document are like that.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import groupby

import regex

from aligner.model import Kind

# A headline in print has up to some 20 words (100 letters) or 30 characters; with room to spare.
_HEADING_LETTERS = 120
_HEADING_HAN = 40
_BYLINE_LENGTH = 80
_CAPTION_LENGTH = 300
# A front page has a headline and one over or under it, in one or two languages.
_TITLE_LINES = 4
# Paragraphs from which on "most of them" means something.
_ENOUGH = 3

_HAN = regex.compile(r"\p{script=Han}")
_CLOSING = "\"'”’»」』）)】》〉]*_` "
_END = ".?!…。！？｡"
_FINAL = _END + ";；:：,，、"

_ROLES_VI = (
    "Bài|Ảnh|Tin|Tác giả|Nguồn|Thực hiện|Biên dịch|Người dịch|Dịch|Biên tập|Biên soạn|Đồ họa|Đồ hoạ|"
    "Photos?|Source|Trình bày|Clip|Video|Phóng viên|PV|Theo"
)
_ROLES_ZH = (
    "[文图圖]|文字|图片|圖片|作者|记者|記者|通讯员|通訊員|编辑|編輯|责任编辑|責任編輯|责编|責編|来源|來源|摄影|攝影|摄|翻译|"
    "翻譯|译者|譯者|校对|校對|撰文|供稿|供图|供圖|制图|製圖"
)
_BYLINE = regex.compile(
    rf"[（(【\[]?(?:"
    rf"(?:{_ROLES_VI})(?: ?(?:,|và|-|&|/)? ?(?:ảnh|bài|video|clip|tin))?\s*[:：/]"
    rf"|(?:{_ROLES_ZH})(?:\s*[/／、]?\s*[图圖文])?\s*[:：/／|｜]"
    rf"|(?:本报|本報|本刊|本网|本網|新华社|新華社)?(?:记者|記者|通讯员|通訊員)\s"
    rf"|Theo\s+\p{{Lu}}[^.,;:]{{0,30}}[)）]?$)"
)
_CAPTION = regex.compile(
    r"(?:Ảnh|Hình|Bảng|Biểu đồ|Sơ đồ|Bản đồ|Đồ thị|Figure|Fig\.?|Table) ?\p{N}{1,3}(?!\p{N}|\p{L})"
    r"|(?:[图圖表]|图表|圖表)\s?[\p{N}一二三四五六七八九十]{1,3}(?=[\s:：.．、])"
    r"|图为|圖為|[上下左右]?[图圖](?:片|中)?[:：]|资料图|資料圖|示意图|示意圖"
    r"|Ảnh (?:minh họa|minh hoạ|tư liệu|chụp)|Trong ảnh|Toàn cảnh|Quang cảnh|Một góc|Từ trái"
)
_CREDIT = regex.compile(
    r"(?:[(（](?:Ảnh|Nguồn|Nguồn ảnh|Đồ họa|Đồ hoạ|[图圖]|图片来源|圖片來源|摄影|攝影|来源|來源)\s*[:：/]"
    r"[^()（）]{1,60}[)）]"
    r"|[.]\s+Ảnh\s*:\s*[^.:]{2,40}"
    r"|[\s(（]\p{script=Han}{2,8}\s?(?:摄|攝|供图|供圖|摄影|攝影)[)）]?)[.。]?$"
)
_DASH = regex.compile(r"[-–—]\s*\S")
_BULLET = regex.compile(r"[•●▪▫◦‣·■□○◆◇►➢✓✔*+]\s*\S")
_NUMBER = regex.compile(
    r"\p{N}{1,2}(?:[.]\p{N}{1,2}){0,3}[.)]\s|\p{N}{1,2}[)、．）]|[a-zđA-ZĐ][.)]\s"
    r"|[(（](?:\p{N}{1,2}|[a-zđ])[)）]|[①-⑳]"
)
_CHAPTER = regex.compile(
    r"[IVX]{1,5}[.)]\s|[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]"
)


def is_list_start(line: str) -> bool:
    """Whether a line begins with the mark or number of a list item."""
    return any(mark.match(line) for mark in (_DASH, _BULLET, _NUMBER, _CHAPTER))


def ends_open(text: str) -> bool:
    """Whether a text ends without any punctuation that ends a sentence or clause."""
    return not text.rstrip(_CLOSING).endswith(tuple(_FINAL))


def ends_sentence(text: str) -> bool:
    """Whether a text ends with an end mark, closing marks after it or not."""
    return text.rstrip(_CLOSING).endswith(tuple(_END))


def kind_of(text: str) -> Kind:
    """The kind of one paragraph by its own shape; `kinds_of` also looks at its neighbours."""
    text = unicodedata.normalize("NFC", text[: _CAPTION_LENGTH + 1])
    if len(text) <= _BYLINE_LENGTH and ends_open(text) and _BYLINE.match(text):
        return "byline"
    if len(text) <= _CAPTION_LENGTH and (_CAPTION.match(text) or _CREDIT.search(text)):
        return "caption"
    if _CHAPTER.match(text) and _is_short(text) and ends_open(text):
        return "heading"
    if is_list_start(text):
        return "list"
    if _is_short(text) and ends_open(text) and _begins_like_a_heading(text):
        return "heading"
    return "text"


def kinds_of(texts: Sequence[str]) -> list[Kind]:
    """The kinds of all paragraphs of a document, in order.

    Beyond `kind_of`: the first lines are the title where they look like headings; lines that begin
    with a dash and all end like sentences are dialogue, not a list; where most lines would be headings
    (verse, a word list) none is.
    """
    kinds = [kind_of(text) for text in texts]
    if len(kinds) >= _ENOUGH and kinds.count("heading") * 2 > len(kinds):
        return ["text" if kind == "heading" else kind for kind in kinds]
    _clear_dialogue(texts, kinds)
    first = next((n for n, kind in enumerate(kinds) if kind != "heading"), len(kinds))
    titles = first if first <= _TITLE_LINES else 1
    kinds[:titles] = ["title"] * titles
    return kinds


def _is_short(text: str) -> bool:
    han = len(_HAN.findall(text))
    return han <= _HEADING_HAN and len(text) - han <= _HEADING_LETTERS


def _begins_like_a_heading(text: str) -> bool:
    """It has a letter, the first is no small one (that continues a line), and no column break."""
    first = next((c for c in text if c.isalpha()), "")
    return bool(first) and not first.islower() and "\t" not in text


def _clear_dialogue(texts: Sequence[str], kinds: list[Kind]) -> None:
    """Marks runs of dash lines that all end like sentences as text."""
    numbered = groupby(range(len(texts)), key=lambda n: kinds[n] == "list" and bool(_DASH.match(texts[n])))
    for is_dash, numbers in numbered:
        run = list(numbers)
        if is_dash and all(ends_sentence(texts[n]) for n in run):
            for n in run:
                kinds[n] = "text"
