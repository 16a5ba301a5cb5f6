"""Which work points (要点) a message names. Dates, money, counts and 文号 are never points.

Numbers outside the plan are returned too: only the service knows the plan.
"""

import re
from dataclasses import dataclass

from bot.language.measures import LOOKALIKES, MEASURES
from bot.language.numbers import SMALL, whole
from bot.language.script import Span
from bot.language.words import any_of

_TAIL = r"(?:条|点|项(?:工作|任务|要点)?|个要点|号(?:要点|任务|工作))"
_PART = r"(?:[、,和及与跟]|以及)"
_TO = r"(?:[-~—–]|至|到)"
_MORE = r"(?![\d.月年日万元个名户人次%])"
_LIST = rf"(?P<list>{SMALL}{_TAIL}?(?:(?:{_PART}|{_TO})第?{SMALL}{_TAIL}?{_MORE})*)"
_STATE = any_of(
    "已 还 未 没 尚 正在 正 基本 全部 全 都 均 完成 办结 做完 搞定 弄完 卡 推 进[展度行] 落实",
    "启动 开展 现 目前",
    "刚 快 预计 计划 暂 无法 遇 因 由 报 在 差不多 走访 慰问 有[困问] 不",
)
_COMMAND = any_of(
    "催办 催一?下? 催催 销号 退回 更正 撤回 汇总 填报 进度 延期 申请延期 双清单 签收 查看? 查询",
    "看一?下? 关于",
    "汇报 报告 反馈 任务 改",
)
_ORDINAL_OTHERS = r"[季次批名组期届场个天周月年集团军师旅轮步阶段产副书位支部种款章节页卷版代\d]"
_THINGS = re.compile(
    any_of(
        "征集 收集 收到 收回 建议 意见 线索 信息 措施 解决 实事 提出 推送 标语 报道 新闻 问题",
        "需求 张贴 悬挂 共 计 约",
        "出台 政策 清单 发布 宣传",
    )
    + r"[^,。;第]{0,4}$"
)
_SPEAKER = re.compile(r"(?:县|市|区|局|办|部|会|队|这边|那边|我们|咱们?|我)(?:的|今年|目前)?$")
_LAW = re.compile(r"(?:》|法|条例|办法|规定|意见|决定|细则|章程|清单)\)?$")
_STANDARD = (
    re.compile(rf"(?:工作)?要点第?{_LIST}(?![年月日\d%])"),
    re.compile(rf"第{_LIST}(?:(?<=条|点|项)|(?<=任务|工作|要点)|(?!{_ORDINAL_OTHERS}))"),
    re.compile(rf"#{_LIST}(?!\d)"),
    re.compile(rf"(?<![\d.])任务{_LIST}(?=[,:。;]|$|{_STATE})"),
)
_BARE = re.compile(rf"(?<![\d.〔\[/第]){_LIST}(?<=条)")
_LEADING = re.compile(
    rf"^[\s\0]*(?:{_COMMAND}[:,\s]*)?(?P<list>{SMALL}(?:(?:{_PART}|{_TO}|\s+){SMALL}{_MORE})*)"
    r"(?P<gap>[.、,:;\s)]*)"
)
_STATE_NEXT = re.compile(_STATE)
_NOT_A_MEASURE = re.compile("|".join(LOOKALIKES))
_UNIT = re.compile(
    r"[年月日号点时分周天万亿千百十余多元块角毛%成期半季旬度岁级w/.\-~:]|" + "|".join(MEASURES)
)
_ENUMERATION = re.compile(r"^1[、.)].*[\n;。,\s]2[、.)]", re.DOTALL)
_DECIMAL_LIKE = (".", "、")
_ITEM = re.compile(rf"(?P<to>{_TO})?第?(?P<number>{SMALL})")


@dataclass(frozen=True)
class Points:
    """The point numbers in reading order without repeats, and where they stood."""

    numbers: tuple[int, ...]
    spans: tuple[Span, ...]


def find_points(plain: str) -> Points:
    """Return the work points that a message names."""
    matches = _standard(plain) or _bare(plain) or _leading(plain)
    numbers = tuple(dict.fromkeys(n for match in matches for n in _numbers(match["list"])))
    return Points(numbers, tuple(Span(match.start(), match.end("list")) for match in matches))


def _standard(plain: str) -> tuple[re.Match[str], ...]:
    found: list[re.Match[str]] = []
    for pattern in _STANDARD:
        for match in pattern.finditer(plain):
            if not _clashes(match, found) and not _cites_law(plain, match):
                found.append(match)
    if found:
        found.extend(match for match in _bare(plain) if not _clashes(match, found))
    return tuple(sorted(found, key=lambda match: match.start()))


def _clashes(match: re.Match[str], found: list[re.Match[str]]) -> bool:
    # 第11条第3项 names the point once; 第3项 is a part of it.
    return any(m.start() < match.end() and match.start() <= m.end() for m in found)


def _cites_law(plain: str, match: re.Match[str]) -> bool:
    return bool(_LAW.search(plain[: match.start()]))


def _bare(plain: str) -> tuple[re.Match[str], ...]:
    return tuple(match for match in _BARE.finditer(plain) if _bare_is_point(plain, match))


def _bare_is_point(plain: str, match: re.Match[str]) -> bool:
    before, after = plain[: match.start()], plain[match.end() :]
    if _THINGS.search(before) or _LAW.search(before):
        return False
    opens = not before or before[-1] in ",。;:!?\n、\0" or re.search(rf"{_COMMAND}$", before)
    return bool(opens) or bool(_STATE_NEXT.match(after)) or bool(_SPEAKER.search(before))


def _leading(plain: str) -> tuple[re.Match[str], ...]:
    match = _LEADING.match(plain)
    if match is None or not _stands_alone(plain, match):
        return ()
    return (match,)


def _stands_alone(plain: str, match: re.Match[str]) -> bool:
    rest = plain[match.end() :]
    if _ENUMERATION.search(plain):
        return False
    if not rest or _STATE_NEXT.match(rest):
        return True
    if not match["list"][-1].isdigit():
        return False
    if match["gap"]:
        return not (rest[0].isdigit() and match["gap"] in _DECIMAL_LIKE)
    return bool(_NOT_A_MEASURE.match(rest)) or not _UNIT.match(rest)


def _numbers(text: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for item in _ITEM.finditer(text):
        number = whole(item["number"])
        if number is None:
            continue
        if item["to"] and numbers and numbers[-1] < number <= numbers[-1] + 30:
            numbers.extend(range(numbers[-1] + 1, number + 1))
        else:
            numbers.append(number)
    return tuple(numbers)
