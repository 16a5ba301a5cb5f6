"""Money as 分: 24万元, 1.5万余元, 壹拾贰万元整, 8,000元, 3块5; 86.5万 where money is meant."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from bot.language.measures import LOOKALIKES, MEASURES, MONEY_KINDS
from bot.language.numbers import ABOUT, RUN, read_number
from bot.language.script import Span, clause_at

_MONEY_TALK = re.compile(
    "|".join(MONEY_KINDS)
    + r"|金额|投入|价值|折合|折价|拨付|拨款|支出|捐赠|捐资|筹集|筹措|花了|用了"
    r"|总计|合计|共计|发放|到账|落实"
)
_ABOUT_BEFORE = re.compile(rf"{ABOUT}$")
_ABOUT_AFTER = re.compile(r"左右|上下|以上|不到")
_TAIL = r"(?:(?P<jiao>[\d一二三四五六七八九])[角毛])?(?:(?P<cent>[\d一二三四五六七八九])分(?!之))?"
_EXPLICIT = re.compile(
    rf"(?<![\d.第])(?P<run>{RUN})(?P<mid>[余多来])?"
    rf"(?:(?:元|圆(?!满))(?:人民币)?{_TAIL}|人民币|RMB|rmb"
    r"|块(?:钱|整|(?P<odd>[\d一二三四五六七八九])[角毛]?(?!\d)))(?:整|正)?(?![素旦宵])"
)
_SIGNED = re.compile(rf"[¥￥$](?P<run>{RUN})")
_BARE = re.compile(rf"(?<![\d.第/:〔])(?P<run>{RUN})(?P<post>余|多)?")
_SPOKEN = re.compile(r"(?<![\d.第])(?P<run>\d[\d.]*)块(?=$|[,。;、!\n])")
_OTHER_UNIT = re.compile("|".join(MEASURES) + r"|[天周月年日号点时分%成元岁]")
_NOT_A_MEASURE = re.compile("|".join(LOOKALIKES))
_WANTS_MONEY = re.compile(
    r"(?:金|品|资金|经费|款|补助|补贴|物资)(?:共计?|总计|合计|约|为|是|有|:|了|发放|支出|投入|达|改为|改成)*$"
)


@dataclass(frozen=True)
class Amount:
    """Money in 分 as stated; `what` is the kind of money named beside it, "" if none."""

    fen: int
    approximate: bool
    text: str
    what: str
    span: Span


@dataclass(frozen=True)
class Money:
    """The amounts in order, and the numerals that speak of money without a unit."""

    amounts: tuple[Amount, ...]
    doubtful: tuple[Span, ...]


def find_money(plain: str) -> Money:
    """Return the money in a text whose dates, points and percentages are already masked."""
    amounts = [_signed(plain, match) for match in _SIGNED.finditer(plain)]
    for pattern in (_EXPLICIT, _SPOKEN):
        amounts.extend(_explicit(plain, match) for match in pattern.finditer(plain))
    known = [amount for amount in amounts if amount is not None]
    doubtful: list[Span] = []
    for match in _BARE.finditer(plain):
        span = Span(match.start(), match.end())
        if any(span.overlaps(amount.span) for amount in known) or _counts(plain, match.end()):
            continue
        _take_bare(plain, match, known, doubtful)
    return Money(tuple(sorted(known, key=lambda amount: amount.span.start)), tuple(doubtful))


def _take_bare(plain: str, match: re.Match[str], known: list[Amount], doubtful: list[Span]) -> None:
    span = Span(match.start(), match.end())
    clause = plain[clause_at(plain, span.start).start : span.start]
    large = match["run"].rstrip("余多")[-1:] in set("万亿wW")
    if large and _MONEY_TALK.search(clause):
        amount = _amount(plain, span, match["run"], Decimal(0), rough=bool(match["post"]))
        if amount:
            known.append(amount)
    elif match["run"][0].isdecimal() and (large or _WANTS_MONEY.search(clause)):
        doubtful.append(span)


def _counts(plain: str, end: int) -> bool:
    return bool(_OTHER_UNIT.match(plain, end)) and not _NOT_A_MEASURE.match(plain, end)


def _signed(plain: str, match: re.Match[str]) -> Amount | None:
    return _amount(plain, Span(match.start(), match.end()), match["run"], Decimal(0), rough=False)


def _explicit(plain: str, match: re.Match[str]) -> Amount | None:
    groups = match.groupdict()
    small = _digit(groups.get("jiao") or groups.get("odd")) / 10 + _digit(groups.get("cent")) / 100
    span = Span(match.start(), match.end())
    return _amount(plain, span, match["run"], small, rough=bool(groups.get("mid")))


def _amount(plain: str, span: Span, run: str, small: Decimal, *, rough: bool) -> Amount | None:
    number = read_number(run)
    if number is None or _in_range(plain, span):
        return None
    before = plain[max(0, span.start - 3) : span.start]
    about = bool(_ABOUT_BEFORE.search(before) or _ABOUT_AFTER.match(plain, span.end))
    fen = ((number.value + small) * 100).quantize(Decimal(1), ROUND_HALF_UP)
    approximate = rough or number.approximate or about
    return Amount(int(fen), approximate, plain[span.start : span.end], _what(plain, span), span)


def _in_range(plain: str, span: Span) -> bool:
    # 20至30万元 states no exact sum.
    return bool(re.search(r"\d万?元?[-~至到—]$", plain[: span.start]))


def _digit(text: str | None) -> Decimal:
    number = read_number(text) if text else None
    return number.value if number else Decimal(0)


def _what(plain: str, span: Span) -> str:
    after = re.match(rf"(?:的|等值)?({'|'.join(MONEY_KINDS)})", plain[span.end :])
    if after:
        return after[1]
    clause = plain[clause_at(plain, span.start).start : span.start]
    named = re.findall("|".join(MONEY_KINDS), clause)
    return named[-1] if named else ""
