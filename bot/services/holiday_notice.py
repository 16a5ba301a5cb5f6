"""A 放假调休 notice, as the State Council words it or as a .csv, read into facts about days."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from unicodedata import normalize

from bot.domain.calendar import DayFact, required_names
from bot.domain.holidays import canonical
from bot.errors import InputError
from bot.services import cells
from bot.services.tables import Row, Table, decode, parse_table, read_bytes

COLUMNS = ("日期", "上班或放假", "节日", "依据")

_NAME = r"(?:元旦|春节|清明|[\"“]?(?:五一|十一)[\"”]?|(?:国际)?劳动|端午|中秋|国庆)"
_ONE = rf"{_NAME}(?:国际劳动|国庆)?节?"
_HEADING = re.compile(rf"({_ONE}(?:[、和]{_ONE})*):")
_YEAR = re.compile(r"(\d{4})年(?:部分节假日|元旦|春节|1月\d{1,2}日)")
_NUMBER = re.compile(r"国办发明电[〔\[(【](\d{4})[〕\])】]第?(\d+)号")
_TOKEN = re.compile(r"(?<!\d)(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^()]*)\))?")
_WEEKDAY = re.compile(r"(?:星期|周)([一二三四五六日天])")
_CLAUSE = re.compile(r"[,。;](?![^()]*\))")
_VERB = re.compile(r"放假|补休|上班")
# Explanations between the rulings, and the date of signature.
_ASIDE = re.compile(r"其中|法定|公休|调至|休息|国务院|^\d{4}年\d+月\d+日$")
_TOTAL = re.compile(r"共(\d+)天|放假(\d+)天")
_RANGE = re.compile(r"[至到\-—–~]+")
_DAY = timedelta(days=1)
_LONGEST = 15
_WORKED = {"上班": True, "放假": False}


@dataclass(frozen=True)
class _Section:
    """One holiday's paragraph. `off` and `worked` are filled in the order of the text."""

    name: str
    year: int
    text: str
    off: list[date]
    worked: list[date]


class _Unreadable(Exception):
    """A clause that cannot be right; its text is the sentence for the clerk."""


def read_notice_file(path: Path) -> tuple[DayFact, ...]:
    """Read a notice from a file (text or .csv); InputError as in `read_notice`."""
    return read_notice(decode(path.name, read_bytes(path)))


def read_notice(text: str) -> tuple[DayFact, ...]:
    """Return the days that a notice sets, in order of date.

    Takes the notice's own wording (the forms of 2010–2026) or a .csv with `COLUMNS`. Raises
    InputError that names every place that cannot be read or cannot be right: a weekday that is
    not its date's, a total that does not add up, a day both off and worked, a missing holiday.
    """
    if _is_csv(text):
        return _from_table(parse_table("放假安排", text.encode(), COLUMNS))
    return _from_wording(re.sub(r"\s", "", normalize("NFKC", text)))


def _is_csv(text: str) -> bool:
    head = "\n".join(text.splitlines()[:10])
    return all(column in head for column in COLUMNS[:3])


def _from_table(table: Table) -> tuple[DayFact, ...]:
    facts: dict[date, tuple[Row, DayFact]] = {}
    problems: list[str] = []
    for row in table.rows:
        try:
            fact = _fact(row)
        except _Unreadable as problem:
            problems.append(f"第{row.number}行：{problem}")
            continue
        if fact.day in facts:
            problems.append(f"第{row.number}行：{fact.day}与第{facts[fact.day][0].number}行重复。")
        facts[fact.day] = (row, fact)
    if problems:
        raise InputError("这份放假安排有读不通的地方，没有导入：", tuple(problems))
    return tuple(fact for _, fact in sorted(facts.values(), key=lambda pair: pair[1].day))


def _fact(row: Row) -> DayFact:
    found = cells.day(row.cell("日期"))
    if found is None:
        raise _Unreadable(f"日期“{row.text('日期')}”读不懂，请写成 2026-10-01 这样。")
    if row.text("上班或放假") not in _WORKED:
        raise _Unreadable("“上班或放假”一列只能写上班或放假。")
    if not row.text("节日"):
        raise _Unreadable("没有写节日。")
    if not row.text("依据"):
        raise _Unreadable("没有写依据，请写明哪份通知。")
    return DayFact(found, _WORKED[row.text("上班或放假")], row.text("节日"), row.text("依据"))


def _from_wording(text: str) -> tuple[DayFact, ...]:
    year = _YEAR.search(text)
    if year is None:
        raise InputError("没有找到年份，请连同标题“关于××××年部分节假日安排的通知”一起导入。")
    sections = list(_sections(text, int(year[1])))
    if not sections:
        raise InputError("没有读到“一、元旦：……放假……”这样的条目，请检查是不是放假通知的原文。")
    problems = [problem for section in sections for problem in _read(section)]
    problems += _missing(sections, int(year[1])) + _contradictions(sections)
    if problems:
        raise InputError("这份放假通知有读不通的地方，没有导入：", tuple(problems))
    source = _source(text, int(year[1]))
    return tuple(sorted(_facts(sections, source), key=lambda fact: fact.day))


def _sections(text: str, year: int) -> Iterator[_Section]:
    headings = list(_HEADING.finditer(text))
    ends = [heading.start() for heading in headings] + [len(text)]
    for heading, end in zip(headings, ends[1:], strict=True):
        name = re.sub(r"[\"“”]", "", heading[1])
        yield _Section(name, year, text[heading.end() : end], [], [])


def _read(section: _Section) -> Iterator[str]:
    for clause in _CLAUSE.split(section.text):
        try:
            _take(section, clause)
        except _Unreadable as problem:
            yield f"{section.name}：{problem}"
    if not section.off:
        yield f"{section.name}：没有读到哪天放假。"


def _take(section: _Section, clause: str) -> None:
    verb = _VERB.search(clause)
    if verb:
        days = list(_days(section, clause[: verb.start()]))
        _book(section, verb[0], days)
    elif _TOKEN.search(clause) and not _ASIDE.search(clause):
        raise _Unreadable(f"“{clause}”没有写明放假还是上班。")
    if "连休" in clause:
        section.off.extend(_weekend_around(section.off))
    total = _TOTAL.search(clause)
    if total:
        _check_total(section, int(total[1] or total[2]))


def _book(section: _Section, verb: str, days: Sequence[date]) -> None:
    if verb != "上班":
        section.off.extend(days)
        return
    for day in days:
        if day.weekday() < 5:
            raise _Unreadable(f"{_said(day)}本来就是工作日，不必写“上班”，请核对日期。")
    section.worked.extend(days)


def _days(section: _Section, words: str) -> Iterator[date]:
    tokens = list(_TOKEN.finditer(words))
    if re.search(r"\d", _TOKEN.sub("", words)):
        raise _Unreadable(f"“{words}”里的日期读不懂。")
    last: date | None = None
    end = 0
    for token in tokens:
        day = _day(section, token, last)
        between = words[end : token.start()]
        if last and _RANGE.fullmatch(between):
            yield from _through(last + _DAY, day)
        else:
            yield day
        last, end = day, token.end()
    if last and _RANGE.match(words[end:]):
        raise _Unreadable(f"“{words}”没有写到哪天为止。")


def _day(section: _Section, token: re.Match[str], last: date | None) -> date:
    if not token[2] and last is None:
        raise _Unreadable(f"“{token[0]}”没有写明月份。")
    month = int(token[2]) if token[2] else last.month if last else 0
    # A notice's 元旦 may begin in the December before; other holidays never do.
    before = month == 12 and "元旦" in section.name
    year = int(token[1]) if token[1] else section.year - before
    try:
        day = date(year, month, int(token[3]))
    except ValueError:
        raise _Unreadable(f"没有“{token[0]}”这一天。")
    _check_weekday(day, token)
    return day


def _check_weekday(day: date, token: re.Match[str]) -> None:
    stated = _WEEKDAY.search(token[4] or "")
    if stated and "一二三四五六日".index(stated[1].replace("天", "日")) != day.weekday():
        raise _Unreadable(
            f"{day.year}年{day.month}月{day.day}日是{_weekday(day)}，不是{stated[0]}。"
        )


def _through(first: date, last: date) -> Iterator[date]:
    if not first <= last <= first + _DAY * _LONGEST:
        raise _Unreadable(f"从{_said(first - _DAY)}到{_said(last)}，先后或长短不对。")
    for later in range((last - first).days + 1):
        yield first + _DAY * later


def _weekend_around(off: Sequence[date]) -> list[date]:
    near = (day + _DAY * step for day in off for step in (-2, -1, 1, 2))
    weekend = {day for day in near if day.weekday() >= 5}
    held = weekend | set(off)
    # 与周末连休: only a weekend that touches the day off.
    return sorted(day for day in weekend - set(off) if any(_touches(day, one, held) for one in off))


def _touches(day: date, off: date, held: set[date]) -> bool:
    step = _DAY if off > day else -_DAY
    while day != off and day in held:
        day += step
    return day == off


def _check_total(section: _Section, stated: int) -> None:
    counted = len(set(section.off))
    if counted != stated:
        raise _Unreadable(f"写的是共{stated}天，按日期数是{counted}天。")


def _missing(sections: Sequence[_Section], year: int) -> list[str]:
    named = {canonical(part) for one in sections for part in re.split("[、和]", one.name)}
    # A paper about a single holiday changes a notice; one about several must be whole.
    if len(sections) == 1:
        return []
    return [f"没有读到{name}的安排。" for name in sorted(required_names(year) - named)]


def _contradictions(sections: Sequence[_Section]) -> list[str]:
    off = {day for section in sections for day in section.off}
    worked = {day for section in sections for day in section.worked}
    return [f"{_said(day)}又放假又上班。" for day in sorted(off & worked)]


def _facts(sections: Sequence[_Section], source: str) -> Iterator[DayFact]:
    for section in sections:
        for day in sorted(set(section.off)):
            yield DayFact(day, working=False, name=section.name, source=source)
        for day in sorted(set(section.worked)):
            yield DayFact(day, working=True, name=section.name, source=source)


def _source(text: str, year: int) -> str:
    title = f"国务院办公厅关于{year}年部分节假日安排的通知"
    number = _NUMBER.search(text)
    return f"{title}（国办发明电〔{number[1]}〕{number[2]}号）" if number else title


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日（{_weekday(day)}）"


def _weekday(day: date) -> str:
    return "星期" + "一二三四五六日"[day.weekday()]
