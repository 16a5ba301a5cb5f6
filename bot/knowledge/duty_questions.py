"""How people ask who is responsible and until when: no point of a plan may say it."""

import re

from bot.knowledge.requests import Asked

_UNIT = r"(?:单位|部门|局|科室|机构|责任人|同志|人)"
_WHICH = r"(?:谁|哪里|哪一家|哪家" + _UNIT + r"?|(?:哪个|哪些|哪几个|什么)" + _UNIT + r")"
_DUTY = r"(?:来)?(?:牵头|负责|主管|承办|主办|主抓|抓|落实|组织|分管|管|承担|配合|办|干|做)"
_ROLE = r"(?:牵头|责任|配合|承办|主责|主办|主管|分管|负责)"
_WHEN = r"(?:什么时候|啥时候|何时|几号|哪天|哪一天|几月份?|多久|什么时间|多长时间)"
_BY = r"(?:之?前|以前|以?内|要|得|必须|应该?|能|需要?)*"
_END = (
    r"(?:完成|办完|做完|搞完|弄完|办结|落实|报|上报|交|上交|结束|到位|截止|到期|要求完成|出台|销号|完"
    r"|弄好|搞好|做好|办好)"
)

_PATTERNS: tuple[tuple[Asked, tuple[str, ...]], ...] = (
    (
        Asked.WHO,
        (
            r"(?:由|归|让|是|该|应该|应由|要)?" + _WHICH + _DUTY,
            r"(?:由|归|是|该|属于?)(?:谁(?!都|能|可以)|哪家|(?:哪个?|什么)"
            + _UNIT
            + r")(?:的|管|来)?",
            r"哪个" + _UNIT,
            _ROLE + r"的?(?:单位|部门|人|领导)(?:是|为)?(?:谁|哪|什么)?",
            _ROLE + r"的?是(?:谁|哪|什么)",
            r"谁(?:的责任|的活|的事|的任务|是责任人|担责)|责任(?:在|归)谁|谁家的(?:活|事)",
        ),
    ),
    (
        Asked.WHEN,
        (
            _WHEN + _BY + r"(?:把.{0,12})?" + _END,
            r"(?:完成|办结|截止|上报|办理)的?(?:时限|时间|期限|日期|到什么时候|节点)",
            r"截止|最后期限|最晚|最迟|时间节点|期限|什么时限|到期|deadline",
            r"(?:时限|限期)(?:是|到|有|为)?(?:什么|多|哪|几)|(?:时限|时间要求)(?:是|呢|$)",
        ),
    ),
)
_COMPILED = tuple((asked, re.compile("|".join(p), re.IGNORECASE)) for asked, p in _PATTERNS)
_STATED = re.compile(r"责任分工和?时限|分工和时限|时限要求(?:怎么|写|要|明确)|怎么落实时限")
"""The document itself speaks of 责任分工和时限要求 (point 18): a question on its words."""


def duty_asked(question: str) -> tuple[Asked, str] | None:
    """Return what of an assignment is asked for, and the question without those words."""
    if _STATED.search(question):
        return None
    for asked, pattern in _COMPILED:
        match = pattern.search(question)
        if match:
            return asked, question[: match.start()] + question[match.end() :]
    return None
