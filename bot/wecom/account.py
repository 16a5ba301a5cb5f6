"""Who the bot is towards WeCom, and how it proves that."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.clock import Clock
from bot.wecom.errcodes import Outcome, classify_with_new_token
from bot.wecom.failures import SendFailed, SendUnknown
from bot.wecom.tokens import Token, token_key
from bot.wecom.wire import Call, Wire, decoded, errcode_of

_LIFE = 7200  # seconds, where the answer does not say


@dataclass(frozen=True)
class Account:
    """A self-built app (自建应用) of a corp, on the server that hosts it."""

    corp_id: str
    agent_id: int
    secret: str = field(repr=False)
    api_base_url: str = "https://qyapi.weixin.qq.com"

    @property
    def token_key(self) -> str:
        """The name under which processes share this app's token."""
        return token_key(self.corp_id, self.agent_id, self.secret)


def issuer(account: Account, wire: Wire, clock: Clock) -> Callable[[], Token]:
    """Return the function that asks WeCom for a new token (official page 91039).

    wechatpy does this too, but always at qyapi.weixin.qq.com and without a timeout. The function
    raises SendFailed only: without a token nothing can have been sent.
    """
    query = {"corpid": account.corp_id, "corpsecret": account.secret}

    def fetch() -> Token:
        answer = _asked(wire, Call("GET", "gettoken", query))
        errcode = errcode_of(answer)
        errmsg = str(answer.get("errmsg", "")).replace(account.secret or "***", "***")
        if errcode:
            raise SendFailed(classify_with_new_token(errcode), errcode, errmsg)
        value = answer.get("access_token")
        if not isinstance(value, str) or not value:
            raise SendFailed(Outcome.TRANSIENT, None, "the answer holds no access token")
        life = timedelta(seconds=_seconds(answer.get("expires_in")))
        return Token(value, (clock.now() + life).replace(microsecond=0))

    return fetch


def _asked(wire: Wire, call: Call) -> dict[str, object]:
    try:
        return decoded(wire.exchange(call))
    except SendUnknown as unknown:
        lost = unknown.errmsg
    raise SendFailed(Outcome.TRANSIENT, None, lost)


def _seconds(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else _LIFE
