"""What the bot says about decisions of the office."""

from bot.domain.assignments import Assignment
from bot.domain.progress import Light, Report
from bot.domain.work_points import label
from bot.texts.progress import STATUS, title


def closed(parts: list[Assignment]) -> str:
    """The office closed these tasks."""
    return "\n".join([*(f"已销号：{title(part)}" for part in parts), "已通知该单位联络员。"])


def closed_for_unit(part: Assignment) -> str:
    """Tell the unit that its task is closed."""
    return f"【销号通知】{title(part)}已由双拥办审核销号，感谢配合。"


def closed_already(part: Assignment) -> str:
    """Nothing is left to close."""
    return f"{title(part)}已经销号，不需要再次操作。"


def own_report(part: Assignment) -> str:
    """The closer wrote the report."""
    return f"{title(part)}是您本人填报的，不能由本人销号，请由双拥办其他同志审核。"


def nothing_reported(number: int, unit: str) -> str:
    """There is no report to decide on."""
    return f"{unit}还没有填报{label(number)}，暂时不能销号或退回。可回复“催办 {label(number)}”。"


def not_done(part: Assignment, report: Report, light: Light) -> str:
    """The unit has not reported the task as done."""
    now = (
        "已被退回、尚未重报" if light is Light.RETURNED else f"最近填报为“{STATUS[report.status]}”"
    )
    return f"{title(part)}{now}，还没有报完成，不能销号。"


def returned(part: Assignment, reason: str) -> str:
    """The office returned a report."""
    return f"已退回：{title(part)}\n原因：{reason}\n已通知该单位联络员重新填报。"


def returned_for_unit(part: Assignment, reason: str) -> str:
    """Tell the unit why its report came back."""
    return (
        f"【退回通知】{title(part)}的填报已退回。\n原因：{reason}\n"
        f"请补充后重新填报，例如“{label(part.point)} 已完成，……”。"
    )


def returned_already(part: Assignment) -> str:
    """The report was returned before and waits for a new one."""
    return f"{title(part)}已经退回，正在等该单位重新填报。"


def reason_missing(number: int, unit: str) -> str:
    """A return needs a reason."""
    return f"请写明退回原因，例如“退回 {label(number)} {unit} 缺照片”。"


def name_point_and_unit(word: str) -> str:
    """The command lacks its point or unit."""
    example = "退回 第11条 临县 缺照片" if word == "退回" else "销号 第11条 临县"
    return f"请写明要点序号和单位，例如“{example}”。"


def unknown_unit(nearest: str | None) -> str:
    """No unit of the roster is named."""
    hint = f"，是不是“{nearest}”" if nearest else ""
    return f"名单里没有找到这个单位{hint}。请按名单上的单位名称填写，例如“销号 第11条 临县”。"
