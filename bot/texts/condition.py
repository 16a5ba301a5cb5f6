"""How the bot is, as the office reads it."""

from dataclasses import dataclass
from datetime import datetime

from bot.texts.audit import JOBS, moment


@dataclass(frozen=True)
class Condition:
    """What is shown. `halted` is why nothing can be sent, `letters` what waits for a repair."""

    now: datetime
    halted: str
    workers: int
    silent: tuple[str, ...]
    waiting: int
    oldest: datetime | None
    audited: datetime | None
    found: int
    undelivered: tuple[str, ...]
    runs: tuple[tuple[str, datetime], ...]
    letters: tuple[str, ...]


def condition(shown: Condition) -> str:
    """Return it all, the worst first."""
    lines = [
        f"【运行情况】{moment(shown.now)}",
        shown.halted or "发送：正常",
        _waiting(shown),
        _workers(shown),
        _audited(shown),
    ]
    if shown.undelivered:
        lines += ["近七天没有送达的消息：", *shown.undelivered]
    if shown.runs:
        named = "、".join(f"{JOBS.get(job, job)}（{moment(due)}）" for job, due in shown.runs[:5])
        lines.append(f"近七天没有做成的定时任务：{named}，请技术人员查看日志。")
    if shown.letters:
        lines.append(
            f"等待补办的来信：{len(shown.letters)} 条（编号 {'、'.join(shown.letters[:5])}）。"
        )
    return "\n".join(lines)


def halted(since: datetime, reason: str) -> str:
    """Say that nothing can be sent, since when and why."""
    return f"自{moment(since)}起发不出消息：{reason}恢复后积压的消息会自动发出。"


def with_warning(answer: str, warning: str) -> str:
    """Put below another answer that nothing can be sent."""
    return f"{answer}\n\n⚠ {warning}" if warning else answer


def _waiting(shown: Condition) -> str:
    if not shown.waiting or shown.oldest is None:
        return "待发：没有到点未发的消息"
    minutes = int((shown.now - shown.oldest).total_seconds() // 60)
    return f"待发：{shown.waiting} 条到点未发，最早的已等 {minutes} 分钟"


def _workers(shown: Condition) -> str:
    if not shown.workers and not shown.silent:
        return "后台进程：没有在运行，提醒不会发出，请技术人员启动"
    line = f"后台进程：{shown.workers} 个在运行"
    if shown.silent:
        line += f"；{len(shown.silent)} 个没有心跳（{'、'.join(shown.silent)}），请技术人员查看"
    return line


def _audited(shown: Condition) -> str:
    if shown.audited is None:
        return "自查：还没有做过"
    result = f"发现 {shown.found} 项，已另行通知" if shown.found else "没有发现问题"
    return f"自查：{moment(shown.audited)}，{result}"
