"""What is outside before any search: secrets, private data, another place, another year."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from bot.knowledge.library import Library
from bot.knowledge.sensitive import PERSONAL, SECRET
from bot.knowledge.words import OTHER_PLACES, OWN_PLACES
from bot.language.numbers import whole


class Reason(StrEnum):
    """Why a question is not answered."""

    SECRET = "secret"  # noqa: S105 - a reason, no password
    PERSONAL = "personal"
    OTHER_PLACE = "other_place"
    OTHER_YEAR = "other_year"


@dataclass(frozen=True)
class Outside:
    """The reason and what the question named: a place, a year, "" otherwise."""

    reason: Reason
    named: str = ""


_PAPERS = (
    r"(?:双拥|工作要点|要点|文件|慰问|随军|拥军|安置|优待|优抚|军人|退役|政策|今年|是怎么|怎么"
    r"|有什么|有哪些)"
)
_SERVES = r"(?:边防|当兵|服役|服兵役|参军|部队|战士|戍边|边境|驻训)"
_FROM = r"(?:在|从|去|到|来自|调到|调往|驻|分到|考到|户口在|人在)"
_NAMED_PLACE = re.compile(r"[\u4e00-\u9fff]{2,4}?(?:省|市|自治区|县|自治州|地区)")
_NO_PLACE = re.compile(
    r"[们咱这那哪各全本我你您该每几有的和到在是给请帮让问一某外]"
    r"|(?:城|超|上|股|门|楼)市|县[市级]|市[县级委]|双拥|文明"
)

_LONGEST_FIRST = sorted(OTHER_PLACES, key=len, reverse=True)
_YEAR = re.compile(
    r"((?:19|20)\d{2}|[〇零○一二三四五六七八九]{4}|(?<!\d)\d{2})"
    r"(?:年度?(?!内|来|前|后|代|以)|(?=双拥|工作要点|要点))"
)


def outside(question: str, library: Library) -> Outside | None:
    """Return why `question` is outside, or None when it may be searched for."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", question))
    if SECRET.search(text):
        return Outside(Reason.SECRET)
    if PERSONAL.search(text):
        return Outside(Reason.PERSONAL)
    if place := _other_place(text, library):
        return Outside(Reason.OTHER_PLACE, place)
    if year := other_year(text, library):
        return Outside(Reason.OTHER_YEAR, str(year))
    return None


def years(text: str) -> list[int]:
    """Return the years that `text` names: 2021年, 二〇二一年, 21年."""
    found = [whole(match) for match in _YEAR.findall(text)]
    return [2000 + year if year < 100 else year for year in found if year is not None]


def other_year(text: str, library: Library) -> int | None:
    """Return a year that is named and of which there is no plan, unless it is a law's version."""
    if library.plan is None or library.laws.mentioned(text):
        return None
    named = years(text)
    if any(library.plan_of(year) for year in named):
        return None
    return named[0] if named else None


def _other_place(text: str, library: Library) -> str | None:
    if any(own in text for own in OWN_PLACES):
        return None
    text = text.replace("长治久安", "")
    for place in _LONGEST_FIRST:
        if place in text and _asks_for(place, text, library):
            return place
    return _other_named_place(text, library)


def _asks_for(place: str, text: str, library: Library) -> bool:
    """Whether the papers of `place` are asked for; 在西藏当兵 only says where someone serves."""
    if re.search(place + r"(?:省|市|县|区)?的?.{0,6}(?:双拥|工作要点|要点)", text):
        return True
    serves = re.search(f"{_FROM}{place}|{place}.{{0,3}}{_SERVES}", text)
    return serves is None and not _in_a_title(place, library)


def _other_named_place(text: str, library: Library) -> str | None:
    for match in _NAMED_PLACE.finditer(text):
        if not _NO_PLACE.search(match[0]) and re.match("的?" + _PAPERS, text[match.end() :]):
            return None if _in_a_title(match[0], library) else match[0]
    return None


def _in_a_title(place: str, library: Library) -> bool:
    return any(place in title for title in library.laws.titles)
