# mypy: disable-error-code="no-untyped-call,attr-defined"
# (wechatpy has no types)
"""What the `wechatcom` channel of chatgpt-on-wechat does with a text, rebuilt from its description.

The project is on GitHub only (zhayujie/chatgpt-on-wechat), so this is our own small server on the
same libraries. It does what that channel does for each message and less of the rest (no plugins,
no session memory), and its model answers at once with the question. Per message:

1. web.py takes the request, wechatpy decrypts and parses it, a line is logged to the screen and
   to `run.log`, the message joins its sender's queue in memory, and `success` goes back.
2. Ten times a second one thread takes a message from each queue, with at most four of one sender
   under way, and gives it to a pool of eight threads.
3. There the answer is made and pushed by wechatpy to WeCom's API, one call each.

Orders beyond the port: the port of the API.
"""

import logging
import sys
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import RLock, Thread

import web
from wechatpy.enterprise import WeChatClient, parse_message
from wechatpy.enterprise.crypto import WeChatCrypto
from wechatpy.enterprise.exceptions import InvalidCorpIdException
from wechatpy.exceptions import InvalidSignatureException

from bench.peers.process import HOST, Orders, orders

WORKERS = 8
AT_ONCE = 4
"""Messages of one sender under way."""
LOOK = 0.1
"""Seconds between two looks at the queues."""

log = logging.getLogger("wechatcom")


@dataclass
class _Line:
    """One sender's messages that wait, and how many are under way."""

    waiting: deque[str] = field(default_factory=deque)
    under_way: int = 0


class Channel:
    """Opens callbacks, answers later."""

    def __init__(self, given: Orders) -> None:
        self._crypto = WeChatCrypto(given.token, given.encoding_aes_key, given.corp_id)
        self._agent = given.agent_id
        WeChatClient.API_BASE_URL = f"http://{HOST}:{given.others[0]}/cgi-bin/"
        # A token is fetched once in two hours: here it is there already.
        self._client = WeChatClient(given.corp_id, given.secret, access_token="stub")
        self._pool = ThreadPoolExecutor(WORKERS)
        self._lines: dict[str, _Line] = {}
        # An answer may be done before its callback is added, which then runs in the same thread.
        self._lock = RLock()
        Thread(target=self._consume, daemon=True).start()

    def take(self, body: bytes, signature: str, timestamp: str, nonce: str) -> None:
        """Open a callback and let its message wait; raises wechatpy's two exceptions."""
        opened = self._crypto.decrypt_message(body, signature, timestamp, nonce)
        message = parse_message(opened)
        with self._lock:
            self._lines.setdefault(message.source, _Line()).waiting.append(message.content)

    def _consume(self) -> None:
        while True:
            with self._lock:
                for sender, line in list(self._lines.items()):
                    self._look_at(sender, line)
            time.sleep(LOOK)

    def _look_at(self, sender: str, line: _Line) -> None:
        if not line.waiting:
            if not line.under_way:
                del self._lines[sender]
        elif line.under_way < AT_ONCE:
            line.under_way += 1
            future = self._pool.submit(self._answer, sender, line.waiting.popleft())
            future.add_done_callback(lambda done: self._answered(line, done))

    def _answer(self, sender: str, text: str) -> None:
        self._client.message.send_text(self._agent, sender, text)
        log.info("sent to %s: %s", sender, text)

    def _answered(self, line: _Line, done: Future[None]) -> None:
        if done.exception():
            log.error("not sent: %s", done.exception())
        with self._lock:
            line.under_way -= 1


class Callback:
    """The page that WeCom calls."""

    channel: Channel

    def POST(self) -> str:  # noqa: N802 - web.py calls it so
        """Take one message."""
        query = web.input()
        log.info("received %s", query)
        try:
            self.channel.take(web.data(), query.msg_signature, query.timestamp, query.nonce)
        except (InvalidSignatureException, InvalidCorpIdException):
            raise web.Forbidden
        return "success"


def main() -> None:
    """Serve for ever."""
    given = orders()
    form = logging.Formatter("[%(levelname)s][%(asctime)s] %(message)s")
    for handler in (logging.StreamHandler(sys.stdout), logging.FileHandler("run.log")):
        handler.setFormatter(form)
        log.addHandler(handler)
    log.setLevel(logging.INFO)
    Callback.channel = Channel(given)
    app = web.application(("/wecom/callback", Callback), autoreload=False)
    web.httpserver.runsimple(app.wsgifunc(), (HOST, given.port))


if __name__ == "__main__":
    main()
