"""The API client against a scripted server on the loopback."""

import json
import socket
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import Clock
from bot.errors import ConfigError, InputError, Refusal
from bot.wecom import outgoing
from bot.wecom.account import Account
from bot.wecom.cards import replaced_button
from bot.wecom.client import SendResult, WeComClient
from bot.wecom.errcodes import Outcome
from bot.wecom.failures import SendFailed, SendUnknown
from bot.wecom.media import MediaKind
from bot.wecom.outgoing import Outgoing, send_body_bytes
from tests.unit.wecom.endpoint import Answer, Endpoint, Reset, Silence, token
from tests.unit.wecom.store import MemoryStore

HELLO = outgoing.text(("zhangsan", "lisi"), "第11条 请反馈")


class TestSending:
    def test_what_goes_out(self, client: WeComClient, endpoint: Endpoint) -> None:
        client.send(HELLO)
        [seen] = endpoint.calls("message/send")
        assert seen.method == "POST"
        assert seen.query == {"access_token": "token-1"}
        assert json.loads(seen.body) == {
            "touser": "zhangsan|lisi",
            "msgtype": "text",
            "agentid": 1000002,
            "text": {"content": "第11条 请反馈"},
            "enable_duplicate_check": 1,
            "duplicate_check_interval": 1800,
        }
        assert "第11条".encode() in seen.body

    def test_a_partial_success_names_whom_it_missed(
        self, client: WeComClient, endpoint: Endpoint
    ) -> None:
        endpoint.answers(
            "message/send",
            {
                "errcode": 0,
                "errmsg": "ok",
                "invaliduser": "LiSi|wangwu",
                "unlicenseduser": "zhaoliu",
                "msgid": "m1",
                "response_code": "rc",
            },
        )
        assert client.send(HELLO) == SendResult("m1", "rc", ("lisi", "wangwu"), ("zhaoliu",))

    def test_a_warning_in_errmsg_is_no_failure(
        self, client: WeComClient, endpoint: Endpoint
    ) -> None:
        warning = {"errcode": 0, "errmsg": "ok. Warning: wrong json format.", "msgid": "m1"}
        endpoint.answers("message/send", warning)
        assert client.send(HELLO) == SendResult("m1", "", (), ())

    @pytest.mark.parametrize(
        ("answer", "outcome", "errcode"),
        [
            ({"errcode": 81013, "errmsg": "all invalid"}, Outcome.RECIPIENT, 81013),
            ({"errcode": "45009", "errmsg": "too fast"}, Outcome.RATE, 45009),
            ({"errcode": -1, "errmsg": "busy"}, Outcome.TRANSIENT, -1),
            ({"errcode": "??", "errmsg": "odd"}, Outcome.TRANSIENT, -1),
            ({"errcode": 12345, "errmsg": "new"}, Outcome.UNLISTED, 12345),
            (Answer(status=502), Outcome.TRANSIENT, None),
            (Answer(status=404), Outcome.CONFIG, None),
            (Answer(status=302, headers={"Location": "/x"}), Outcome.CONFIG, None),
            (Answer(status=429), Outcome.RATE, None),
            (Answer(body=b"<html>log in</html>"), Outcome.TRANSIENT, None),
            (Answer(body=b"[]"), Outcome.TRANSIENT, None),
        ],
    )
    def test_failures_say_what_to_do(
        self,
        client: WeComClient,
        endpoint: Endpoint,
        answer: Answer | dict[str, object],
        outcome: Outcome,
        errcode: int | None,
    ) -> None:
        endpoint.answers("message/send", answer)
        with pytest.raises(SendFailed) as failed:
            client.send(HELLO)
        assert (failed.value.outcome, failed.value.errcode) == (outcome, errcode)
        assert len(endpoint.calls("message/send")) == 1

    @pytest.mark.parametrize("fault", [Silence(), Reset()])
    def test_no_answer_after_sending_is_unknown_and_not_repeated(
        self, hasty: WeComClient, endpoint: Endpoint, fault: Silence | Reset
    ) -> None:
        endpoint.answers("message/send", fault)
        with pytest.raises(SendUnknown) as unknown:
            hasty.send(HELLO)
        assert unknown.value.outcome is Outcome.AMBIGUOUS
        assert len(endpoint.calls("message/send")) == 1

    @pytest.mark.parametrize("fault", [Silence(), Reset()])
    def test_no_token_means_that_nothing_was_sent(
        self, hasty: WeComClient, endpoint: Endpoint, fault: Silence | Reset
    ) -> None:
        endpoint.answers("gettoken", fault)
        with pytest.raises(SendFailed) as failed:
            hasty.send(HELLO)
        assert failed.value.outcome is Outcome.TRANSIENT
        assert endpoint.calls("message/send") == []

    def test_an_unreachable_server_means_that_nothing_was_sent(self, store: MemoryStore) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        account = Account("ww1", 1, "secret", f"http://127.0.0.1:{port}")
        with pytest.raises(SendFailed) as failed:
            WeComClient(account, store, Clock()).send(HELLO)
        assert failed.value.outcome is Outcome.TRANSIENT

    def test_a_repeat_after_an_unknown_end_is_the_same_bytes(
        self, client: WeComClient, endpoint: Endpoint
    ) -> None:
        endpoint.answers("message/send", Reset(), {"errcode": 0, "msgid": "m1"})
        body = send_body_bytes(HELLO, 1000002)
        with pytest.raises(SendUnknown):
            client.send_bytes(body)
        client.send_bytes(body)
        first, second = endpoint.calls("message/send")
        assert first.body == second.body


class TestBody:
    @given(content=st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers()))
    def test_equal_messages_give_equal_bytes_in_whatever_order_they_were_built(
        self, content: dict[str, object]
    ) -> None:
        turned = dict(reversed(content.items()))
        one = send_body_bytes(Outgoing(("a",), "template_card", content), 1)
        assert one == send_body_bytes(Outgoing(("a",), "template_card", turned), 1)

    @pytest.mark.parametrize(
        "recipients",
        [(), ("@all",), ("@ALL",), ("a|b",), ("",), ("张三",), ("a" * 65,), ("a",) * 1001],
    )
    def test_nobody_writes_to_all_by_accident(self, recipients: tuple[str, ...]) -> None:
        with pytest.raises(ValueError):
            outgoing.text(recipients, "好")

    def test_a_thousand_people_fit_into_one_call(self) -> None:
        people = tuple(f"user{number}" for number in range(1000))
        body = json.loads(send_body_bytes(outgoing.text(people, "好"), 1))
        assert body["touser"].count("|") == 999

    @pytest.mark.parametrize("content", ["", "双" * 683])
    def test_a_text_that_wecom_would_cut_is_refused(self, content: str) -> None:
        with pytest.raises(ValueError):
            outgoing.text(("a",), content)

    def test_kinds(self) -> None:
        assert outgoing.markdown(("a",), "好").content == {"content": "好"}
        assert outgoing.file(("a",), "m").content == {"media_id": "m"}
        assert outgoing.card(("a",), {"card_type": "text_notice"}).msgtype == "template_card"
        card = outgoing.textcard(("a",), "题" * 100, "文" * 300, "https://x")
        assert len(str(card.content["title"]).encode()) <= 128
        assert len(str(card.content["description"]).encode()) <= 512


class TestOtherCalls:
    def test_update_template_card(self, client: WeComClient, endpoint: Endpoint) -> None:
        endpoint.answers("message/update_template_card", {"errcode": 0, "invaliduser": "B"})
        assert client.update_template_card(["a", "B"], "rc", replaced_button("已完成")) == ("b",)
        [seen] = endpoint.calls("message/update_template_card")
        assert json.loads(seen.body) == {
            "userids": ["a", "B"],
            "agentid": 1000002,
            "response_code": "rc",
            "button": {"replace_name": "已完成"},
        }

    def test_upload_sends_an_ascii_name(self, client: WeComClient, endpoint: Endpoint) -> None:
        endpoint.answers("media/upload", {"errcode": 0, "media_id": "m1"})
        assert client.upload_media(MediaKind.FILE, b"content", "八一通知 v2.docx") == "m1"
        [seen] = endpoint.calls("media/upload")
        assert seen.query["type"] == "file"
        assert b'name="media"; filename="v2.docx"' in seen.body
        assert b"content" in seen.body

    @pytest.mark.parametrize("size", [0, 5, 20 * 1024 * 1024 + 1])
    def test_upload_of_a_wrong_size_is_refused_in_words(
        self, client: WeComClient, endpoint: Endpoint, size: int
    ) -> None:
        with pytest.raises(InputError, match="文件"):
            client.upload_media(MediaKind.FILE, b"x" * size, "a.docx")
        assert endpoint.seen == []

    def test_download(self, client: WeComClient, endpoint: Endpoint) -> None:
        headers = {"Content-Type": "image/jpeg", "Content-Disposition": 'inline; filename="a.jpg"'}
        endpoint.answers("media/get", Answer(body=b"\xff\xd8", headers=headers))
        media = client.get_media("m1")
        assert (media.content, media.content_type, media.filename) == (
            b"\xff\xd8",
            "image/jpeg",
            "a.jpg",
        )

    def test_a_downloaded_json_file_is_not_taken_for_an_error(
        self, client: WeComClient, endpoint: Endpoint
    ) -> None:
        headers = {"Content-Disposition": "attachment; filename*=UTF-8''..%2F%E8%A1%A8.json"}
        endpoint.answers("media/get", Answer(body=b'{"errcode": 40007}', headers=headers))
        media = client.get_media("m1")
        assert media.content == b'{"errcode": 40007}'
        assert media.filename == "表.json"

    def test_an_error_instead_of_a_download_is_raised(
        self, client: WeComClient, endpoint: Endpoint
    ) -> None:
        endpoint.answers("media/get", {"errcode": 40007, "errmsg": "invalid media_id"})
        with pytest.raises(SendFailed) as failed:
            client.get_media("m1")
        assert failed.value.outcome is Outcome.MEDIA

    def test_get_user(self, client: WeComClient, endpoint: Endpoint) -> None:
        answer = {"errcode": 0, "userid": "ZhangSan", "name": "张三", "department": [1, 2]}
        endpoint.answers("user/get", {**answer, "status": 2})
        member = client.get_user("zhangsan")
        assert (member.userid, member.name, member.departments, member.active) == (
            "zhangsan",
            "张三",
            (1, 2),
            False,
        )

    def test_login_code(self, client: WeComClient, endpoint: Endpoint) -> None:
        endpoint.answers("auth/getuserinfo", {"errcode": 0, "userid": "ZhangSan"})
        assert client.user_by_code("c") == "zhangsan"

    def test_login_of_an_outsider_is_refused(self, client: WeComClient, endpoint: Endpoint) -> None:
        endpoint.answers("auth/getuserinfo", {"errcode": 0, "openid": "o"})
        with pytest.raises(Refusal, match="双拥办"):
            client.user_by_code("c")

    def test_menu(self, client: WeComClient, endpoint: Endpoint) -> None:
        menu: dict[str, object] = {"button": [{"type": "click", "name": "汇总", "key": "汇总"}]}
        client.create_menu(menu)
        [seen] = endpoint.calls("menu/create")
        assert seen.query["agentid"] == "1000002"
        assert json.loads(seen.body) == menu
        endpoint.answers("menu/get", menu)
        assert client.get_menu() == menu

    def test_no_menu_yet(self, client: WeComClient, endpoint: Endpoint) -> None:
        endpoint.answers("menu/get", {"errcode": 46003, "errmsg": "no menu"})
        assert client.get_menu() == {}

    def test_check_tells_what_is_wrong(self, client: WeComClient, endpoint: Endpoint) -> None:
        endpoint.answers("gettoken", {"errcode": 60020, "errmsg": "not allow to access"})
        with pytest.raises(SendFailed, match="企业可信IP"):
            client.check()
        assert client.token_trouble is not None


class TestConfiguration:
    @pytest.mark.parametrize(
        "url", ["", "qyapi.weixin.qq.com", "ftp://x", "https://", "http://x?a=1"]
    )
    def test_a_wrong_server_is_named(self, url: str, store: MemoryStore) -> None:
        with pytest.raises(ConfigError, match=r"wecom\.api_base_url"):
            WeComClient(Account("ww1", 1, "s", url), store, Clock())

    def test_a_server_under_a_path_works(self, endpoint: Endpoint, store: MemoryStore) -> None:
        endpoint.answers("/wecom/cgi-bin/gettoken", token("t"))
        account = Account("ww1", 1, "s", f"{endpoint.url}/wecom/")
        WeComClient(account, store, Clock()).check()
        assert len(endpoint.seen) == 1

    def test_a_proxy_is_not_asked_for_the_simulator(
        self, connect: Callable[[], WeComClient], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        connect().check()

    def test_an_account_does_not_show_its_secret(self) -> None:
        assert "hidden" not in repr(Account("ww1", 1, "hidden"))
