"""A 工作要点 document → WorkPlan: sections and points, each as the document states it."""

import re
from dataclasses import dataclass

from bot.domain.work_points import Section, WorkPlan, WorkPoint
from bot.errors import InputError
from bot.knowledge.numerals import spaced
from bot.knowledge.plan_head import ISSUER, read_head
from bot.knowledge.printed_lines import Line, printed_lines
from bot.language.numbers import whole
from bot.texts import question as texts

_SECTION = spaced(
    r"_([一二三四五六七八九十]{1,3})_[、，,．.](?![一二三四五六七八九十]{1,2}[、中届])(.*)"
)
_POINT = spaced(r"_(\d{1,3})_[.．、，,](?!\d)(.*)")
_TAIL = re.compile(r"附件|抄送|抄报|主送|[（(]此件|.{0,40}\d{4}年\d{1,2}月\d{1,2}日(?:印发)?$")
_ENDS = ("。", "！", "？", "；", "!", "?", ";", "”")
_NEAR = 3
"""A number this close to the expected one is a fault even in the middle of a sentence."""


@dataclass
class _Part:
    """A section's title or a point's text while its broken lines are being joined."""

    number: int
    section: int
    text: str


def read_plan(text: str, source: str) -> WorkPlan:
    """Read the text of a 工作要点 document; `source` is the file's name, for error sentences.

    Lines that the layout broke inside sentences are joined; a point's text is otherwise exactly
    what the document says. Raises InputError, naming line and surroundings, when the title, the
    文号 or the date is missing, or when section or point numbers don't rise 1, 2, 3, ….
    """
    lines = list(printed_lines(text))
    first = next((i for i, line in enumerate(lines) if _heading(_SECTION, line, 1)), None)
    if first is None:
        raise InputError(texts.plan_without_sections(source))
    head = read_head(lines, first, source)
    sections, points = _Body(source).read(_without_tail(lines[first:]))
    return WorkPlan(
        title=head.title,
        number=head.number,
        year=head.year,
        issued_on=head.issued_on,
        issuer=head.issuer,
        preamble=head.preamble,
        sections=tuple(Section(part.number, part.text) for part in sections),
        points=tuple(WorkPoint(part.number, part.section, part.text) for part in points),
    )


def _heading(pattern: re.Pattern[str], line: Line, expected: int) -> str | None:
    """Return what follows the number `expected` at the start of `line`, or None."""
    match = pattern.fullmatch(line.text)
    if match and whole(match[1]) == expected:
        return match[2].strip()
    return None


def _without_tail(lines: list[Line]) -> list[Line]:
    """Cut off what follows the last point's text: signature, 抄送, 附件."""
    last = max((i for i, line in enumerate(lines) if _POINT.fullmatch(line.text)), default=0)
    for index in range(last + 1, len(lines)):
        signed = index + 1 < len(lines) and ISSUER.fullmatch(lines[index].text)
        if lines[index - 1].text.endswith(_ENDS) and (signed or _TAIL.match(lines[index].text)):
            return lines[:index]
    return lines


class _Body:
    """Reads sections and points in order; everything else continues what stands before."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._sections: list[_Part] = []
        self._points: list[_Part] = []
        self._open: _Part | None = None

    def read(self, lines: list[Line]) -> tuple[list[_Part], list[_Part]]:
        """Return the sections and points of `lines`, whose first is the first section."""
        for line in lines:
            if not (self._opens_section(line) or self._opens_point(line)):
                self._continue(line)
        self._check_complete()
        return self._sections, self._points

    def _opens_section(self, line: Line) -> bool:
        title = _heading(_SECTION, line, len(self._sections) + 1)
        if title is None or self._comma_hangs():
            self._refuse_leap(_SECTION, line, self._sections, "部分")
            return False
        self._open = _Part(len(self._sections) + 1, 0, title)
        self._sections.append(self._open)
        return True

    def _opens_point(self, line: Line) -> bool:
        text = _heading(_POINT, line, len(self._points) + 1)
        if text is None:
            self._refuse_leap(_POINT, line, self._points, "条")
            return False
        self._open = _Part(len(self._points) + 1, len(self._sections), text)
        self._points.append(self._open)
        return True

    def _continue(self, line: Line) -> None:
        assert self._open is not None, "the first line opens the first section"
        self._open.text += line.text

    def _refuse_leap(
        self, pattern: re.Pattern[str], line: Line, parts: list[_Part], noun: str
    ) -> None:
        """A number out of turn is a fault of the document, unless it continues a sentence."""
        match = pattern.fullmatch(line.text)
        if match is None:
            return
        found, expected = whole(match[1]) or 0, len(parts) + 1
        near = abs(found - expected) <= _NEAR and not self._comma_hangs()
        if not (near or self._sentence_ended()):
            return
        before = self._open.text[-16:] if self._open else ""
        raise InputError(
            texts.plan_number_out_of_turn(self._source, noun, line.number, found, expected, before)
        )

    def _sentence_ended(self) -> bool:
        # A section's title carries no full stop, so a number right after it is in earnest.
        if self._open is None:
            return True
        if self._open.section == 0:
            return len(self._points) == 0 or self._points[-1].section < len(self._sections)
        return self._open.text.endswith(_ENDS)

    def _comma_hangs(self) -> bool:
        return self._open is not None and self._open.text.endswith(("，", ",", "、", "第"))

    def _check_complete(self) -> None:
        if not self._points:
            raise InputError(texts.plan_without_points(self._source))
        filled = {part.section for part in self._points}
        for section in self._sections:
            if section.number not in filled:
                raise InputError(texts.plan_section_empty(self._source, section.number))
        for part in (*self._sections, *self._points):
            if not part.text:
                raise InputError(texts.plan_point_empty(self._source, part.number))
