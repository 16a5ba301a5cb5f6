"""The door to WeCom: opens what comes in, hands it to the dispatcher, seals the answer."""

from collections.abc import Mapping
from datetime import datetime

from bot.clock import Clock
from bot.conversation.dispatcher import SILENCE, Answer, Dispatcher
from bot.conversation.flood import Flood
from bot.conversation.incoming import Incoming, Kind, from_wecom
from bot.faultpoints import reached
from bot.texts import conversation as texts
from bot.wecom import messages, replies
from bot.wecom.crypto import Codec
from bot.wecom.inbound import Inbound
from bot.wecom.rejection import CallbackRejected

Query = Mapping[str, str]


class Door:
    """Answers callbacks. Whatever is not WeCom's, or meant for another app of the corp, raises
    CallbackRejected. Events of the corp itself name no app.

    In a rehearsal (a shifted clock) the age of a request says nothing: whoever plays WeCom may
    live in real time or in the rehearsed one.
    """

    def __init__(self, codec: Codec, dispatcher: Dispatcher, clock: Clock, agent_id: int) -> None:
        self._codec = codec
        self._agent_id = agent_id
        self._dispatcher = dispatcher
        self._clock = clock
        self._flood = Flood(clock)

    def verify(self, query: Query) -> bytes:
        """Return the answer to the console's URL check (protocol.md section 1)."""
        return self._codec.verify_url(
            query.get("msg_signature", ""),
            query.get("timestamp", ""),
            query.get("nonce", ""),
            query.get("echostr", ""),
            self._now(),
        )

    def answer(self, query: Query, body: bytes) -> str:
        """Return the sealed passive reply to a message, or an empty string for none."""
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        opened = self._codec.open(
            body, query.get("msg_signature", ""), timestamp, nonce, self._now()
        )
        reached("callback.opened")
        message = messages.parse(opened.plaintext)
        if message.agent_id not in {None, self._agent_id}:
            raise CallbackRejected("agent")
        reply = self._reply(message, self._handled(from_wecom(message)))
        sealed = self._codec.seal(reply, timestamp, nonce, opened.key) if reply else ""
        reached("callback.sealed")
        return sealed

    def _handled(self, incoming: Incoming) -> Answer:
        if not self._flood.refuses(incoming):
            return self._dispatcher.handle(incoming)
        if incoming.kind is Kind.SILENT:
            return SILENCE
        if incoming.kind is Kind.CLICK:
            return Answer(button=texts.clicked_too_fast())
        return Answer(text=texts.too_fast())

    def _now(self) -> datetime | None:
        return None if self._clock.shifted else self._clock.now()

    def _reply(self, message: Inbound, answer: Answer) -> bytes:
        envelope = replies.answer_to(message, self._clock.now())
        if answer.button:
            return replies.update_button(envelope, answer.button)
        return replies.text(envelope, answer.text) if answer.text else replies.EMPTY
