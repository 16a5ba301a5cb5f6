"""What the bot says when it reminds. Every reminder says how to answer it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.assignments import Assignment
from bot.domain.reminders import Audience
from bot.domain.work_points import label
from bot.texts.figures import day


@dataclass(frozen=True)
class Stage:
    """What a holiday reminder is about. `topic` is how the office calls the work."""

    name: str
    audience: Audience
    holiday: str
    topic: str
    point: int
    holiday_date: date
    today: date
    tentative: bool = False


def _until(stage: Stage) -> str:
    left = (stage.holiday_date - stage.today).days
    when = day(stage.holiday_date, stage.today)
    return f"{stage.holiday}（{when}）还有 {left} 天" if left > 0 else f"{stage.holiday}是{when}"


def _plan(stage: Stage) -> str:
    return (
        f"{_until(stage)}，请安排{stage.topic}，并报走访计划：谁带队、走访哪些对象、什么时间。\n"
        f"一句话回复即可，例如“{label(stage.point)} 推进中，计划走访部队5个，节前完成”。"
    )


def _plan_again(stage: Stage) -> str:
    return (
        f"{_until(stage)}，还没有收到贵单位的{stage.topic}计划，请尽快报来。\n"
        f"例如“{label(stage.point)} 推进中，计划走访部队5个”。"
    )


def _near(stage: Stage) -> str:
    return (
        f"{_until(stage)}，请抓紧落实{stage.topic}。\n"
        f"完成后回复，例如“{label(stage.point)} 已完成，走访部队5个，慰问金24万元”；"
        f"有困难请直接说明。"
    )


def _greeting(stage: Stage) -> str:
    wish = "祝您和家人新春快乐、阖家幸福" if stage.holiday == "春节" else "向您致以节日的问候"
    return f"今天是{stage.holiday}，{wish}，感谢您一年来为双拥工作付出的辛劳。"


def _result(stage: Stage) -> str:
    return (
        f"{stage.holiday}已过，请报{stage.topic}结果：走访了多少、慰问金和慰问品多少、有什么困难。\n"
        f"例如“{label(stage.point)} 已完成，走访部队5个，慰问金24万元”。"
    )


def _result_again(stage: Stage) -> str:
    return (
        f"还没有收到贵单位的{stage.topic}结果，请尽快报来，以便汇总。\n"
        f"例如“{label(stage.point)} 已完成，走访部队5个，慰问金24万元”；没有开展的也请说明。"
    )


def _border(stage: Stage) -> str:
    return (
        f"{_until(stage)}。“情系边海防官兵”活动要提前准备，"
        "请着手安排慰问信、慰问品的征集和寄送，邮路较长，宜早不宜迟。"
    )


_BY_NAME: dict[str, Callable[[Stage], str]] = {
    "报计划": _plan,
    "催计划": _plan_again,
    "临近": _near,
    "前三个工作日": _near,
    "当天": _greeting,
    "报结果": _result,
    "催结果": _result_again,
    "情系边海防": _border,
}


def holiday(stage: Stage, *, late: bool = False) -> str:
    """Return the text of one stage; a stage of the office's own is named as it stands."""
    head = "【补发】" if late else ""
    body = _BY_NAME.get(stage.name, _near)(stage)
    note = "\n（放假安排以国务院办公厅通知为准，日期暂定）" if stage.tentative else ""
    return f"{head}【{stage.holiday}·{stage.name}】{body}{note}"


def holiday_summary(stage: Stage, summary: str) -> str:
    """Tell the office what came of a holiday's campaign."""
    return f"【{stage.holiday}·{stage.name}】{stage.topic}填报情况：\n{summary}"


def deadline(parts: list[tuple[Assignment, str]], today: date) -> str:
    """Remind of tasks near, on or after their deadline, all of a person's in one message."""
    lines = [
        f"· {label(part.point)} {part.task}（{day(part.deadline, today)}前）{reason}"
        for part, reason in parts
        if part.deadline
    ]
    first = label(parts[0][0].point)
    return "\n".join(
        [
            f"【到期提醒】贵单位有 {len(lines)} 项任务请留意：",
            *lines,
            f"一句话回复即可填报，例如“{first} 已完成”；需要更多时间也请说明原因。",
        ]
    )


def chase(number: int, title: str, round_: int) -> str:
    """Ask for a report that has not come."""
    return (
        f"【催办 第{round_}次】还没有收到贵单位{label(number)}“{title}”的进展，请抽空回复。\n"
        f"例如“{label(number)} 推进中，已走访部队2个”；有困难请直接说明。"
    )


@dataclass(frozen=True)
class Round:
    """A round of chasing as the office is told of it. `later` is set when it waits for morning."""

    number: int
    round: int
    units: tuple[str, ...]
    unreached: tuple[str, ...]
    people: int
    later: datetime | None


def chased(done: Round) -> str:
    """Tell the office whom its chasing reaches."""
    lines = [
        f"催办 {label(done.number)}（第 {done.round} 次）",
        f"未答复的 {len(done.units)} 家单位、{done.people} 位联络员：",
        "、".join(done.units),
    ]
    if done.unreached:
        lines.append(f"其中名单里没有联络员、没能通知的：{'、'.join(done.unreached)}")
    if done.later:
        lines.append(f"现在是休息时间，将于{day(done.later.date())} {done.later:%H:%M} 发出。")
    else:
        lines.append("已向联络员发出。")
    return "\n".join(lines)


def nobody_silent(number: int) -> str:
    """Everybody has answered."""
    return f"{label(number)}的责任单位都已答复，不需要催办。"


def nobody_assigned(number: int, office: str) -> str:
    """There is nobody to chase."""
    return f"{label(number)}还没有登记责任单位，不知道该催谁。请{office}先导入责任分工。"


def nobody_to_tell(units: list[str]) -> str:
    """The silent units have no contact."""
    return f"这些单位还没有答复，但名单里没有它们的联络员：{'、'.join(units)}。请补充名单。"


def name_point() -> str:
    """催办 without a point."""
    return "请写明催办哪一条，例如“催办 第11条”。"
