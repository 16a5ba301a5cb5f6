"""Summaries that fit a phone."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.progress import Light, Report
from bot.domain.work_points import label
from bot.texts.figures import figures
from bot.texts.progress import LIGHTS, STATUS
from bot.texts.work_points import short_title


@dataclass(frozen=True)
class Tally:
    """How many tasks there are and what has come of them; `done` includes `closed`."""

    all: int
    reported: int
    done: int
    closed: int
    overdue: int
    returned: int


@dataclass(frozen=True)
class PointLine:
    """One point of the overall summary."""

    number: int
    title: str
    tally: Tally


@dataclass(frozen=True)
class UnitLine:
    """One unit of a point's summary."""

    unit: str
    task: str
    light: Light
    reason: str
    report: Report | None


def title(tasks: list[str], text: str) -> str:
    """Return a point's title: its only task, else the beginning of its text."""
    return short_title(tasks[0] if len(tasks) == 1 else text, most=12)


def overall(name: str, total: Tally, rows: list[PointLine], now: datetime) -> str:
    """All points, a line each; points without any task in one last line."""
    lines = [
        f"《{name}》进度汇总（{now.month}月{now.day}日 {now:%H:%M}）",
        f"任务 {total.all} 项：{_counts(total)}",
        *(_point(row) for row in rows if row.tally.all),
    ]
    idle = [str(row.number) for row in rows if not row.tally.all]
    if idle:
        lines.append(f"尚未分工、也无填报的要点：第 {'、'.join(idle)} 条")
    lines.append("看某一条请发“第11条 汇总”，催报请发“催办 第11条”。")
    return "\n".join(lines)


def _point(row: PointLine) -> str:
    tally = row.tally
    mark = "🔴 " if tally.overdue else ""
    more = f"，逾期{tally.overdue}" if tally.overdue else ""
    more += f"，退回{tally.returned}" if tally.returned else ""
    return (
        f"{mark}{label(row.number)} {row.title}："
        f"报{tally.reported}/{tally.all}，完成{tally.done}，销号{tally.closed}{more}"
    )


def _counts(tally: Tally) -> str:
    parts = [
        f"已报 {tally.reported}",
        f"完成 {tally.done}",
        f"销号 {tally.closed}",
        f"逾期 {tally.overdue}",
        f"退回 {tally.returned}",
        f"未报 {tally.all - tally.reported}",
    ]
    return "，".join(parts)


def of_point(number: int, name: str, total: Tally, lines: list[UnitLine], today: date) -> str:
    """One point by unit; those who need attention stand first, the silent by task."""
    tasks = list(dict.fromkeys(line.task for line in lines))
    several = len(tasks) > 1
    text = [
        f"{label(number)} {name}（{today.month}月{today.day}日）",
        _counts(total),
        *(_unit(line, several=several) for line in lines if line.report is not None),
    ]
    for task in tasks:
        silent = [line.unit for line in lines if line.task == task and line.report is None]
        if silent:
            which = f"·{task}" if several else ""
            text.append(f"未报{which}（{len(silent)} 家）：{'、'.join(silent)}")
    if total.reported < total.all:
        text.append(f"催报请发“催办 {label(number)}”。")
    return "\n".join(text)


def _unit(line: UnitLine, *, several: bool) -> str:
    assert line.report is not None
    status = STATUS[line.report.status]
    parts = [f"{line.report.percent}%" if line.report.percent not in {None, 0, 100} else ""]
    parts += [status, line.reason if line.light is not Light.GREEN else ""]
    parts.append(figures(line.report.figures))
    said = "，".join(dict.fromkeys(part for part in parts if part))
    task = f"·{line.task}" if several else ""
    return f"{LIGHTS[line.light]} {line.unit}{task}：{said}"


def unassigned(number: int, office: str) -> str:
    """Nobody has this point, and nobody reported on it."""
    return f"{label(number)}还没有登记责任单位，也没有填报。请{office}导入责任分工后再看。"
