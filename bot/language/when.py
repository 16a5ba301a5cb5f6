"""Reads one Chinese time expression: 月底前, 八一前三个工作日, 节后一周内, 延期到8月10号."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from bot.language.days import Days
from bot.language.mentions import Mention, find_mentions
from bot.language.period import Lean, Scene
from bot.language.script import Script, script

FIRST_YEAR, LAST_YEAR = 1901, 2099
"""The years whose lunar dates are known."""


@dataclass(frozen=True)
class When:
    """Days from `start` to `end`, both included; equal for a single day.

    Both are None, and `reason` says why in Chinese, when the text cannot be read. With days,
    `reason` is None or tells what was assumed. `tentative`: working days, or days off, of a year
    without an official notice were counted.
    """

    text: str
    start: date | None
    end: date | None
    tentative: bool = False
    reason: str | None = None


_VAGUE = (
    (
        r"每(?:个?月|周|年|个?季度?|天|日|星期|半年|逢)|逐月|按月|按季",
        "说的是一再重复的时间，不是某一天，请写明是哪一天。",
    ),
    (
        r"某[天日月周个]|哪天|具体时间|待定|另行通知|择[日期机]|适时",
        "没有说定是哪一天，请写明日期。",
    ),
    (
        r"近期|近日|最近|尽快|尽早|不日|过几天|过段时间|过一阵|稍后|回头|改天|几天|数日|以后再|随时|早日|抓紧",
        "时间说得不具体，请写明日期。",
    ),
    (
        r"延期(?!到|至)|推迟(?!到|至)|顺延(?!到|至)|延长(?!到|至)|宽限|提前(?!到|至)|再延",
        "要从原定时间算起，请写明改到哪一天。",
    ),
)
_SERIOUS = re.compile(
    r"[\d年月日号周旬季天]|星期|礼拜|前|后|内|(?<!截)至|底|初|节|(?:[一二三四五六七八九十]个)|或"
)
_HARMLESS = re.compile(
    r"[延推顺改][期迟延后长]?[至到]|截至目前|截至|截止到|截止|左右|前后|上下|之前|以前|日期|时间|时限|期限|年度|月份|天气|节点|环节|内容|以后|之后|至少|前完成|日程"
)


def when(text: str, base: date | datetime, days: Days, holiday: str | None = None) -> When:
    """Read `text` as said on `base`; `holiday` is the one that a bare 节前 or 节后 means.

    A phrase without a year means its next occurrence if it is a deadline (8月10日前), the most
    recent one if it tells of something done, else the nearest. See `relations` for 前 and 后.
    """
    day = base.date() if isinstance(base, datetime) else base
    if not FIRST_YEAR < day.year < LAST_YEAR:
        return When(text, None, None, reason=f"只能读{FIRST_YEAR}年到{LAST_YEAR}年之间的日期。")
    return _read(text, script(text), Scene(day, days, holiday))


def _read(text: str, source: Script, scene: Scene) -> When:
    if not source.plain.strip():
        return When(text, None, None, reason="没有写时间。")
    mentions = find_mentions(source.plain, scene)
    reason = _doubt(source.plain, mentions)
    if reason is not None:
        return When(text, None, None, reason=reason)
    return as_when(text, mentions[0])


def as_when(text: str, mention: Mention) -> When:
    """Return what a mention means, or the reason why it names no day."""
    period = mention.period
    if period.flaw is not None:
        return When(text, None, None, reason=period.flaw)
    return When(text, period.first, period.last, period.tentative, period.note)


def _doubt(plain: str, mentions: tuple[Mention, ...]) -> str | None:
    rest = plain
    for mention in reversed(mentions):
        rest = rest[: mention.span.start] + "·" + rest[mention.span.end :]
    for pattern, reason in _VAGUE:
        if re.search(pattern, rest):
            return reason
    if not mentions:
        return "没有读出时间，请换个说法，例如“8月10日前”。"
    if len(mentions) > 1:
        named = "、".join(f"“{mention.text}”" for mention in mentions)
        return f"有不止一个时间：{named}，请只写一个。"
    if _SERIOUS.search(_HARMLESS.sub("", rest)):
        return f"只读懂了“{mentions[0].text}”，其余没有读懂，请换个说法。"
    return None


__all__ = ["Lean", "When", "as_when", "when"]
