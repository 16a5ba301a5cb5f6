"""Counted things: 走访部队5个, 优抚对象120余人次, 3场次, 两个村. Time, age and order are none."""

import re
from dataclasses import dataclass

from bot.language.measures import FIXED_ONE, LOOKALIKES, MEASURES
from bot.language.numbers import ABOUT, RUN, read_number
from bot.language.script import HAN, Span

_COUNT = re.compile(
    rf"(?<![\d.第每〔/#逐])(?<!\d:)(?P<run>{RUN})(?P<mid>余|多)?(?P<unit>{'|'.join(MEASURES)})(?P<post>[余多])?"
)
_ABOUT_BEFORE = re.compile(rf"{ABOUT}$")
_ABOUT_AFTER = re.compile(r"左右|上下|以上")
_PART_DONE = re.compile(r"(?:已经?|完成|办结|其中)[^,。;\d]{0,4}$")
_NONE_OF = re.compile(r"[^,。;]{0,8}[也都](?:没|未|不)")
_RANGE_BEFORE = re.compile(r"\d[-~至到—]$|[几数上]$")
_LOOKALIKE = re.compile("|".join(LOOKALIKES))
_THING_AFTER = re.compile(
    rf"(?:的)?((?:(?![和及与并已共,、的在均都全完]|走访|慰问|发放|报送){HAN}){{1,8}})"
)
_THING_BEFORE = re.compile(rf"((?:(?![,、。和及与]){HAN}){{1,10}})$")
_IDLE = re.compile(
    r"^(?:已经?|共计?|总共|一共|今天|昨天|目前|累计|先后|又|还|并)+|(?:了|共计?|总共|一共|累计|约|近|达|到)+$"
)


@dataclass(frozen=True)
class Count:
    """A counted thing: 走访部队5个 is (5, "个", "走访部队")."""

    value: int
    unit: str
    what: str
    approximate: bool
    span: Span


def find_counts(plain: str) -> tuple[Count, ...]:
    """Return the counts in a text whose dates, points, money and percentages are masked."""
    found = (_count(plain, match) for match in _COUNT.finditer(plain))
    return tuple(count for count in found if count is not None)


def find_parts(plain: str, counts: tuple[Count, ...]) -> tuple[Span, ...]:
    """Return the counts that are a finished part of a larger one: 13个县已完成9个."""
    return tuple(
        part.span
        for place, part in enumerate(counts)
        if _PART_DONE.search(plain[: part.span.start])
        and any(one.unit == part.unit and one.value > part.value for one in counts[:place])
    )


def _count(plain: str, match: re.Match[str]) -> Count | None:
    number = read_number(match["run"])
    if number is None or number.value != int(number.value) or _is_a_word(plain, match):
        return None
    before = plain[: match.start()]
    about = _ABOUT_BEFORE.search(before) or _ABOUT_AFTER.match(plain, match.end())
    return Count(
        int(number.value),
        match["unit"],
        _what(plain, match),
        bool(number.approximate or match["mid"] or match["post"] or about),
        Span(match.start(), match.end()),
    )


def _is_a_word(plain: str, match: re.Match[str]) -> bool:
    if _LOOKALIKE.match(plain, match.start("unit")) or _RANGE_BEFORE.search(plain[: match.start()]):
        return True
    if match["run"] != "一":
        return False
    return plain.startswith(FIXED_ONE, match.end("run")) or bool(_NONE_OF.match(plain, match.end()))


def _what(plain: str, match: re.Match[str]) -> str:
    after = _THING_AFTER.match(plain, match.end())
    before = _THING_BEFORE.search(plain[: match.start()])
    verb = _IDLE.sub("", before[1]) if before else ""
    thing = after[1] if after else ""
    return verb[-4:] + thing if thing else verb
