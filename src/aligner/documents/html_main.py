"""Which parts of a page are not its text: navigation, site banners, lists of other pages, comments.

Losing text is worse than keeping a menu, which at worst becomes beads that nobody wants. So what is left
out must show its nature twice:

- by its element, role or class (the names that web pages have in common, general knowledge), and by
  leaving most of the page's sentences outside of it; names that may also mean a part of the text (sidebar,
  header, related) count only where most of the letters stand in links;
- a group of links without such a name, where it lies outside of the element that holds four fifths of
  the sentences and the page's title;
- links all of which share the page, print it or run a script, with hardly a word beside them;
- a list of the page's own headings, with links to them: a table of contents, whose text is all there again.

A page that is mostly links is an index: nothing of it is left out by its links. Linear in the size of the
tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import regex

from aligner.documents.html_blocks import BLOCKS, HEADINGS, Run, fold, name, runs
from aligner.language.script import HAN

if TYPE_CHECKING:
    from lxml.etree import _Element

_CERTAIN = regex.compile(
    r"(?:(?:site|page|top|main|global|left|right|bottom|post|sub|side|head|foot)[-_]?)?"
    r"(?:nav|navbar|navigation|navheader|navfooter|navbox|menu|menubar|menus)"
    r"|breadcrumbs?|bread-crumbs?|crumbs?|pagination|pager|paging|skip-?links?|mw-editsection|headerlink"
    r"|shar(?:e|ing)(?:[-_](?:bar|box|buttons?|links?|tools?))?|socials?(?:[-_](?:bar|links?|share|media))?"
    r"|comments|comment[-_]?(?:list|area|section|box)|disqus_thread|respond"
    r"|cookies?(?:[-_](?:banner|notice|bar|consent))?|adverts?|advertisements?|ads?|adsbygoogle|sponsors?"
    r"|login|sign-?in|search-?(?:box|form|bar)|printfooter|catlinks"
)
_LIKELY = regex.compile(
    r"(?:site|page|global)?[-_]?(?:header|footer|banner|masthead|sidebar|aside|toolbar|topbar)|sidebar[-_]?\w*"
    r"|(?:\w+[-_])?(?:related|recommend(?:ed|ation|ations)?|contextual|hot|latest|popular|trending|more|tags?"
    r"|copyright)[-_]?(?:news|posts?|list|links?|articles?|stor(?:y|ies)|topics?|content|box|module)?"
)
# Where links lead that share a page, print it, mail it or run a script.
_TOOL = regex.compile(
    r"javascript:|mailto:|#$|[^?#]*[/._-]shar(?:e|er|etools?)(?:[/.?_-]|$)"
    r"|(?:https?:)?//(?:[\w-]+\.)*(?:facebook|twitter|x|linkedin|pinterest|reddit|tumblr|telegram|t"
    r"|whatsapp|weibo|qq|douban|renren|kaixin001|zalo|line|plus\.google|addthis|addtoany|digg|delicious|baidu|vk)"
    r"\.\w+/.*(?:shar|submit|intent|bookmark|post|send|cang|recommend|add)",
    regex.I,
)
_ROLES = frozenset(["navigation", "banner", "contentinfo", "search", "menu", "menubar", "toolbar", "dialog"])
_SECTIONS = frozenset(["article", "main", "section", "blockquote"])
_HOLDERS = frozenset(
    ["div", "section", "nav", "aside", "header", "footer", "ul", "ol", "table", "td", "form"]
)
_SECTION = regex.compile(r"sect(?:ion)?\d?$")
_LISTS = frozenset(["ul", "ol", "dl", "menu"])

# A sentence says something by its length or its end; labels and menus do neither.
_LEAST_SENTENCE = 20
_SENTENCE = regex.compile(r"[.。!！?？;；:：,，、…]")
_LETTER = regex.compile(r"[\p{L}\p{N}]")
_HAN_CHAR = regex.compile(f"[{HAN}]")
# Shares of the page's sentences: what must remain when a part goes; what the main element holds.
_LEAST_LEFT = 0.1
_MAIN_SHARE = 0.8
_INDEX_SENTENCES = 0.2  # share of an index's letters that may stand in sentences
_ALL_LINKED = 0.8
_FEW_LINKS = 2
_LEAST_TITLE = 4  # letters, a Han character counting one
_LINK_PARTS = 50  # texts that a link is made of, at most: a heading has few


@dataclass(slots=True)
class _Sums:
    """Letters of an element and all in it.

    Attributes:
        letters: letters and digits; a Han character counts two, as it says about as much.
        linked: those of them that stand in links.
        sentences: those that stand in sentences, outside of links.
        links: how many links there are.
        known: how many of them say what a heading of the page says.
        tools: how many of them lead nowhere but do something: share, print, mail.
        tops: the page's title, or where that is not known, headings of its highest level; none that is a
            link (a site's name).
    """

    letters: float = 0
    linked: float = 0
    sentences: float = 0
    links: int = 0
    known: int = 0
    tools: int = 0
    tops: int = 0

    def add(self, other: _Sums) -> None:
        self.letters += other.letters
        self.linked += other.linked
        self.sentences += other.sentences
        self.links += other.links
        self.known += other.known
        self.tools += other.tools
        self.tops += other.tops

    @property
    def is_all_linked(self) -> bool:
        """Whether there is hardly a letter beside links."""
        return self.linked >= self.letters * _ALL_LINKED

    @property
    def is_linked(self) -> bool:
        """Whether most of it is links, and more than one or two."""
        return self.links > _FEW_LINKS and self.linked * 2 > self.letters


@dataclass(frozen=True, slots=True)
class _Page:
    """A page and what is known of its elements so far."""

    root: _Element
    sums: dict[_Element, _Sums]
    left_out: frozenset[_Element]

    def of(self, element: _Element) -> _Sums:
        return self.sums.get(element) or _Sums()


def left_out(root: _Element) -> set[_Element]:
    """The elements of a page that are no part of its text."""
    named = frozenset(_named(_measured(root, frozenset())))
    page = _measured(root, named)
    total = page.of(root)
    is_index = total.linked * 2 > total.letters and total.sentences < total.letters * _INDEX_SENTENCES
    return set(named) if is_index else {*named, *_linked_outside(page)}


def _measured(root: _Element, out: frozenset[_Element]) -> _Page:
    """Sums for every element, from the innermost outwards; what is left out counts nothing."""
    from lxml import etree

    found = list(runs(root, out))
    own: dict[_Element, _Sums] = {}
    for run in found:
        own.setdefault(run.element, _Sums()).add(_sums(run))
    headings = frozenset(_key(run.text) for run in found if run.kind == "heading")
    for element in _tops(root, found, own):
        own[element].tops = 1
    sums: dict[_Element, _Sums] = {}
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            sums[element] = own.get(element, _Sums())
            if element in out:
                walk.skip_subtree()
            elif name(element) == "a" and element.get("href"):
                sums[element].links += 1
                sums[element].tools += _TOOL.match(element.get("href", "").strip()) is not None
                sums[element].known += (
                    _key("".join(map(str, islice(element.itertext(), _LINK_PARTS)))) in headings
                )
            continue
        parent = element.getparent()
        if parent is not None and element is not root:
            sums[parent].add(sums[element])
    return _Page(root, sums, out)


def _text(element: _Element) -> str:
    """What an element says, up to fifty pieces of text."""
    return "".join(map(str, islice(element.itertext(), _LINK_PARTS)))


def _tops(root: _Element, found: Sequence[Run], own: Mapping[_Element, _Sums]) -> list[_Element]:
    """The heading that stands in the page's title, the longest; else all headings of the highest level."""
    headings = [run for run in found if name(run.element) in HEADINGS]
    title = next((element for element in root.iter("{*}title")), None)
    if title is not None:
        said = _key(_text(title))
        named = [run for run in headings if len(_key(run.text)) >= _LEAST_TITLE and _key(run.text) in said]
        if named:
            return [max(named, key=lambda run: len(run.text)).element]
    own_words = [run for run in headings if own[run.element].linked * 2 <= own[run.element].letters]
    top = min((name(run.element) for run in own_words), default="")
    return [run.element for run in own_words if name(run.element) == top]


def _sums(run: Run) -> _Sums:
    letters = len(_LETTER.findall(run.text)) + len(_HAN_CHAR.findall(run.text))
    length = len("".join(run.text.split())) or 1
    linked = letters * min(1.0, run.linked / length)
    is_sentence = letters >= _LEAST_SENTENCE and bool(_SENTENCE.search(run.text)) and run.kind != "heading"
    return _Sums(letters, linked, letters - linked if is_sentence else 0)


def _key(text: str) -> str:
    return "".join(_LETTER.findall(fold(text))).casefold()


def _named(page: _Page) -> Iterator[_Element]:
    """Elements that say themselves that they are no text, the outermost of each."""
    from lxml import etree

    total = page.of(page.root)
    depth = 0
    walk = etree.iterwalk(page.root, events=("start", "end"))
    for event, element in walk:
        step = name(element) in _SECTIONS
        if event == "end":
            depth -= step
            continue
        depth += step
        sums = page.of(element)
        if not sums.letters or sums.sentences > total.sentences * (1 - _LEAST_LEFT):
            continue
        is_trimming = _is_trimming(element, sums, in_section=depth > 0)
        if is_trimming or _is_contents(element, sums) or _is_toolbar(element, sums):
            yield element
            walk.skip_subtree()


def _is_trimming(element: _Element, sums: _Sums, *, in_section: bool) -> bool:
    """By element, role or class; `header`, `footer` and `aside` of an article belong to it."""
    tag = name(element)
    if tag == "nav" or element.get("role", "").lower() in _ROLES:
        return True
    names = _names_of(element, tag)
    if any(_CERTAIN.fullmatch(word) for word in names):
        return True
    if sums.tops:
        return False
    if tag in ("header", "footer", "aside") and not in_section and not sums.sentences:
        return True
    is_likely = tag in ("header", "footer", "aside") or any(_LIKELY.fullmatch(word) for word in names)
    return is_likely and (sums.is_linked or (not sums.sentences and sums.linked * 2 > sums.letters))


def _names_of(element: _Element, tag: str) -> list[str]:
    """Its classes and id, if it may hold other elements; no id that is made from a section's title."""
    classes = element.get("class", "").lower().split()
    if tag not in _HOLDERS:
        return []
    is_section = tag == "section" or any(_SECTION.match(word) for word in classes)
    return classes if is_section else [*classes, element.get("id", "").lower().strip()]


def _is_contents(element: _Element, sums: _Sums) -> bool:
    """A list of links that all say what a heading of the page says."""
    is_list = name(element) in _LISTS or name(element) == "div"
    return is_list and sums.is_linked and sums.known == sums.links and not (sums.tops or sums.sentences)


def _is_toolbar(element: _Element, sums: _Sums) -> bool:
    """Links all of which do something with the page, but lead nowhere."""
    return (
        name(element) in BLOCKS
        and _FEW_LINKS < sums.links == sums.tools
        and sums.is_all_linked
        and not sums.tops
    )


def _linked_outside(page: _Page) -> Iterator[_Element]:
    """Groups of links outside of the main element, the outermost of each."""
    from lxml import etree

    path = set(_path_to_main(page))
    if not path:
        return
    main = next(element for element in path if not any(child in path for child in element))
    walk = etree.iterwalk(page.root, events=("start",))
    for _, element in walk:
        if element is main:
            walk.skip_subtree()
        elif element not in path and element not in page.left_out:
            sums = page.of(element)
            if name(element) in BLOCKS and sums.is_linked and not (sums.tops or sums.sentences):
                yield element
                walk.skip_subtree()


def _path_to_main(page: _Page) -> Iterator[_Element]:
    """From the root to the smallest element with most sentences and all top headings."""
    total = page.of(page.root)
    element: _Element | None = page.root if total.sentences else None
    while element is not None:
        yield element
        within = page.of(element)
        element = next(
            (
                child
                for child in element
                if page.of(child).sentences >= total.sentences * _MAIN_SHARE
                and page.of(child).tops == within.tops
            ),
            None,
        )
