"""What the bot says about who has to do what until when."""

from datetime import date

from bot.domain.assignments import Assignment, Part
from bot.domain.work_points import label
from bot.texts.figures import day

UNKNOWN = "文件未明确，待双拥办确认"


def responsibility(number: int, parts: list[Assignment], office: str) -> str:
    """Say who is responsible and until when; only what the office entered."""
    if not parts:
        return (
            f"【{label(number)}】的责任单位和完成时限：{UNKNOWN}。\n"
            f"工作要点原文没有写明责任单位和时限，如需了解请联系{office}。"
        )
    lines = [f"【{label(number)}】责任分工（{office}登记，非文件原文）："]
    for task in dict.fromkeys(part.task for part in parts):
        lines += _task(task, [part for part in parts if part.task == task])
    return "\n".join(lines)


def _task(task: str, parts: list[Assignment]) -> list[str]:
    leads = [part.unit for part in parts if part.part is Part.LEAD]
    supports = [part.unit for part in parts if part.part is Part.SUPPORT]
    lines = [f"· {task}", f"  牵头：{'、'.join(leads) or UNKNOWN}"]
    if supports:
        lines.append(f"  配合：{'、'.join(supports)}")
    deadline = parts[0].deadline
    lines.append(f"  时限：{day(deadline) if deadline else UNKNOWN}")
    if parts[0].standard:
        lines.append(f"  标准：{parts[0].standard}")
    return lines


def my_tasks(unit: str, tasks: list[tuple[Assignment, str, str]], today: date) -> str:
    """List a unit's open tasks, each with its light and the reason for it."""
    lines = [f"{unit}待办任务 {len(tasks)} 项："]
    for part, light, reason in tasks:
        until = f"，{day(part.deadline, today)}前" if part.deadline else "，未定时限"
        lines.append(f"{light} {label(part.point)} {part.task}（{part.part}{until}）{reason}")
    lines.append("填报请发，例如“第11条 已完成，走访部队5个”，或回复“进度”逐项填报。")
    return "\n".join(lines)


def no_tasks(unit: str) -> str:
    """The unit owes nothing."""
    return f"{unit}目前没有待办任务。"


def leader_has_no_tasks() -> str:
    """Somebody without a unit of their own asks for their tasks."""
    return "您名下没有需要填报的任务。回复“汇总”可以查看总体进度。"
