"""What stands above a work plan's first section: title, 文号, date, signature, preamble."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from bot.errors import InputError
from bot.knowledge.numerals import NUMERAL, spaced
from bot.knowledge.printed_lines import Line
from bot.language.numbers import whole
from bot.texts import question as texts

_NUMBER = spaced(r"([\u4e00-\u9fff]{1,12})_[〔\[［（(【]_(\d{4})_[〕\]］）)】]_第?_(\d{1,5})_号")
_DATE = spaced(
    r"(\d{4}|[〇○零一二三四五六七八九]{4})_年_(" + NUMERAL + r")_月_(" + NUMERAL + r")_日"
)
_TITLE = spaced(r"[^《》，。]{0,20}(?:19|20)\d\d_年度?[^《》，。]{0,30}工_作_要_点")
ISSUER = re.compile(r"[^，。：:《》]*(?:办公室|领导小组|委员会|局|政府|市委|县委)")
"""A line that is nothing but the name of an office."""


@dataclass(frozen=True)
class Head:
    """The fields of WorkPlan that the document's head gives."""

    title: str
    number: str
    year: int
    issued_on: date
    issuer: str
    preamble: str


def read_head(lines: Sequence[Line], first_section: int, source: str) -> Head:
    """Read the head: `lines` up to the index `first_section`.

    The signature is looked for in the head, else at the document's end. Raises InputError naming
    what is missing: 文号, title or date.
    """
    head = lines[:first_section]
    number = _NUMBER.search("\n".join(line.text for line in head))
    if number is None:
        raise InputError(texts.plan_without_number(source))
    span = _find_title(head)
    if span is None:
        raise InputError(texts.plan_without_title(source))
    signature = _signature(head, source) or _signature(lines, source)
    if signature is None:
        raise InputError(texts.plan_without_date(source))
    title = re.sub(r"\s+", "", _joined(head[slice(*span)]))
    return Head(
        title=title,
        number=f"{number[1]}〔{number[2]}〕{number[3]}号",
        year=int(re.findall(r"\d{4}", title)[0]),
        issued_on=signature[0],
        issuer=signature[1] or _issuer_named_in(_joined(head)),
        preamble=_joined(head[span[1] :]),
    )


def _find_title(head: Sequence[Line]) -> tuple[int, int] | None:
    """Find the title that stands alone nearest above the text, on one line or broken into two."""
    for length in (1, 2):
        for start in range(len(head) - length, -1, -1):
            if _TITLE.fullmatch(_joined(head[start : start + length])):
                return start, start + length
    return None


def _signature(lines: Sequence[Line], source: str) -> tuple[date, str] | None:
    """Read the last line that is nothing but a date, and the office on the line above it."""
    found: tuple[date, str] | None = None
    for above, line in pairwise((Line(0, ""), *lines)):
        match = _DATE.fullmatch(line.text)
        if match:
            signed = above.text if ISSUER.fullmatch(above.text) else ""
            found = _day(match, source), signed
    return found


def _day(match: re.Match[str], source: str) -> date:
    year, month, day = (whole(part) or 0 for part in match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        raise InputError(texts.plan_date_impossible(source, match[0]))


def _issuer_named_in(head: str) -> str:
    named = re.search(r"([\u4e00-\u9fff]+(?:办公室|领导小组|局|政府))[\s\u3000]*关于印发", head)
    return named[1] if named else ""


def _joined(lines: Sequence[Line]) -> str:
    return "".join(line.text for line in lines)
