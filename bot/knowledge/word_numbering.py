"""The numbers that Word counts by itself (自动编号) and keeps out of the text."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from docx.document import Document
from docx.oxml.ns import qn
from lxml.etree import _Element as Element

from bot.knowledge.numerals import to_chinese

_LEVELS = 9
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"),
          (4, "iv"), (1, "i"))  # fmt: skip


@dataclass(frozen=True)
class _Level:
    start: int
    form: str
    pattern: str


def _attribute(parent: Element | None, child: str) -> str | None:
    found = None if parent is None else parent.find(qn(child))
    return None if found is None else found.get(qn("w:val"))


def _roman(number: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        while number >= value:
            text, number = text + sign, number - value
    return text


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26)


_FORMS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda n: f"{n:02d}",
    "decimalFullWidth": lambda n: str(n).translate({48 + d: 0xFF10 + d for d in range(10)}),
    "decimalEnclosedCircle": lambda n: chr(0x245F + n) if n <= 20 else str(n),
    "decimalEnclosedCircleChinese": lambda n: chr(0x245F + n) if n <= 20 else str(n),
    "lowerLetter": _letter,
    "upperLetter": lambda n: _letter(n).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda n: _roman(n).upper(),
    "bullet": lambda _: "",
    "none": lambda _: "",
}
_CHINESE = ("chinese", "japanese", "ideograph", "taiwanese")


def _spell(form: str, number: int) -> str:
    if form.startswith(_CHINESE):
        return to_chinese(number)
    return _FORMS.get(form, str)(number)


class Numbering:
    """Counts a document's numbered paragraphs in the order in which they are asked for."""

    def __init__(self, document: Document) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._list_of: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counters: dict[str, list[int | None]] = {}
        self._used: set[str] = set()
        self._styles = {
            style.get(qn("w:styleId")): style
            for style in document.styles.element.iter(qn("w:style"))
        }
        for relation in document.part.rels.values():
            if relation.reltype.endswith("/numbering"):
                self._read(relation.target_part.element)

    def number(self, paragraph: Element) -> str:
        """Return what Word prints before `paragraph` ("3. ", "二、"), or "" if it has no number."""
        where = self._place(paragraph.find(qn("w:pPr")))
        if where is None:
            return ""
        list_id, level = where
        levels = self._abstract.get(self._list_of.get(list_id, ""), {})
        if level not in levels:
            return ""
        counters = self._count(list_id, level, levels)
        return self._printed(levels, level, counters)

    def _read(self, root: Element) -> None:
        for abstract in root.iter(qn("w:abstractNum")):
            key = abstract.get(qn("w:abstractNumId")) or ""
            self._abstract[key] = dict(map(self._level, abstract.iter(qn("w:lvl"))))
        for entry in root.iter(qn("w:num")):
            key = entry.get(qn("w:numId")) or ""
            self._list_of[key] = _attribute(entry, "w:abstractNumId") or ""
            for override in entry.iter(qn("w:lvlOverride")):
                start = _attribute(override, "w:startOverride")
                if start is not None:
                    self._starts[key, int(override.get(qn("w:ilvl")) or 0)] = int(start)

    @staticmethod
    def _level(element: Element) -> tuple[int, _Level]:
        return int(element.get(qn("w:ilvl")) or 0), _Level(
            start=int(_attribute(element, "w:start") or 1),
            form=_attribute(element, "w:numFmt") or "decimal",
            pattern=_attribute(element, "w:lvlText") or "",
        )

    def _place(self, properties: Element | None) -> tuple[str, int] | None:
        """Find list and level: said by the paragraph itself, or by its style and its parents."""
        for _ in range(_LEVELS):
            if properties is None:
                return None
            own = properties.find(qn("w:numPr"))
            list_id = _attribute(own, "w:numId")
            if list_id is not None:
                return None if list_id == "0" else (list_id, int(_attribute(own, "w:ilvl") or 0))
            properties = self._style_properties(properties)
        return None

    def _style_properties(self, properties: Element) -> Element | None:
        parent = properties.getparent()
        in_style = parent is not None and parent.tag == qn("w:style")
        name = _attribute(parent, "w:basedOn") if in_style else _attribute(properties, "w:pStyle")
        style = self._styles.get(name)
        return None if style is None else style.find(qn("w:pPr"))

    def _count(self, list_id: str, level: int, levels: dict[int, _Level]) -> list[int | None]:
        # Lists that share an abstract definition go on counting, unless one says where to start.
        counters = self._counters.setdefault(self._list_of[list_id], [None] * _LEVELS)
        if list_id not in self._used:
            self._used.add(list_id)
            for (owner, at), start in self._starts.items():
                if owner == list_id:
                    counters[at] = start - 1
        before = counters[level]
        counters[level] = levels[level].start if before is None else before + 1
        counters[level + 1 :] = [None] * (_LEVELS - level - 1)
        return counters

    @staticmethod
    def _printed(levels: dict[int, _Level], level: int, counters: list[int | None]) -> str:
        def spell(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            known = levels.get(at)
            if known is None:
                return ""
            count = counters[at]
            return _spell(known.form, known.start if count is None else count)

        if levels[level].form == "bullet":
            return ""
        printed = re.sub(r"%([1-9])", spell, levels[level].pattern)
        return f"{printed} " if printed else ""
