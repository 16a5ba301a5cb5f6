"""wechatpy's client with its faults mended, so that its whole API surface may be used.

Everything of wechatpy goes through `_request`; this one replaces it and thereby
- asks for the token through a TokenSource: shared, single-flight, at the configured server,
- repeats a call once after a refused token (wechatpy recurses until the stack ends, and its
  gettoken calls would have the address banned), for 41001 as well,
- sends all bytes again when it repeats an upload (wechatpy sends what is left of the file),
- bounds every call in time, and lets no exception carry a URL with a secret,
- tells a file from an error by the headers.
Not to be used: `media.get_url` and `media.download`, which go to a hard-coded host.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from wechatpy.enterprise.client import WeChatClient

from bot.wecom.errcodes import Outcome, classify, classify_with_new_token
from bot.wecom.failures import SendFailed
from bot.wecom.tokens import TokenSource
from bot.wecom.wire import Call, Wire, decoded, errcode_of

# what an error may be declared as; a file comes with its own type or as an attachment
_SPOKEN = frozenset({"", "application/json", "text/json", "text/plain", "text/html"})


def json_bytes(value: Mapping[str, object]) -> bytes:
    """Return `value` as JSON; equal values give equal bytes, which duplicate checks rely on."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode(errors="replace")


@dataclass(frozen=True)
class _Answer:
    response: requests.Response
    spoken: Mapping[str, object] | None  # None: a file

    @property
    def errcode(self) -> int:
        return errcode_of(self.spoken or {})

    @property
    def errmsg(self) -> str:
        return str((self.spoken or {}).get("errmsg", ""))


class MendedWeChatClient(WeChatClient):
    """`wechatpy.enterprise.WeChatClient` over our wire; raises CallFailed instead of its own."""

    def __init__(self, corp_id: str, wire: Wire, tokens: TokenSource) -> None:
        # the secret stays with the token's issuer
        super().__init__(corp_id, secret="", auto_retry=False)  # type: ignore[no-untyped-call]
        self._wire = wire
        self._tokens = tokens

    @property
    def access_token(self) -> str:
        """The shared token."""
        return self._tokens.get()

    def fetch_access_token(self) -> dict[str, str]:
        """Return the shared token in wechatpy's form; it is fetched only if that is due."""
        return {"access_token": self._tokens.get()}

    def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        """Return the JSON object, or the Response if it is a file."""
        if "://" in url_or_endpoint:
            raise ValueError("only paths: the server is configured, never written in code")
        call = _Prepared(method, url_or_endpoint, kwargs)
        answer = self._authorized(call)
        result = answer.response if answer.spoken is None else answer.spoken
        process = kwargs.get("result_processor")
        return process(result) if process else result

    def _authorized(self, call: "_Prepared") -> _Answer:
        token = self._tokens.get()
        answer = self._once(call, token)
        if classify(answer.errcode) is Outcome.TOKEN:
            self._tokens.invalidate(token)
            token = self._tokens.get()
            answer = self._once(call, token)
        if answer.errcode:
            outcome = classify_with_new_token(answer.errcode)
            raise SendFailed(outcome, answer.errcode, answer.errmsg.replace(token, "***"))
        return answer

    def _once(self, call: "_Prepared", token: str) -> _Answer:
        response = self._wire.exchange(call.with_token(token))
        return _Answer(response, None if _is_file(response) else decoded(response))


class _Prepared:
    """A request whose bytes are all in memory, so that it can be sent twice."""

    def __init__(self, method: str, path: str, options: Mapping[str, Any]) -> None:
        self._method = method.upper()
        self._path = path
        self._query: dict[str, str | int] = dict(options.get("params") or {})
        data = options.get("data")
        self._body = json_bytes(data) if isinstance(data, Mapping) else data
        files = options.get("files") or {}
        self._files = {name: _part(name, file) for name, file in files.items()} or None

    def with_token(self, token: str) -> Call:
        """Return the call as it goes out under `token`."""
        query = {**self._query, "access_token": token}
        return Call(self._method, self._path, query, self._body, self._files)


def _part(name: str, file: Any) -> tuple[str, bytes, str]:
    """Return (file name, all bytes, type) of a tuple of them, or of an open file."""
    if isinstance(file, tuple):
        return file
    return name, file.read(), "application/octet-stream"


def _is_file(response: requests.Response) -> bool:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return "Content-Disposition" in response.headers or kind not in _SPOKEN
