"""The callback under fire from whoever lacks the keys: a plain refusal, nothing kept, no harm.

CI tries a fixed few hundred inputs; `make fuzz` tries a hundred times as many, new each time.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote_from_bytes, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import raw_http
from tests.support.caller import Caller, Request
from tests.support.fuzzing import examples
from tests.support.office import ISSUE_DAY, Office

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
REFUSED = {400, 403, 405, 411, 413, 414, 417, 431, 501}
WHO = "linxian"


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing that comes from outside is an error of the program."""
    caplog.set_level(logging.ERROR)
    yield
    assert [record.getMessage() for record in caplog.records] == []


def still_works(office: Office) -> None:
    office.clock.advance(timedelta(minutes=2))
    assert "第9条" in office.person(WHO).says("第9条")


def assert_refused(response: bytes, allowed: frozenset[int] = frozenset()) -> None:
    """Fail if the answer is anything but a plain refusal."""
    status = raw_http.status(response)
    assert status in REFUSED | allowed, response[:300]
    body = response.partition(b"\r\n\r\n")[2]
    assert b"Traceback" not in body
    assert b"bot/" not in body
    if status == 403:
        assert body in (b"forbidden", b"")


# --- strangers: no key

TOKENS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.!#", min_size=1, max_size=12).map(str.encode)
METHODS = (
    st.sampled_from([b"GET", b"POST", b"PUT", b"DELETE", b"HEAD", b"PATCH", b"TRACE"]) | TOKENS
)
NAMES = st.sampled_from(
    ["msg_signature", "timestamp", "nonce", "echostr", "", "a[]", "__class__", "%00"]
)
QUERIES = st.lists(st.tuples(NAMES, st.binary(max_size=60).map(quote_from_bytes)), max_size=8).map(
    lambda pairs: "&".join(f"{name}={value}" for name, value in pairs).encode()
) | st.binary(max_size=80).map(lambda raw: bytes(byte for byte in raw if byte not in b" \r\n#"))
HEADERS = st.lists(
    st.tuples(
        st.sampled_from(
            [b"Content-Type", b"Accept", b"X-Forwarded-For", b"X-Forwarded-Proto", b"Cookie",
             b"Authorization", b"Range", b"Accept-Encoding", b"Content-Encoding", b"X-A", b"Host"]
        ),
        st.binary(max_size=60).map(lambda raw: bytes(byte for byte in raw if byte not in b"\r\n")),
    ),
    max_size=4,
).map(tuple)  # fmt: skip
SNIPPETS = st.sampled_from(
    [b"<xml>", b"</xml>", b"<Encrypt>", b"</Encrypt>", b"<![CDATA[", b"]]>", b"<!DOCTYPE x>",
     b"<?xml version='1.0' encoding='utf-16'?>", b"&amp;", b"&#0;", b"&#x110000;", b"\x00", b"<",
     b"\xef\xbb\xbf", b"\xff\xfe", b"QUFB", b"=", b"<a b='c'>", b"<!--", b"<?php", b"xmlns:x=''"]
)  # fmt: skip
BODIES = st.binary(max_size=400) | st.lists(SNIPPETS | st.binary(max_size=9), max_size=25).map(
    b"".join
)
NOT_METHODS = frozenset({405})


@examples(150)
@given(method=METHODS, query=QUERIES, headers=HEADERS, body=BODIES)
def test_who_has_no_key_is_refused(
    office: Office,
    method: bytes,
    query: bytes,
    headers: tuple[tuple[bytes, bytes], ...],
    body: bytes,
) -> None:
    target = b"/wecom/callback?" + query
    response = raw_http.exchange(office.callback, raw_http.request(method, target, body, headers))
    assert_refused(response, frozenset({200} if method == b"OPTIONS" else ()))


LINES = st.sampled_from(
    [b"GET /wecom/callback HTTP/1.1\r\n", b"POST /wecom/callback HTTP/1.1\r\n", b"\r\n",
     b"\r\n\r\n", b"Content-Length: 5\r\n", b"Content-Length: -1\r\n", b"Content-Length: 5, 6\r\n",
     b"Content-Length: 99999999999999\r\n", b"Transfer-Encoding: chunked\r\n", b"5\r\nabcde\r\n",
     b"Transfer-Encoding: gzip\r\n", b"ffffffffffffffff\r\n", b"0\r\n\r\n", b" folded\r\n",
     b"Expect: 100-continue\r\n", b"Host: a\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]
) | st.just(b"A").map(lambda letter: letter * 70_000)  # fmt: skip


@examples(60)
@given(raw=st.lists(SNIPPETS | st.binary(max_size=40) | LINES, max_size=12).map(b"".join))
def test_what_is_no_http_harms_nobody(office: Office, raw: bytes) -> None:
    response = raw_http.exchange(office.callback, raw, then_hang_up=True)
    assert raw_http.status(response) in REFUSED | {None, 404, 100}
    still_works(office)


# --- somebody who saw one genuine request, and changes it


@pytest.fixture
def good(office: Office, caller: Caller) -> Request:
    """A genuine request that was never sent."""
    return caller.sealed(caller.text(WHO, "第11条 已完成", office.clock.now()), ISSUE_DAY)


@examples(120)
@given(data=st.data())
def test_a_genuine_request_with_one_change_is_refused(
    office: Office, caller: Caller, data: st.DataObject
) -> None:
    good = caller.sealed(caller.text(WHO, "第11条 已完成", office.clock.now()), ISSUE_DAY)
    query, body = dict(good.query), bytearray(good.body if isinstance(good.body, bytes) else b"")
    if data.draw(st.booleans(), "in the query"):
        name = data.draw(st.sampled_from(sorted(query)))
        changed = data.draw(st.text(max_size=45).filter(lambda text: text != query[name]))
        query[name] = changed
    else:
        begin, end = body.index(b"CDATA[") + 6, body.index(b"]]>")
        place = data.draw(st.integers(begin, end - 1))
        letter = data.draw(st.sampled_from(b"AZaz09+/=<>& \n").filter(lambda b: b != body[place]))
        body[place] = letter
    target = b"/wecom/callback?" + urlencode(query, errors="replace").encode()
    response = raw_http.exchange(office.callback, raw_http.request(b"POST", target, bytes(body)))
    assert_refused(response)


def test_a_parameter_given_twice_is_no_way_around_the_signature(
    office: Office, good: Request
) -> None:
    """Whichever of two values is checked is also the one that counts."""
    query = urlencode(good.query).encode()
    for twice in (b"msg_signature=0&" + query, b"timestamp=1&" + query, b"nonce=1&" + query):
        raw = raw_http.request(b"POST", b"/wecom/callback?" + twice, bytes_of(good))
        assert raw_http.status(raw_http.exchange(office.callback, raw)) == 403
    raw = raw_http.request(b"POST", b"/wecom/callback?" + query + b"&nonce=1", bytes_of(good))
    assert raw_http.status(raw_http.exchange(office.callback, raw)) == 200


def bytes_of(request: Request) -> bytes:
    assert isinstance(request.body, bytes)
    return request.body
