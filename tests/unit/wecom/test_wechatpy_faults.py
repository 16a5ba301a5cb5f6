"""wechatpy 1.8.18's verified faults, one test each that it is gone here.

The numbers are those of the protocol notes, section 9. Faults 6 and 7 (signatures compared
with `!=`, foreign exceptions) and 8 (`random`) are proved gone in test_crypto.
"""

import io
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from bot.clock import Clock
from bot.wecom import outgoing, replies
from bot.wecom.account import Account, issuer
from bot.wecom.client import WeComClient
from bot.wecom.errcodes import Outcome
from bot.wecom.failures import CallFailed, SendFailed
from bot.wecom.media import MediaKind
from bot.wecom.tokens import Token, TokenSource
from bot.wecom.wechat import MendedWeChatClient
from bot.wecom.wire import Wire
from tests.unit.wecom.conftest import SECRET
from tests.unit.wecom.endpoint import Answer, Endpoint, Reset, Silence, token
from tests.unit.wecom.store import MemoryStore

HELLO = outgoing.text(("zhangsan",), "你好")
REFUSED = {"errcode": 40014, "errmsg": "invalid access_token"}
OK = {"errcode": 0, "errmsg": "ok", "msgid": "m1", "media_id": "media-1"}


@pytest.mark.parametrize("errcode", [40001, 40014, 41001, 42001])
def test_1_a_token_that_is_always_refused_costs_two_calls_and_two_tokens(
    client: WeComClient, endpoint: Endpoint, errcode: int
) -> None:
    endpoint.answers("message/send", {"errcode": errcode, "errmsg": "no"})
    with pytest.raises(SendFailed) as failed:
        client.send(HELLO)
    assert failed.value.outcome is Outcome.CONFIG
    assert failed.value.errcode == errcode
    assert len(endpoint.calls("message/send")) == 2
    assert len(endpoint.calls("gettoken")) == 2


@pytest.mark.parametrize("errcode", [40001, 40014, 41001, 42001])
def test_2_every_kind_of_refused_token_is_renewed_and_the_call_repeated(
    client: WeComClient, endpoint: Endpoint, errcode: int
) -> None:
    endpoint.answers("message/send", {"errcode": errcode, "errmsg": "no"}, OK)
    assert client.send(HELLO).msgid == "m1"
    first, second = endpoint.calls("message/send")
    assert (first.query["access_token"], second.query["access_token"]) == ("token-1", "token-2")
    assert first.body == second.body


def test_3_an_upload_after_a_renewal_sends_all_bytes_again(
    client: WeComClient, endpoint: Endpoint
) -> None:
    content = bytes(range(256)) * 400
    endpoint.answers("media/upload", REFUSED, OK)
    assert client.upload_media(MediaKind.IMAGE, content, "a.png") == "media-1"
    first, second = endpoint.calls("media/upload")
    assert content in first.body
    assert content in second.body


def test_3_also_if_wechatpy_is_given_an_open_file(endpoint: Endpoint, store: MemoryStore) -> None:
    wire = Wire(endpoint.url)
    account = Account("ww1", 1, SECRET, endpoint.url)
    tokens = TokenSource(account.token_key, store, Clock(), issuer(account, wire, Clock()))
    wechat = MendedWeChatClient("ww1", wire, tokens)
    endpoint.answers("media/upload", REFUSED, OK)
    wechat.media.upload("file", io.BytesIO(b"all of it"))  # type: ignore[no-untyped-call]
    assert all(b"all of it" in seen.body for seen in endpoint.calls("media/upload"))
    assert len(endpoint.calls("media/upload")) == 2


def test_4_an_end_mark_in_a_reply_cannot_close_the_text() -> None:
    envelope = replies.Envelope("a", "b", Clock().now())
    assert b"]]]]><![CDATA[>" in replies.text(envelope, "]]>")


def test_5_an_empty_reply_is_empty() -> None:
    assert replies.EMPTY == b""


def test_9_an_expired_token_is_not_used(
    client: WeComClient, endpoint: Endpoint, store: MemoryStore
) -> None:
    key = Account("ww6a112864f8022910", 1000002, SECRET).token_key
    store.save(key, Token("dead", Clock().now() - timedelta(seconds=1)))
    client.send(HELLO)
    [seen] = endpoint.calls("message/send")
    assert seen.query["access_token"] == "token-1"


def test_10_another_process_neither_fetches_again_nor_keeps_a_dead_token(
    connect: Callable[[], WeComClient], endpoint: Endpoint
) -> None:
    one, two = connect(), connect()
    one.send(HELLO)
    two.send(HELLO)
    assert len(endpoint.calls("gettoken")) == 1
    endpoint.answers("message/send", REFUSED, OK)
    one.send(HELLO)
    endpoint.answers("message/send", REFUSED, OK)
    two.send(HELLO)
    assert endpoint.calls("message/send")[-1].query["access_token"] == "token-2"
    assert len(endpoint.calls("gettoken")) == 2


def test_10_two_processes_that_start_together_fetch_once(
    connect: Callable[[], WeComClient], endpoint: Endpoint
) -> None:
    barrier = Barrier(2)

    def start(client: WeComClient) -> None:
        barrier.wait()
        client.send(HELLO)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(start, [connect(), connect()]))
    assert len(endpoint.calls("gettoken")) == 1
    assert len(endpoint.calls("message/send")) == 2


def test_sixteen_threads_with_a_refused_token_fetch_one_new_token(
    client: WeComClient, endpoint: Endpoint
) -> None:
    client.check()
    endpoint.refuses("token-1")
    endpoint.answers("message/send", OK)
    barrier = Barrier(16)

    def send(_number: int) -> str:
        barrier.wait()
        return client.send(HELLO).msgid

    with ThreadPoolExecutor(16) as threads:
        assert set(threads.map(send, range(16))) == {"m1"}
    assert len(endpoint.calls("gettoken")) == 2  # the first one, and one for all sixteen


def test_11_the_name_of_the_stored_token_holds_nothing_of_the_secret() -> None:
    key = Account("ww1", 1, SECRET).token_key
    assert not any(SECRET[i : i + 4] in key for i in range(len(SECRET) - 3))


FAULTS = [Silence(), Reset(), Answer(status=500), Answer(status=403), Answer(body=b"<html>")]


@pytest.mark.parametrize("path", ["gettoken", "message/send"])
@pytest.mark.parametrize("fault", FAULTS, ids=["silence", "reset", "500", "403", "html"])
def test_12_no_failure_shows_the_secret_or_the_token(
    hasty: WeComClient, endpoint: Endpoint, path: str, fault: Answer | Silence | Reset
) -> None:
    endpoint.answers("gettoken", token("token-hidden"))
    endpoint.answers(path, fault)
    assert_silent(hasty)


@pytest.mark.parametrize(("path", "told"), [("gettoken", SECRET), ("message/send", "token-hidden")])
def test_12_not_even_if_the_server_repeats_it(
    client: WeComClient, endpoint: Endpoint, path: str, told: str
) -> None:
    endpoint.answers("gettoken", token("token-hidden"))
    endpoint.answers(path, {"errcode": 40058, "errmsg": f"what does {told} mean?"})
    assert_silent(client)


def assert_silent(client: WeComClient) -> None:
    with pytest.raises(CallFailed) as failed:
        client.send(HELLO)
    failure: BaseException | None = failed.value
    told = ""
    while failure:
        told += f"{failure!s}{failure!r}{vars(failure)!r}"
        failure = failure.__cause__ or failure.__context__
    told += "".join(traceback.format_exception(failed.value))
    assert SECRET not in told
    assert "token-hidden" not in told


def test_the_token_is_asked_for_at_the_configured_server(
    client: WeComClient, endpoint: Endpoint
) -> None:
    client.check()
    [seen] = endpoint.calls("gettoken")
    assert seen.query == {"corpid": "ww6a112864f8022910", "corpsecret": SECRET}


def test_a_hard_coded_server_is_never_asked(endpoint: Endpoint, store: MemoryStore) -> None:
    wire = Wire(endpoint.url)
    account = Account("ww1", 1, SECRET, endpoint.url)
    tokens = TokenSource(account.token_key, store, Clock(), issuer(account, wire, Clock()))
    wechat = MendedWeChatClient("ww1", wire, tokens)
    with pytest.raises(ValueError):
        wechat.get("https://qyapi.weixin.qq.com/cgi-bin/user/get")  # type: ignore[no-untyped-call]
    assert endpoint.seen == []
