"""Somebody who saw genuine requests, or holds the keys of another app: no door is left open."""

import socket
from contextlib import ExitStack
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from bot.storage.inbox import InboxRow
from bot.storage.progress import ReportRow
from simulator.passive import read_reply
from tests.support import raw_http
from tests.support.caller import Caller, Request
from tests.support.office import Office
from tests.web import both

WHO = "linxian"
opened = both.opened


@pytest.fixture
def report(office: Office, caller: Caller) -> Request:
    """A genuine report that WeCom delivers."""
    now = office.clock.now()
    return caller.sealed(caller.text(WHO, f"第11条 推进中，走访部队{now:%H%M}个", now), now)


def stored(office: Office) -> tuple[int, int]:
    """Return how many messages and how many reports there are."""
    found = office.bot.database.read(
        lambda session: [
            session.scalar(select(func.count()).select_from(row)) for row in (InboxRow, ReportRow)
        ]
    )
    return found[0] or 0, found[1] or 0


def said(caller: Caller, request: Request) -> str | None:
    response = caller.call(request)
    assert response.status_code == 200
    reply = read_reply(caller.envelope(), response.content, WHO)
    return reply.text if reply else None


def test_a_recorded_request_is_answered_again_and_nothing_is_done_twice(
    office: Office, caller: Caller, report: Request
) -> None:
    first = said(caller, report)
    assert first
    assert first.startswith("已记录")
    after = stored(office)
    for later in (timedelta(seconds=5), timedelta(hours=3), timedelta(days=40)):
        office.clock.advance(later)
        assert said(caller, report) == first
    assert stored(office) == after


def test_a_recorded_request_cannot_be_turned_against_the_report_that_came_after_it(
    office: Office, caller: Caller
) -> None:
    """撤回 sent again by an eavesdropper withdraws nothing that was reported since."""
    now = office.clock.now()
    office.person(WHO).says("第11条 推进中，走访部队1个")
    withdrawal = caller.sealed(caller.text(WHO, "撤回", now), now)
    first = said(caller, withdrawal)
    office.person(WHO).says("第11条 已完成，走访部队9个")
    assert said(caller, withdrawal) == first
    assert "已撤回" in office.person(WHO).says("撤回"), "the later report was still there"


@pytest.mark.parametrize("agent", ["1", "1000003", "999999999999"])
def test_a_message_to_another_app_of_the_corp_is_refused(
    office: Office, caller: Caller, agent: str
) -> None:
    """Two apps may by mistake have the same keys; what is said to one is not for the other."""
    now = office.clock.now()
    genuine = caller.text(WHO, "第11条 已完成", now)
    ours = f"<AgentID>{caller.corp.agent_id}</AgentID>".encode()
    assert ours in genuine
    before = stored(office)
    forged = genuine.replace(ours, f"<AgentID>{agent}</AgentID>".encode())
    answer = caller.call(caller.sealed(forged, now))
    assert (answer.status_code, answer.content) == (403, b"forbidden")
    assert stored(office) == before


def test_the_agent_of_the_envelope_counts_for_nothing(
    office: Office, caller: Caller, report: Request
) -> None:
    """It is outside of the signature."""
    assert isinstance(report.body, bytes)
    body = report.body.replace(b"<xml>", b"<xml><AgentID>1</AgentID><ToUserName>x</ToUserName>")
    assert (said(caller, report.with_body(body)) or "").startswith("已记录")


def test_a_signature_is_good_for_its_own_parameters_only(
    office: Office, caller: Caller, report: Request
) -> None:
    now = office.clock.now()
    other = caller.sealed(caller.text("fangshan", "第11条 已完成", now), now)
    before = stored(office)
    for mixed in (
        Request(other.query, report.body),
        Request({**report.query, "timestamp": "1"}, report.body),
        Request({**report.query, "nonce": "1"}, report.body),
        Request({**report.query, "msg_signature": other.query["msg_signature"]}, report.body),
        # all parts are joined before they are hashed: shifting a digit must not go unnoticed
        Request({**report.query, "timestamp": report.query["timestamp"] + "1",
                 "nonce": report.query["nonce"][1:]}, report.body),
    ):  # fmt: skip
        assert caller.call(mixed).status_code == 403
    assert stored(office) == before


# --- lies about the length


def post(report: Request, *headers: bytes, body: bytes | None = None) -> bytes:
    assert isinstance(report.body, bytes)
    target = b"/wecom/callback?" + urlencode(report.query).encode()
    head = b"".join(header + b"\r\n" for header in (b"Host: bot", *headers))
    return b"POST %b HTTP/1.1\r\n%b\r\n%b" % (target, head, report.body if body is None else body)


LIES: dict[str, tuple[bytes, ...]] = {
    "negative": (b"Content-Length: -5",),
    "no number": (b"Content-Length: many",),
    "signed": (b"Content-Length: +5",),
    "two lengths": (b"Content-Length: 5", b"Content-Length: 6"),
    "a terabyte": (b"Content-Length: 1099511627776",),
    "more digits than there is memory": (b"Content-Length: " + b"9" * 4000,),
    "an unknown coding": (b"Transfer-Encoding: gzip",),
    "chunked twice": (b"Transfer-Encoding: chunked, chunked",),
    "chunks of nonsense": (b"Transfer-Encoding: chunked",),
}


@pytest.mark.parametrize("headers", LIES.values(), ids=LIES)
def test_a_lie_about_the_length_is_refused_at_once(
    office: Office, report: Request, headers: tuple[bytes, ...]
) -> None:
    before = stored(office)
    raw = post(report, *headers, body=b"zz;x\r\n<xml>\r\n0\r\n\r\n")
    response = raw_http.exchange(office.callback, raw)
    assert raw_http.status(response) in {400, 413, 501}
    assert stored(office) == before


def test_a_length_that_is_too_short_does_not_smuggle_a_second_request(
    office: Office, caller: Caller, report: Request
) -> None:
    before = stored(office)
    raw = post(report, b"Content-Length: 10", b"Connection: close")
    assert raw_http.status(raw_http.exchange(office.callback, raw)) == 403
    assert stored(office) == before
    assert (said(caller, report) or "").startswith("已记录")


# --- slowness


def test_a_hundred_slow_callers_keep_nobody_waiting(
    office: Office, caller: Caller, report: Request
) -> None:
    assert isinstance(report.body, bytes)
    length = b"Content-Length: %d" % len(report.body)
    with ExitStack() as stack:
        lines: list[socket.socket] = []
        for number in range(100):
            line = stack.enter_context(raw_http.connect(office.callback))
            line.sendall(post(report, length)[: 20 + number])  # each stops at another byte
            lines.append(line)
        assert "第9条" in office.person("fangshan").says("第9条")
        assert (said(caller, report) or "").startswith("已记录")
        for number, line in enumerate(lines):
            line.sendall(post(report, length, b"Connection: close")[20 + number : 60 + number])
        assert "第9条" in office.person("fangshan").says("第9条")


def test_a_caller_who_never_reads_the_answers_harms_nobody(
    office: Office, caller: Caller, report: Request
) -> None:
    """A hundred requests on one connection, and not one byte of the answers is taken."""
    assert isinstance(report.body, bytes)
    with raw_http.connect(office.callback) as line:
        line.sendall(post(report, b"Content-Length: %d" % len(report.body)) * 100)
        assert "第9条" in office.person("fangshan").says("第9条")
        assert (said(caller, report) or "").startswith("已记录")
