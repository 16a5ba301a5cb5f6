"""What the bot asks of WeCom, typed. Every call raises CallFailed: SendFailed or SendUnknown.

Nothing is retried in here except once after a refused token: the outbox decides about the rest.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import requests

from bot.clock import Clock
from bot.errors import Refusal
from bot.wecom.account import Account, issuer
from bot.wecom.breaker import Trouble
from bot.wecom.errcodes import Outcome
from bot.wecom.failures import SendFailed
from bot.wecom.inbound import canonical_userid
from bot.wecom.media import Media, MediaKind, check_size, wire_name
from bot.wecom.outgoing import MAX_RECIPIENTS, Outgoing, send_body_bytes
from bot.wecom.tokens import TokenSource, TokenStore
from bot.wecom.wechat import MendedWeChatClient
from bot.wecom.wire import TIMEOUT, Wire

_NO_MENU = 46003


@dataclass(frozen=True)
class SendResult:
    """WeCom took the message, though perhaps not for everyone (that, too, is errcode 0).

    The userids are in canonical form. `unlicensed_users` lack the 基础接口许可. `response_code`
    is "" unless a card with buttons was sent.
    """

    msgid: str
    response_code: str
    invalid_users: tuple[str, ...]
    unlicensed_users: tuple[str, ...]


@dataclass(frozen=True)
class Member:
    """A member of the corp; apps made since June 2022 are not told telephone or e-mail."""

    userid: str
    name: str
    departments: tuple[int, ...]
    active: bool


class WeComClient:
    """One app of one corp. Threads share it; processes share its token through `store`.

    `clock` must show the machine's time: WeCom's tokens do not follow a rehearsal.
    """

    def __init__(
        self,
        account: Account,
        store: TokenStore,
        clock: Clock,
        timeout: tuple[float, float] = TIMEOUT,
        ca_bundle: Path | None = None,
    ) -> None:
        wire = Wire(account.api_base_url, timeout, ca_bundle)
        self._agent_id = account.agent_id
        self._tokens = TokenSource(account.token_key, store, clock, issuer(account, wire, clock))
        self._wechat = MendedWeChatClient(account.corp_id, wire, self._tokens)

    @property
    def token_trouble(self) -> Trouble | None:
        """Why no access token can be had at present; None if all is well."""
        return self._tokens.trouble

    def check(self) -> None:
        """Raise SendFailed unless the credentials are good and the server may be reached."""
        self._tokens.get()

    def send(self, message: Outgoing) -> SendResult:
        """Send once; see `send_bytes`."""
        return self.send_bytes(send_body_bytes(message, self._agent_id))

    def send_bytes(self, body: bytes) -> SendResult:
        """Send a body of `send_body_bytes`; after SendUnknown repeat exactly these bytes."""
        answer = self._post("message/send", data=body)
        return SendResult(
            str(answer.get("msgid") or ""),
            str(answer.get("response_code") or ""),
            _userids(answer.get("invaliduser")),
            _userids(answer.get("unlicenseduser")),
        )

    def update_template_card(
        self, userids: Sequence[str], response_code: str, change: Mapping[str, object]
    ) -> tuple[str, ...]:
        """Change a sent card for up to 1,000 people; returns whom it did not reach.

        `change` is cards.replaced_button or cards.replaced_card. A response code works once,
        within 72 hours (official page 94888).
        """
        if not 1 <= len(userids) <= MAX_RECIPIENTS:
            raise ValueError("a card is changed for 1 to 1000 people")
        body = {
            "userids": list(userids),
            "agentid": self._agent_id,
            "response_code": response_code,
            **change,
        }
        answer = self._post("message/update_template_card", data=body)
        return _userids(answer.get("invaliduser"))

    def upload_media(self, kind: MediaKind, content: bytes, filename: str) -> str:
        """Upload for three days and return the media id; a wrong size raises InputError."""
        check_size(kind, content)
        part = (wire_name(filename), content, "application/octet-stream")
        answer = self._post("media/upload", params={"type": kind.value}, files={"media": part})
        return _required(answer, "media_id")

    def get_media(self, media_id: str) -> Media:
        """Download what somebody sent."""
        answer = self._get("media/get", media_id=media_id)
        if not isinstance(answer, requests.Response):
            raise SendFailed(Outcome.TRANSIENT, None, "the answer holds no file")
        headers = answer.headers
        return Media(
            answer.content,
            headers.get("Content-Type", ""),
            _attachment_name(headers.get("Content-Disposition", "")),
        )

    def get_user(self, userid: str) -> Member:
        """Return a member whom the app can see."""
        answer = self._object("user/get", userid=userid)
        departments = answer.get("department")
        return Member(
            canonical_userid(_required(answer, "userid")),
            str(answer.get("name") or ""),
            tuple(departments) if isinstance(departments, list) else (),
            answer.get("status") in {None, 1},
        )

    def user_by_code(self, code: str) -> str:
        """Return the userid of the member who logs in with an OAuth code (once, 5 minutes).

        Somebody from outside the corp is refused (official page on auth/getuserinfo).
        """
        answer = self._object("auth/getuserinfo", code=code)
        userid = answer.get("userid") or answer.get("UserId")
        if not isinstance(userid, str):
            raise Refusal("您不是本企业微信的成员，不能打开此页面。如有需要，请联系双拥办。")
        return canonical_userid(userid)

    def create_menu(self, menu: Mapping[str, object]) -> None:
        """Replace the app's menu."""
        self._wechat.menu.create(self._agent_id, dict(menu))  # type: ignore[no-untyped-call]

    def get_menu(self) -> dict[str, object]:
        """Return the app's menu, {} if it has none."""
        try:
            return self._object("menu/get", agentid=self._agent_id)
        except SendFailed as failure:
            if failure.errcode == _NO_MENU:
                return {}
            raise

    def _get(self, path: str, **query: str | int) -> object:
        return self._wechat.get(path, params=query)  # type: ignore[no-untyped-call]

    def _object(self, path: str, **query: str | int) -> dict[str, object]:
        return _spoken(self._get(path, **query))

    def _post(self, path: str, **content: object) -> dict[str, object]:
        return _spoken(self._wechat.post(path, **content))  # type: ignore[no-untyped-call]


def _spoken(answer: object) -> dict[str, object]:
    if not isinstance(answer, dict):
        raise SendFailed(Outcome.TRANSIENT, None, "the answer is a file")
    return answer


def _required(answer: Mapping[str, object], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise SendFailed(Outcome.TRANSIENT, None, f"the answer holds no {name}")
    return value


def _userids(listed: object) -> tuple[str, ...]:
    return tuple(canonical_userid(part) for part in str(listed or "").split("|") if part.strip())


def _attachment_name(disposition: str) -> str:
    """Return the bare file name from a Content-Disposition header, in either of its two forms."""
    encoded = re.search(r"filename\*=utf-8''([^;]+)", disposition, re.IGNORECASE)
    plain = re.search(r'filename="?([^";]+)', disposition)
    if encoded:
        name = unquote(encoded[1])
    else:
        name = plain[1].encode("latin-1", "replace").decode(errors="replace") if plain else ""
    return re.split(r"[/\\]", name)[-1].strip()
