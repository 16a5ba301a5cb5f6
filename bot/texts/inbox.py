"""What the bot says about messages that are handled late."""

from datetime import datetime

SHOWN = 30
"""Characters of a message that are repeated to say which one is meant."""


def shortened(text: str) -> str:
    """Return the beginning of a message, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"


def moment(at: datetime) -> str:
    """Return when a message came."""
    return f"{at.month}月{at.day}日 {at:%H:%M}"


def answered(received_at: datetime, text: str, answer: str) -> str:
    """Answer a message that could not be handled when it came."""
    return f"【补办】您{moment(received_at)}发来的“{shortened(text)}”现已处理：\n{answer}"


def superseded() -> str:
    """The person sent the same again, and that was handled."""
    return (
        "您后来又发过同样的内容，已经办理，这一条不再重复办理。如果说的不是同一件事，请重新发一次。"
    )


def changed_since() -> str:
    """A correction came too late to say which report it means."""
    return (
        "您在这之后又填报或改动过，为免改错，这一条没有执行。如果仍要更正或撤回，请现在重新发一次。"
    )


def decided_since(task: str) -> str:
    """The office or the unit acted on this task in the meantime."""
    return f"{task}在这之后又有新的填报或审核，为免弄错，这一条没有执行。请查看后重新发一次。"
