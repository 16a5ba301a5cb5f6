"""How far the work has come: 80%, 百分之八十, 九成, 三分之二, 过半, 还差20%."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from bot.language.numbers import RUN, SMALL, read_number
from bot.language.script import Span, clause_at

_ANY = re.compile(
    rf"(?P<hundred>\d+(?:\.\d+)?)(?:%|个百分点)|百分之(?P<word>{RUN})"
    rf"|(?P<under>{SMALL})分之(?P<over>{SMALL})"
    r"|(?<![一二三四五六七八九几\d])(?P<tenth>[一二三四五六七八九十]|\d(?:\.\d)?)成(?P<half>[一二三四五六七八九半\d])?"
    r"(?![立员果效功为本绩长年品交熟就因份不]|$\d)"
    r"|(?P<middle>一半|半数|过半|超半)"
)
_OTHER_RATE = re.compile(
    r"(?<!完成)(?<!进度)(?<!办结)(?<!推进)(?<!执行)(?<!任务)率[^,。;]*$"
    r"|(?:占|增长|提高|提升|下降|上升|同比|环比|上涨|增加|优惠|不低于|要求|目标)(?![^,。;]*[到至])[^,。;\d完]{0,6}$"
)
_REST = re.compile(r"(?:剩下?|剩余|还差|只差|就差|还有|余下|尚有|尚余)[^,。;\d]{0,4}$")
_ROUGH_BEFORE = re.compile(r"(?:约|近|将近|超过?|逾|不到|不足|大概|差不多|接近|快)[^,。;\d]{0,1}$")
_ROUGH_AFTER = re.compile(r"以上|左右|多|上下|强|出头")
_TO = re.compile(r"(?:由|从)[^,。;]*$")


@dataclass(frozen=True)
class Percent:
    """A share as written, 0–100; `progress` is False for 满意率, 同比 and the like."""

    value: int
    span: Span
    progress: bool
    approximate: bool


def find_percents(plain: str) -> tuple[Percent, ...]:
    """Return every share in the text, in order."""
    found = (_read(plain, match) for match in _ANY.finditer(plain))
    return tuple(percent for percent in found if percent is not None)


def progress_percent(percents: tuple[Percent, ...]) -> Percent | None:
    """Return the one share that tells the progress; None when there is none or they disagree."""
    told = [percent for percent in percents if percent.progress]
    return told[-1] if len({percent.value for percent in told}) == 1 else None


def _read(plain: str, match: re.Match[str]) -> Percent | None:
    value = _value(match)
    if value is None:
        return None
    clause = plain[clause_at(plain, match.start()).start : match.start()]
    rest = bool(_REST.search(clause))
    whole = min(int(value.quantize(Decimal(1), ROUND_HALF_UP)), 100)
    return Percent(
        value=100 - whole if rest else whole,
        span=Span(match.start(), match.end()),
        progress=_is_progress(plain, match, clause),
        approximate=match["middle"] in {"过半", "超半"}
        or bool(_ROUGH_BEFORE.search(clause))
        or bool(_ROUGH_AFTER.match(plain, match.end())),
    )


def _is_progress(plain: str, match: re.Match[str], clause: str) -> bool:
    step = match[0].endswith("个百分点")
    source = bool(_TO.search(clause)) and "到" in plain[match.end() : match.end() + 6]
    return not (step or source or _OTHER_RATE.search(clause))


def _value(match: re.Match[str]) -> Decimal | None:
    if match["middle"]:
        return Decimal(50)
    if match["tenth"]:
        return _tenths(match["tenth"], match["half"])
    if numeral := match["hundred"] or match["word"]:
        number = read_number(numeral)
        return number.value if number else None
    return _fraction(match["under"], match["over"])


def _tenths(tenth: str, half: str | None) -> Decimal | None:
    number = read_number(tenth)
    extra = Decimal(5) if half == "半" else _plain(half or "零")
    return None if number is None else number.value * 10 + extra


def _fraction(under: str, over: str) -> Decimal | None:
    if not _plain(under) or _plain(over) > _plain(under):
        return None
    return _plain(over) * 100 / _plain(under)


def _plain(word: str) -> Decimal:
    number = read_number(word)
    return number.value if number else Decimal(0)
