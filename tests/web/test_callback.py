"""The callback over real HTTP: who is WeCom gets an answer, everybody else the same 403."""

import base64
import os
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from bot.app import Bot
from bot.clock import Clock
from bot.storage.inbox import InboxRow
from bot.web.server import WebServer
from simulator.crypto import BLOCK
from tests.support.caller import Caller, Request
from tests.support.office import ISSUE_DAY, Office

MEGABYTE = 1024 * 1024
FORBIDDEN = (403, b"forbidden", "text/plain; charset=utf-8")
TOO_MUCH = {403, 413}
"""A server may refuse a body by its size before anybody looks at the signature."""


@pytest.fixture
def good(office: Office, caller: Caller) -> Request:
    """A genuine message, to be spoilt in one place."""
    return caller.sealed(caller.text("linxian", "第11条 已完成", office.clock.now()), ISSUE_DAY)


def stored(office: Office) -> int:
    """Return how many messages the bot remembers."""
    count = office.bot.database.read(
        lambda session: session.scalar(select(func.count()).select_from(InboxRow))
    )
    return count or 0


# --- the console's check of the URL


def test_the_url_check_is_answered_with_exactly_the_plaintext(caller: Caller) -> None:
    answer = caller.call(caller.verification(b"1616140317555161061", ISSUE_DAY))
    assert (answer.status_code, answer.content) == (200, b"1616140317555161061")


WHOLE_BLOCKS = base64.b64encode(bytes(range(3 * BLOCK))).decode()
"""It decrypts to bytes of which no padding, length and corp id are right."""


CHECKS: dict[str, Callable[[Caller], Request]] = {
    "wrong signature": lambda c: c.verification(b"1", ISSUE_DAY).with_query(msg_signature="0" * 40),
    "signature in other letters": lambda c: c.verification(b"1", ISSUE_DAY).with_query(
        msg_signature="签名"
    ),
    "without signature": lambda c: c.verification(b"1", ISSUE_DAY).without("msg_signature"),
    "without timestamp": lambda c: c.verification(b"1", ISSUE_DAY).without("timestamp"),
    "without nonce": lambda c: c.verification(b"1", ISSUE_DAY).without("nonce"),
    "without echostr": lambda c: c.verification(b"1", ISSUE_DAY).without("echostr"),
    "without anything": lambda c: Request({}, method="GET"),
    "other corp": lambda c: c.verification(b"1", ISSUE_DAY, corp_id="ww0000000000000000"),
    "bad padding": lambda c: c.asking(WHOLE_BLOCKS, ISSUE_DAY),
    "not base64": lambda c: c.asking("%%%", ISSUE_DAY),
    "no whole block": lambda c: c.asking(base64.b64encode(b"x" * 33).decode(), ISSUE_DAY),
    "empty": lambda c: c.asking("", ISSUE_DAY),
}


@pytest.mark.parametrize("spoilt", CHECKS.values(), ids=CHECKS)
def test_every_wrong_url_check_gets_the_same_403(
    caller: Caller, spoilt: Callable[[Caller], Request]
) -> None:
    answer = caller.call(spoilt(caller))
    assert (answer.status_code, answer.content, answer.headers["Content-Type"]) == FORBIDDEN


# --- messages

BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b"]><xml><Encrypt>&j;</Encrypt></xml>"
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Encrypt>&e;</Encrypt></xml>'
TWICE = b"<Encrypt>x</Encrypt></xml>"
Spoil = Callable[[Request], Request]
SPOILT: dict[str, Spoil] = {
    "wrong signature": lambda good: good.with_query(msg_signature="f" * 40),
    "no signature": lambda good: good.without("msg_signature"),
    "no nonce": lambda good: good.without("nonce"),
    "no timestamp": lambda good: good.without("timestamp"),
    "no query": lambda good: Request({}, good.body),
    "other time than signed": lambda good: good.with_query(timestamp="1"),
    "entity expansion": lambda good: good.with_body(BOMB),
    "outside entity": lambda good: good.with_body(OUTSIDE),
    "doctype alone": lambda good: good.with_body(b"<!DOCTYPE xml>" + bytes_of(good)),
    "two envelopes": lambda good: good.with_body(bytes_of(good).replace(b"</xml>", TWICE)),
    "empty": lambda good: good.with_body(b""),
    "blank": lambda good: good.with_body(b"  \n"),
    "random bytes": lambda good: good.with_body(os.urandom(3000)),
    "random bytes in pieces": lambda good: good.with_body(iter([os.urandom(300)] * 10)),
    "json": lambda good: good.with_body(b'{"encrypt": "x"}'),
    "deep": lambda good: good.with_body(b"<xml>" * 30_000),
    "wide": lambda good: good.with_body(b"<xml>" + b"<a/>" * 100_000 + b"</xml>"),
    "half": lambda good: good.with_body(bytes_of(good)[:-20]),
}


def bytes_of(request: Request) -> bytes:
    assert isinstance(request.body, bytes)
    return request.body


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_what_is_not_from_wecom_gets_the_same_403_and_leaves_no_trace(
    office: Office, caller: Caller, good: Request, spoil: Spoil
) -> None:
    before = stored(office)
    answer = caller.call(spoil(good))
    assert (answer.status_code, answer.content, answer.headers["Content-Type"]) == FORBIDDEN
    assert stored(office) == before
    assert "第9条" in office.person("linxian").says("第9条")


def test_a_message_of_another_corp_is_refused(office: Office, caller: Caller) -> None:
    plaintext = caller.text("linxian", "第11条 已完成", ISSUE_DAY)
    before = stored(office)
    answer = caller.call(caller.sealed(plaintext, ISSUE_DAY, corp_id="ww0000000000000000"))
    assert (answer.status_code, answer.content) == FORBIDDEN[:2]
    assert stored(office) == before


@pytest.mark.parametrize(
    "plaintext", [b"", b"hello", b"<xml></xml>", b"<html/>", b'{"a":1}', b"\xff\xfe\x00", BOMB]
)
def test_what_wecom_would_never_say_is_refused_even_if_sealed(
    office: Office, caller: Caller, plaintext: bytes
) -> None:
    before = stored(office)
    assert caller.call(caller.sealed(plaintext, ISSUE_DAY)).status_code == 403
    assert stored(office) == before


@pytest.mark.parametrize("pieces", [False, True], ids=["with length", "chunked"])
def test_a_body_of_two_megabytes_is_refused(
    office: Office, caller: Caller, good: Request, pieces: bool
) -> None:
    before = stored(office)
    body = iter([b"x" * MEGABYTE] * 2) if pieces else b"x" * (2 * MEGABYTE)
    assert caller.call(good.with_body(body)).status_code in TOO_MUCH
    assert stored(office) == before
    assert "帮助" in office.person("linxian").says("你好")


def test_a_message_in_chunks_is_a_message(caller: Caller, good: Request) -> None:
    body = bytes_of(good)
    answer = caller.call(good.with_body(iter([body[:100], body[100:]])))
    assert answer.status_code == 200
    assert b"<Encrypt>" in answer.content


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_another_method_is_not_allowed(caller: Caller, good: Request, method: str) -> None:
    answer = caller.call(Request(good.query, good.body, method))
    assert answer.status_code == 405
    assert b"Traceback" not in answer.content


@pytest.mark.parametrize("path", ["/", "/wecom/callback/", "/wecom", "/../etc/passwd", "/%00"])
def test_other_addresses_do_not_exist(office: Office, caller: Caller, path: str) -> None:
    host = urlsplit(office.callback)._replace(path=path, query="").geturl()
    assert Caller(host, caller.corp).call(Request({}, method="GET")).status_code == 404


HALF_A_REQUEST = b"POST /wecom/callback HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n<xml>"


def test_a_caller_who_hangs_up_in_the_middle_harms_nobody(office: Office) -> None:
    address = urlsplit(office.callback)
    for beginning in (b"\x16\x03\x01\x02", HALF_A_REQUEST):
        with socket.create_connection((address.hostname, address.port), timeout=5) as line:
            line.sendall(beginning)
    assert "帮助" in office.person("linxian").says("你好")


def test_old_requests_are_refused_where_the_office_wants_it_so(office: Office) -> None:
    """The rehearsing office took requests of 2021 all along; one in real time does not."""
    clock = Clock()
    wecom = office.settings.wecom.model_copy(update={"timestamp_window_minutes": 60})
    bot = Bot(office.settings.model_copy(update={"wecom": wecom}), clock)
    server = WebServer(bot.flask(), office.settings.server)
    server.start()
    try:
        caller = Caller(f"http://127.0.0.1:{server.port}/wecom/callback", office.wecom.corp)
        statuses = [_says_hello(caller, clock.now() - timedelta(minutes=m)) for m in (0, 50, 70)]
    finally:
        server.stop()
        bot.close()
    assert statuses == [200, 200, 403]


def _says_hello(caller: Caller, at: datetime) -> int:
    return caller.call(caller.sealed(caller.text("linxian", "你好", at), at)).status_code
