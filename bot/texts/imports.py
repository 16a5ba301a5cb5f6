"""What the command line says after an import."""

from bot.domain.work_points import WorkPlan


def plan(imported: WorkPlan, version: int, changed: tuple[int, ...], *, new: bool) -> str:
    """A plan was read."""
    head = f"《{imported.title}》（{imported.number}）"
    size = f"{len(imported.sections)} 个部分、{len(imported.points)} 条要点"
    if new:
        return f"已导入{head}：{size}。"
    if not changed:
        return f"{head}与已有内容相同，没有改动。"
    numbers = "、".join(map(str, changed))
    return (
        f"已更新{head}为第 {version} 版：第 {numbers} 条有变化，"
        "这些要点的进度重新开始，其余要点的进度保留。"
    )


def roster(units: int, people: int, changed: int) -> str:
    """A roster was read."""
    if not changed:
        return f"名单 {units} 个单位、{people} 人，与已有内容相同，没有改动。"
    return f"已导入名单：{units} 个单位、{people} 人，新增或修改 {changed} 项。"


def assignments(rows: int, parts: int, changed: int) -> str:
    """A responsibility split was read."""
    if not changed:
        return f"责任分工 {rows} 项任务，与已有内容相同，没有改动。"
    return f"已导入责任分工：{rows} 项任务，落实到 {parts} 个单位次，新增或修改 {changed} 项。"


def policy(title: str, passages: int, *, changed: bool) -> str:
    """A policy document was read."""
    if not changed:
        return f"《{title}》与已有内容相同，没有改动。"
    return f"已导入《{title}》：{passages} 条。"


def policies_failed(count: int) -> str:
    """Some documents could not be read."""
    return f"有 {count} 个文件没有导入："


def calendar(years: dict[int, int]) -> str:
    """A holiday notice was read."""
    return "".join(f"已导入 {year} 年放假调休安排 {days} 天。" for year, days in years.items())
