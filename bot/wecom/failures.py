"""How a call to WeCom can fail. No text here ever holds a URL, a secret or a token."""

from bot.errors import BotError
from bot.log import redact
from bot.wecom.errcodes import Outcome, explain


class CallFailed(BotError):
    """Base of both. `str()` is a Chinese sentence for the office.

    `errcode` is None where WeCom did not answer in its own words; `errmsg` is redacted and for
    the log only.
    """

    def __init__(self, outcome: Outcome, errcode: int | None = None, errmsg: str = "") -> None:
        code = "" if errcode is None else f"（错误码 {errcode}）"
        super().__init__(f"{explain(errcode, outcome)}{code}")
        self.outcome = outcome
        self.errcode = errcode
        self.errmsg = redact(errmsg)[:300]


class SendFailed(CallFailed):
    """WeCom refused the call or could not be reached; `outcome` says whether to try again."""


class SendUnknown(CallFailed):
    """The request went out and no answer came: it may have been carried out.

    Repeat it only byte for byte and with enable_duplicate_check (Outcome.AMBIGUOUS).
    """

    def __init__(self, errmsg: str = "") -> None:
        super().__init__(Outcome.AMBIGUOUS, None, errmsg)
