"""What the bot says about reports."""

from collections.abc import Sequence
from datetime import date

from bot.domain.assignments import Assignment
from bot.domain.progress import Light, Report, Status
from bot.domain.work_points import label
from bot.texts.figures import day, figures

STATUS = {
    Status.DONE: "已完成",
    Status.IN_PROGRESS: "推进中",
    Status.NOT_STARTED: "未开始",
    Status.BLOCKED: "遇到困难",
}
STATUS_CHOICES = (Status.DONE, Status.IN_PROGRESS, Status.NOT_STARTED, Status.BLOCKED)
LIGHTS = {
    Light.CLOSED: "✅",
    Light.RETURNED: "↩️",
    Light.DONE: "🔵",
    Light.RED: "🔴",
    Light.YELLOW: "🟡",
    Light.GREEN: "🟢",
}
CORRECTABLE = "有误请回复“更正 …”，撤回请回复“撤回”。"


def title(part: Assignment) -> str:
    """Return how a task is named in every text: `第11条 八一走访慰问（临县）`."""
    return f"{label(part.point)} {part.task}（{part.unit}）"


def booked(
    parts: list[Assignment], report: Report, today: date, outdated: Sequence[Assignment] = ()
) -> str:
    """Echo every field that was read; for `outdated` tasks a newer report counts."""
    counted = [part for part in parts if part not in outdated]
    return "\n".join(
        [
            *(f"已记录：{title(part)}" for part in counted),
            *(f"已存档：{title(part)}（之后又有新的填报，以新的为准）" for part in outdated),
            *fields(report, today),
            *([CORRECTABLE] if counted else []),
        ]
    )


def unchanged(part: Assignment, report: Report, today: date) -> str:
    """The same was reported before."""
    return "\n".join(
        [f"这条已经记录过，没有重复登记：{title(part)}", *fields(report, today), CORRECTABLE]
    )


def corrected(part: Assignment, report: Report, today: date) -> str:
    """Echo the report as it stands after a correction."""
    return "\n".join([f"已更正：{title(part)}", *fields(report, today), CORRECTABLE])


def withdrawn(part: Assignment, before: Report | None) -> str:
    """A report was taken back; say what counts now."""
    now = f"现以上一次填报为准：{STATUS[before.status]}。" if before else "目前没有有效的填报。"
    return f"已撤回：{title(part)}的最近一次填报。\n{now}"


def fields(report: Report, today: date) -> list[str]:
    """Return the lines of a report's fields, only those it has."""
    percent = f"（{report.percent}%）" if report.percent not in {None, 0, 100} else ""
    lines = [f"状态：{STATUS[report.status]}{percent}"]
    if report.figures:
        lines.append(f"数字：{figures(report.figures)}")
    if report.completion:
        which = "完成日期" if report.status is Status.DONE else "预计完成"
        lines.append(f"{which}：{day(report.completion, today)}")
    if report.difficulty:
        lines.append(f"困难：{report.difficulty}")
    if report.late:
        lines.append("说明：已过完成时限，记为迟报")
    return lines


def nothing_open() -> str:
    """The person's unit has no open task."""
    return "贵单位目前没有待填报的任务。\n如要主动上报，请写明序号，例如“第11条 已完成”。"


def choose(tasks: list[tuple[Assignment, str]]) -> str:
    """Ask which task a report is about; each task comes with its present state."""
    lines = [
        f"{number}. {label(part.point)} {part.task}（{state}）"
        for number, (part, state) in enumerate(tasks, start=1)
    ]
    return "\n".join(["请问填报哪一项？请回复前面的数字：", *lines, "不填了请回复“取消”。"])


def choose_again(most: int) -> str:
    """The choice was not one of the numbers."""
    return f"请回复 1 到 {most} 之间的数字；不填了请回复“取消”。"


def ask_for_report(part: Assignment, today: date) -> str:
    """Ask for the report on the chosen task."""
    until = f"\n完成时限：{day(part.deadline, today)}" if part.deadline else ""
    standard = f"\n完成标准：{part.standard}" if part.standard else ""
    return (
        f"{title(part)}{until}{standard}\n"
        "请用一句话说明进展，例如“已完成，走访部队5个，慰问金24万元”。"
    )


def ask_for_status() -> str:
    """Only the state of the work is missing."""
    choices = "\n".join(f"{n}. {STATUS[s]}" for n, s in enumerate(STATUS_CHOICES, start=1))
    return f"还差一项：进展到哪一步了？请回复数字：\n{choices}\n不填了请回复“取消”。"


def split_figures(numbers: list[int]) -> str:
    """Figures cannot be shared by several points."""
    first = label(numbers[0])
    return (
        f"这条消息提到了{'、'.join(map(label, numbers))}，又有数字，"
        "分不清数字属于哪一条，没有登记。\n"
        f"请一条要点发一次，例如“{first} 已完成，走访部队5个”。"
    )


def split_states(numbers: list[int]) -> str:
    """Several points in different states cannot be booked as one."""
    return (
        f"这条消息里{'、'.join(map(label, numbers))}的进展不一样，没有登记。\n"
        f"请一条要点发一次，例如“{label(numbers[0])} 已完成”。"
    )


def extension(office: str) -> str:
    """An extension is for the office to grant."""
    return (
        f"延期需要{office}同意，请直接联系{office}说明原因。\n"
        "也可以先报进展，例如“第11条 推进中，预计8月10日完成”。"
    )


def already_closed(part: Assignment, office: str) -> str:
    """A closed task takes no more reports."""
    return f"{title(part)}已经销号，不能再改。如有变化，请联系{office}。"


def nothing_to_correct() -> str:
    """The person has no report that could be corrected."""
    return "没有可以更正或撤回的填报。要填报请发，例如“第11条 已完成，走访部队5个”。"


def correct_how() -> str:
    """更正 without anything after it."""
    return "请在“更正”后面写明正确的内容，例如“更正 走访部队6个，慰问金25万元”。"


def no_unit(office: str) -> str:
    """The person belongs to no unit."""
    return f"您的账号没有对应单位，不能填报。请联系{office}登记。"


def cancelled() -> str:
    """A guided dialogue was left."""
    return "好的，已取消，没有登记任何内容。"
