"""What a question asks for that a passage cannot say: sums, counts, names, papers to bring.

A point may fit a question's subject and still not hold its answer. Each row has the name of what
is asked for, how it is asked for, and what a passage must hold to answer it.
"""

import re

from bot.knowledge.tokens import plain

_SUM = r"(?:金|补助|补贴|津贴|奖励|工资|待遇|费|款|抚恤|优待)"
_COUNTED = r"(个|名|人|次|家|套|户|支|所|字|天|岁|页|篇|场|批|分|课时|万|元|块)"

_ROWS: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = (
    (
        "金额或标准",
        re.compile(
            r"多少钱|多少元|几块钱|多少万|金额|价格|"
            + _SUM
            + r".{0,4}(?:标准|多少|怎么算|如何计算|计算)|(?:奖|补|发|给|领|报销)(?:多少|几)|免费"
        ),
        re.compile(r"[\d一二三四五六七八九十百千万]元|倍|百分之|%|免费|减免|免[交费购]"),
    ),
    (
        "办理手续或材料",
        re.compile(
            r"(?:什么|哪些|啥)(?:材料|手续|证件|证明|条件|流程)|办理流程|流程(?:是|有)|申请表"
            r"|(?:怎么|如何)申[请领]|(?:怎么|如何|在?哪里?)(?:办理|补办|换发|报名|申办)"
            r"|报名(?:条件|时间)|条件(?:$|是|有)|证.{0,2}(?:怎么|如何)[办补换领]"
        ),
        re.compile(r"申请|材料|手续|提交|办理|出具|证明|报名"),
    ),
    (
        "名单",
        re.compile(r"名单|哪几家|哪几个(?:人|单位)(?!.{0,2}负责)"),
        re.compile(r"名单|附件|分别是"),
    ),
    (
        "办公地点",
        re.compile(r"地址|办公地点|在哪(?:条路|个楼|办公|里办)|在什么地方"),
        re.compile(r"路|号楼|中心|窗口|服务站|所在地"),
    ),
)
_COUNT = re.compile(r"(?:多少|(?<!十)几)" + _COUNTED + r"(?!部分|方面|条|月|时)")
_NUMERAL = r"[\d一二三四五六七八九十百千万两双]+(?:余|多)?"


def gap(question: str, passage: str) -> str | None:
    """Return the name of what `question` asks for and `passage` does not hold, or None."""
    kind = kind_missing(question, passage)
    counted = _COUNT.search(plain(question))
    if kind or counted is None or re.search(_NUMERAL + r"\s*" + counted[1], passage):
        return kind
    return "数量"


def kind_missing(question: str, passage: str) -> str | None:
    """Do the same without counts: 第11条有几个要求 asks to count what stands there."""
    asked = plain(question)
    for name, asks, holds in _ROWS:
        if asks.search(asked) and not holds.search(passage):
            return name
    return None
