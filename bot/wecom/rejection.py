"""The one answer to every callback that is not what WeCom would send."""

from typing import Literal

from bot.errors import BotError

Reason = Literal[
    "size",
    "envelope",
    "signature",
    "time",
    "encoding",
    "padding",
    "length",
    "receiver",
    "message",
    "agent",
]


class CallbackRejected(BotError):
    """A callback that cannot be trusted or read; the outside gets the same 403 for all of them.

    `reason` is for the log only: it names the failed check and holds nothing of the request.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__("请求未通过校验。")
        self.reason: Reason = reason
