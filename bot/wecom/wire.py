"""One HTTP exchange with WeCom: bounded in time, and silent about secrets.

requests' own exceptions carry the URL, and with it the secret or the token. They are therefore
never raised on, nor kept as a cause: what leaves this module is a CallFailed raised outside of
the `except` block.
"""

import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError, NewConnectionError

from bot.errors import ConfigError
from bot.wecom.errcodes import Outcome
from bot.wecom.failures import CallFailed, SendFailed, SendUnknown

TIMEOUT = (3.0, 10.0)  # seconds to connect, and to wait for the answer
_CONNECTIONS = 32  # kept open; 8 parallel senders are plenty for 100,000 recipients


@dataclass(frozen=True)
class Call:
    """A request to `/cgi-bin/{path}`; `query` may hold secrets, so it is never shown."""

    method: str
    path: str
    query: Mapping[str, str | int] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    files: Mapping[str, tuple[str, bytes, str]] | None = field(default=None, repr=False)


class Wire:
    """The connection to one API server (`api_base_url`); threads may share it."""

    def __init__(
        self,
        base_url: str,
        timeout: tuple[float, float] = TIMEOUT,
        ca_bundle: Path | None = None,
    ) -> None:
        self._base = f"{_checked(base_url)}/cgi-bin/"
        self._timeout = timeout
        self._http = requests.Session()
        self._http.verify = str(ca_bundle) if ca_bundle else True
        # a proxy of the office does not know the simulator on this machine
        self._http.trust_env = not _is_loopback(base_url)
        for scheme in ("http://", "https://"):
            self._http.mount(scheme, HTTPAdapter(pool_maxsize=_CONNECTIONS))

    def exchange(self, call: Call) -> requests.Response:
        """Return the answer with status 200.

        Raises SendFailed if the request did not arrive or was refused below WeCom's own
        protocol, SendUnknown if it may have arrived.
        """
        response = self._attempt(call)
        if isinstance(response, CallFailed):
            raise response
        if response.status_code != 200:
            raise SendFailed(
                _status_outcome(response.status_code), None, f"HTTP {response.status_code}"
            )
        return response

    def _attempt(self, call: Call) -> requests.Response | CallFailed:
        """Redirects are not followed: they would take the token to another host."""
        try:
            return self._http.request(
                call.method,
                self._base + call.path,
                params=dict(call.query),
                data=call.body,
                files=dict(call.files) if call.files else None,
                headers={"Content-Type": "application/json"} if call.body else None,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            return _failure(error)


def decoded(response: requests.Response) -> dict[str, object]:
    """Return the JSON object of an answer; anything else raises SendFailed."""
    try:
        answer = json.loads(response.content.decode(errors="replace"), strict=False)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise SendFailed(Outcome.TRANSIENT, None, "the answer is not a JSON object")
    return answer


def errcode_of(answer: Mapping[str, object]) -> int:
    """Return the answer's errcode, -1 for what can be none; 0, or none at all, means success."""
    code = str(answer.get("errcode") or 0)
    return int(code) if re.fullmatch("-?[0-9]{1,9}", code) else -1


def _checked(base_url: str) -> str:
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        raise ConfigError(
            "配置项 wecom.api_base_url 不正确：应形如 https://qyapi.weixin.qq.com ，不带问号参数。"
        )
    return base_url.rstrip("/")


def _is_loopback(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _failure(error: requests.RequestException) -> CallFailed:
    name = type(error).__name__
    if _never_left(error):
        return SendFailed(Outcome.TRANSIENT, None, name)
    return SendUnknown(name)


def _never_left(error: requests.RequestException) -> bool:
    """Whether no connection came about, so that WeCom cannot have seen the request."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    if isinstance(error, requests.exceptions.SSLError | requests.exceptions.InvalidURL):
        return True
    inner = error.args[0] if error.args else None
    return isinstance(inner, MaxRetryError) and isinstance(inner.reason, NewConnectionError)


def _status_outcome(status: int) -> Outcome:
    if status >= 500:
        return Outcome.TRANSIENT
    return Outcome.RATE if status == 429 else Outcome.CONFIG
