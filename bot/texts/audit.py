"""What the office is told when something that should have happened did not."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

_LISTED = 10
"""Lines of one kind; the rest is counted."""
JOBS = {
    "plan_reminders": "编排提醒",
    "tidy_ticks": "清理运行记录",
    "tidy_findings": "清理自查记录",
    "tidy_nodes": "清理进程记录",
    "audit": "运行自查",
}
"""How the office calls what is done by the clock."""
_CHECKS = {
    "lost": "提醒是否都有消息",
    "reminder": "提醒是否都已编排",
    "lapsed": "停机期间错过的提醒",
    "folded": "没有单独发出的提醒",
    "failed": "没有送达的消息",
    "stranded": "滞留的消息",
    "overdue": "到点未发的消息",
    "run": "定时任务是否都已运行",
    "given_up": "失败的定时任务",
    "inbox": "等待补办的来信",
    "node": "后台进程",
}


@dataclass(frozen=True)
class Found:
    """One finding."""

    kind: str
    what: str = ""
    """The message, the job, the worker or the number that it is about."""
    who: str = ""
    """The person whom it concerns."""
    at: datetime | None = None
    until: datetime | None = None
    reason: str = ""
    count: int = 0
    replaced: bool = False
    """Whether a later message spoke for it."""
    down: tuple[datetime, datetime] | None = None
    """From when to when the bot was down, if that is why."""
    repaired: bool = False
    again: bool = False
    """Whether the office was told before."""


def person(userid: str, name: str) -> str:
    """Return a person with the account that is to be checked; `name` is empty for a stranger."""
    return f"{name}（账号 {userid}）" if name else f"账号 {userid}（不在名单）"


def about(kind: str, key: str, holiday: str = "", stage: str = "", point: int = 0) -> str:
    """Return how the office calls a message of the outbox."""
    if kind == "holiday":
        return f"{holiday}·{stage}"
    if kind == "deadline":
        return "到期提醒"
    if kind == "chase":
        return f"第{point}条催办" if point else "催办"
    return "对来信的答复" if key.startswith(("answer:", "click:")) else "通知"


def report(found: Sequence[Found]) -> str:
    """Tell all of it in one message, a paragraph for each kind."""
    parts = ["【运行提醒】系统自查发现："]
    for kind, tell in _PARAGRAPHS.items():
        for again in (False, True):
            alike = [one for one in found if one.kind == kind and one.again is again]
            if alike:
                parts.append(tell(alike))
    parts.append("现在的情况请回复“运行情况”查看。")
    return "\n".join(parts)


def moment(at: datetime | None) -> str:
    """Return `8月2日 09:07`."""
    return f"{at.month}月{at.day}日 {at:%H:%M}" if at else ""


def undelivered(found: Sequence[Found]) -> list[str]:
    """Return a line for each person whom messages did not reach, with the reason."""
    by_person: dict[tuple[str, str], list[str]] = {}
    for one in found:
        by_person.setdefault((one.who, one.reason), []).append(one.what)
    return _listed(
        f"· {who}：{_some(whats)}。{reason}" for (who, reason), whats in by_person.items()
    )


def _some(whats: list[str]) -> str:
    kinds = list(dict.fromkeys(whats))
    return kinds[0] if len(whats) == 1 else f"{'、'.join(kinds[:2])}等 {len(whats)} 条"


def _listed(lines: Iterable[str]) -> list[str]:
    every = list(lines)
    rest = len(every) - _LISTED
    return every[:_LISTED] + ([f"· 另有 {rest} 项"] if rest > 0 else [])


def _by_occasion(found: Sequence[Found]) -> list[str]:
    counted = Counter((one.what, one.at) for one in found)
    return _listed(f"· {what}（{moment(at)}）{n} 人" for (what, at), n in counted.items())


def _outcome(found: Sequence[Found], done: str) -> str:
    if found[0].again:
        return "补过一次，仍然没有补上，请技术人员查看日志。"
    return done if all(one.repaired for one in found) else "没能自动补上，请技术人员查看日志。"


def _reminder(found: Sequence[Found]) -> str:
    done = "已补排，会按补发的规矩发出。"
    return "\n".join(["以下提醒漏排了：", *_by_occasion(found), _outcome(found, done)])


def _lapsed(found: Sequence[Found]) -> str:
    return "\n".join(
        ["停机太久，以下提醒错过 15 天以上，不再发送，请看是否要人工联系：", *_by_occasion(found)]
    )


def _folded(found: Sequence[Found]) -> str:
    down = next((one.down for one in found if one.down), None)
    head = "以下提醒没有按时发出，现已过时，没有单独发送："
    if down:
        head = f"{moment(down[0])}至{moment(down[1])}机器人没有运行，错过的以下提醒没有单独发送："
    counted = Counter((one.what, one.at, one.replaced) for one in found)
    lines = (
        f"· {what}（{moment(at)}）{n} 人：{'由后一条代替' if replaced else '已过时，不再发送'}"
        for (what, at, replaced), n in counted.items()
    )
    return "\n".join([head, *_listed(lines)])


def _failed(found: Sequence[Found]) -> str:
    return "\n".join(["以下消息没有送达：", *undelivered(found)])


def _stranded(found: Sequence[Found]) -> str:
    done = "已放行，会重新发送；可能已经送达的不会再发。"
    return f"有 {len(found)} 条消息滞留在待发队列里。{_outcome(found, done)}"


def _overdue(found: Sequence[Found]) -> str:
    last = found[-1]
    return (
        f"有 {last.count} 条消息到点没有发出，最早的应在 {moment(last.at)} 发出。"
        "系统还在发送；如果数量一直不减少，请技术人员查看日志。"
    )


def _jobs(found: Sequence[Found]) -> list[str]:
    return _listed(f"· {JOBS.get(one.what, one.what)}（{moment(one.at)}）" for one in found)


def _run(found: Sequence[Found]) -> str:
    done = "已安排补做。"
    return "\n".join(["以下定时任务到点没有运行：", *_jobs(found), _outcome(found, done)])


def _given_up(found: Sequence[Found]) -> str:
    tail = "请技术人员查看日志。"
    return "\n".join(["以下定时任务多次失败，没有做成：", *_jobs(found), tail])


def _inbox(found: Sequence[Found]) -> str:
    lines = _listed(
        f"· {one.who} {moment(one.at)}{f'（编号 {one.what}）' if one.what else ''}" for one in found
    )
    head = "以下来信还没有办，发信人在等答复，请技术人员修好后运行 inbox replay 补办："
    return "\n".join([head, *lines])


def _node(found: Sequence[Found]) -> str:
    lines = _listed(f"· {one.what}：{one.count} 分钟没有心跳" for one in found)
    return "\n".join(["以下后台进程停了，其余进程仍在工作，请技术人员查看：", *lines])


def _halt(found: Sequence[Found]) -> str:
    lines = _listed(f"· {moment(one.at)}至{moment(one.until)}：{one.reason}" for one in found)
    return "\n".join(["以下时间发不出消息，现已恢复，积压的消息会按规矩发出：", *lines])


def _check(found: Sequence[Found]) -> str:
    names = "、".join(dict.fromkeys(_CHECKS.get(one.what, one.what) for one in found))
    return f"自查中这几项没有做成：{names}。请技术人员查看日志。"


_PARAGRAPHS: dict[str, Callable[[Sequence[Found]], str]] = {
    "halt": _halt,
    "failed": _failed,
    "lapsed": _lapsed,
    "folded": _folded,
    "reminder": _reminder,
    "lost": _reminder,
    "stranded": _stranded,
    "overdue": _overdue,
    "run": _run,
    "given_up": _given_up,
    "inbox": _inbox,
    "node": _node,
    "check": _check,
}
KINDS = tuple(_PARAGRAPHS)
"""Everything that can be found."""
