"""What can be answered without search: by number, law, section, fact, or assignment."""

import re

from bot.knowledge.duty_questions import duty_asked
from bot.knowledge.fact_questions import fact_asked
from bot.knowledge.library import Library
from bot.knowledge.numerals import NUMERAL, spaced
from bot.knowledge.requests import (
    ByArticle,
    ByFact,
    ByNumber,
    BySection,
    Request,
    Responsibility,
)
from bot.knowledge.tokens import longest_common, plain
from bot.language.numbers import whole
from bot.language.points import find_points
from bot.language.script import script

_ARTICLE_OF = spaced(
    r"(?:《([^《》]+)》"
    r"|([\u4e00-\u9fff]{0,30}?(?:法典?|条例|办法|规定|规则|细则|决定|意见|通知)))"
    r"(?:_[（(][^（()）]*[）)])?_(?:的|中的?|里面?)?_第?_(" + NUMERAL + r")_条"
)
_THIS_PAPER = re.compile(r"(?:请问|想问)?(?:这个|该|本|那个|这份|此)?(?:办法|规定|意见|通知|决定)")
_SECTION = spaced(
    r"第_(" + NUMERAL + r")_(?:个?(?:大?部分|大?板块|大块|大?方面|大类|大项)|章|节|块)"
    r"|第?([一二三四五六七八九十])大?(?:部分|板块)"
)
_POINT_OR_ARTICLE = re.compile(r"第\s*" + NUMERAL + r"\s*[条点]")
_LAST_SECTION = re.compile(r"最后一?(?:个?(?:大?部分|板块|方面)|章|节)")
_LAST_POINT = re.compile(r"最后一?[条点项]")
_SECTION_WORDS = re.compile(r"部分|章节|板块|那章|那节|那块|这块|方面")
_LONGEST_NUMBER = 12
_SHARED_WITH_TITLE, _SHARED_ALONE = 4, 9
"""Characters shared with a section's title: when 部分 or the like is said, and when it is not."""
_NAMED = ("要点", "工作要点", "#")
_POINT_TAIL = ("条", "点", "项", "号", "要点", "任务", "工作")
_ONLY_NUMBER = re.compile(
    r"[#第]?[\s\d零〇一二三四五六七八九十百、,，和到至-]+[条点项号]?"
    r"(?:是|讲|说|写|的)?了?(?:什么|啥|内容|原文|全文)*(?:是什么|是啥)?[?？。.!！]*"
)


def read_request(question: str, library: Library) -> Request | None:
    """Return what `question` asks for by rule, or None when it must be searched for."""
    text = question.strip()
    article = _article(text, library)
    if article is not None or library.plan is None:
        return article
    return (
        _fact(text, library)
        or _responsibility(text, library)
        or _section(text, library)
        or _number(text, library)
    )


def point_numbers(question: str, library: Library) -> tuple[int, ...]:
    """Return the point numbers that `question` names, in any form; the last for 最后一条."""
    plan = library.plan
    if plan is not None and _LAST_POINT.search(question):
        return (plan.points[-1].number,)
    narrow = script(question)
    found = find_points(narrow.plain)
    sure = all(_is_sure(narrow.plain[span.start : span.end]) for span in found.spans)
    if found.numbers and (sure or _ONLY_NUMBER.fullmatch(narrow.plain)):
        return found.numbers
    rest = narrow.plain.rstrip("?。.!")
    bare = whole(rest) if len(rest) <= _LONGEST_NUMBER else None
    return (bare,) if bare is not None and bare < 1000 else ()


def section_titled(text: str, library: Library, least: int) -> BySection | None:
    """Return the section whose title shares the longest string, at least `least`, with `text`."""
    if library.plan is None:
        return None
    asked = plain(text)
    shared = {s.number: longest_common(asked, plain(s.title)) for s in library.plan.sections}
    best = max(shared, key=lambda number: shared[number])
    return BySection(best) if shared[best] >= least else None


def _is_sure(stretch: str) -> bool:
    # In a report a bare 一条 may open a line; in a question 这一条 names nothing.
    return stretch.startswith(_NAMED) or (stretch[0] == "第" and stretch.endswith(_POINT_TAIL))


def _article(text: str, library: Library) -> ByArticle | ByNumber | None:
    match = _ARTICLE_OF.search(text)
    if match is None:
        return None
    named, number = match[1] or match[2], whole(match[3])
    if number is None or _THIS_PAPER.fullmatch(named):
        return None
    if library.plan is not None and plain(named).endswith("工作要点"):
        return ByNumber((number,))
    return ByArticle(library.laws.find(named), named, number)


def _fact(text: str, library: Library) -> ByFact | None:
    fact = None if _names_other_paper(text, library) else fact_asked(text)
    return ByFact(fact) if fact else None


def _names_other_paper(text: str, library: Library) -> bool:
    own = plain(library.plan.title) if library.plan else ""
    quoted = re.findall(r"《([^《》]+)》", text)
    return any(plain(name) not in own for name in quoted) or bool(library.laws.mentioned(text))


def _responsibility(text: str, library: Library) -> Responsibility | None:
    duty = duty_asked(text)
    if duty is None:
        return None
    return Responsibility(duty[0], point_numbers(text, library), duty[1])


def _number(text: str, library: Library) -> ByNumber | None:
    numbers = point_numbers(text, library)
    return ByNumber(numbers) if numbers else None


def _section(text: str, library: Library) -> BySection | None:
    assert library.plan is not None, "asked for by read_request"
    if _POINT_OR_ARTICLE.search(text):
        return None
    match = _SECTION.search(text)
    number = whole(match[1] or match[2]) if match else None
    if number is not None:
        return BySection(number)
    if _LAST_SECTION.search(text):
        return BySection(library.plan.sections[-1].number)
    least = _SHARED_WITH_TITLE if _SECTION_WORDS.search(text) else _SHARED_ALONE
    return section_titled(text, library, least)
