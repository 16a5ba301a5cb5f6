"""Whether a clause speaks of what was done or of what is promised, and so which year it means."""

import re
from datetime import date, timedelta

from bot.language.anchors import Kind
from bot.language.period import Lean, Period, choose, monday
from bot.language.script import Span, clause_at

_PROMISE = re.compile(
    r"(?:预计|计划|拟|力争|争取|确保|保证|最迟|最晚|不晚于|不迟于|[延改顺推拖][期迟后到至长]?[到至]|延期|打算|准备|将"
    r"|定于|定在|预定|要求|限|务必|尽量|估计|大概|得到|要到|赶在|截止|承诺|希望|应|须|请|打算)[^,。;!?\n]{0,10}$"
)
_AFTER_ALL_DONE = re.compile(r"已经?[于在]$")
_DONE = re.compile(r"已|曾|[完做开访办成过报发]了|完毕|刚")
_RECENT = timedelta(days=30)
"""A named day without a year is the coming one, unless it was within these last days."""


def is_promised(plain: str, span: Span) -> bool:
    """Whether a word of promise (预计, 力争, 延期到) leads up to the time at `span`."""
    before = plain[clause_at(plain, span.start).start : span.start]
    return bool(_PROMISE.search(before)) and not _AFTER_ALL_DONE.search(before)


def pick(
    candidates: tuple[Period, ...],
    plain: str,
    span: Span,
    base: date,
    *,
    deadline: bool,
    kind: Kind,
) -> Period:
    """Return the occurrence that the clause around `span` means."""
    if is_promised(plain, span):
        return choose(candidates, base, Lean.NEXT) or candidates[0]
    clause = clause_at(plain, span.start)
    if _DONE.search(plain, clause.start, clause.end):
        lean = Lean.NEAREST if deadline else Lean.LAST
        return choose(candidates, base, lean) or candidates[0]
    if deadline:
        return choose(candidates, base, Lean.NEXT) or candidates[0]
    if kind is Kind.WEEKDAY:
        candidates = tuple(one for one in candidates if one.first >= monday(base)) or candidates
    if kind in {Kind.FEAST, Kind.LUNAR}:
        return choose(candidates, base - _RECENT, Lean.NEXT) or candidates[0]
    return choose(candidates, base, Lean.NEAREST) or candidates[0]
