"""How people ask for what the plan's document says of itself: 文号, 日期, 条数, …."""

import re

from bot.knowledge.requests import Fact

_PAPER = r"(?:要点|文件|通知|这份|材料|全文)"
_WHEN = r"(?:什么时候|啥时候|何时|哪天|哪一天|哪年|几月|几号|多会儿|什么时间)"
_ISSUED = r"(?:印发|发布|下发|发的|发文|出的|发出|成文|公布|制定的|出台的|落款)"
_OFFICE = r"(?:谁|哪个单位|哪个部门|哪家单位|哪个机关|哪里|哪儿|什么单位|什么部门|哪)"
_NAME = r"(?:标题|全称|名称|题目|名字|叫什么|叫啥)"
_WHICH = r"(?:都|主要|要)*(?:有哪些|有什么|做哪些|做什么|抓什么|抓哪些)"
_PARTS = r"(?:部分|大部分|板块|大板块|大块|大类|章节|章)"

_PATTERNS: tuple[tuple[Fact, tuple[str, ...]], ...] = (
    (
        Fact.NUMBER,
        (r"文号|发文字号|文件编?号|几号文|多少号文", r"文件.{0,3}(?:编号|号码)"),
    ),
    (
        Fact.DATE,
        (
            _WHEN + r".{0,4}" + _ISSUED,
            r"(?:印发|发布|下发|发文|成文|落款|公布)的?(?:日期|时间|是?" + _WHEN + r")",
            r"(?:文件|要点|通知).{0,3}(?:日期|是?" + _WHEN + r"(?:发|印|下|出)?的?$)",
        ),
    ),
    (
        Fact.ISSUER,
        (
            _OFFICE + r"(?:印发|发布|下发|发文|发的|发出|制定的这|出的文|出的|落款)",
            r"(?:发文|印发|发布|制发|落款|下发)(?:机关|单位|部门|机构|的?是谁|的?是?哪个?单位)",
            r"(?:文件|要点|通知).{0,4}(?:谁|哪个单位|哪个部门)(?:制定|发|定|写|起草)",
        ),
    ),
    (
        Fact.SECTIONS,
        (
            r"(?:几|多少|哪几|哪些|哪四|四)个?" + _PARTS,
            r"(?:分|有)(?:哪几|几)(?:块|大块|方面)",
            r"^(?:今年|全市|我市|本市)*双拥(?:工作)?" + _WHICH + r"(?:工作|任务|重点|内容)?$",
            _PAPER + r".{0,6}(?:主要内容|总体内容|大致内容|框架|结构|目录|概况|概要)",
            _PAPER
            + r".{0,6}(?:讲了(?:什么|些什么|啥)|都有(?:什么|啥|哪些)|说了(?:什么|些什么|啥))",
            _PAPER + r".{0,6}(?:(?:包括|包含)(?:什么|哪些)(?:内容|方面)?$|有哪些内容|有哪些$)",
        ),
    ),
    (
        Fact.COUNT,
        (
            r"(?:一共|总共|共|全文|合计|文件|要点|总的|里面?|这次|今年).{0,8}(?<!第)(?:多少|几)(?:条|项|点|个要点)",
            r"^有?(?:多少|几)(?:条|个要点|点|项)(?:要点|工作|任务)?",
            r"(?<!第)(?:多少|几)条(?:要点|内容|工作)",
        ),
    ),
    (
        Fact.TITLE,
        (
            r"(?:文件|要点|通知|双拥文|材料).{0,4}" + _NAME,
            r"^(?:标题|全称|题目)|(?:标题|全称|题目)(?:是|叫)",
        ),
    ),
)
_COMPILED = tuple((fact, re.compile("|".join(patterns))) for fact, patterns in _PATTERNS)


def fact_asked(question: str) -> Fact | None:
    """Return the fact of the document that `question` asks for, or None."""
    asked = re.sub(r"[\s?？。!！]", "", question)
    return next((fact for fact, pattern in _COMPILED if pattern.search(asked)), None)
