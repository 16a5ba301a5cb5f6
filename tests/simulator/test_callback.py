"""The way to the bot: what it is told, three identical deliveries, and what it replies."""

import threading

import pytest
from flask import Flask, Response, request
from werkzeug.serving import make_server

from simulator.callback import Callback, over_http
from simulator.harness import Silence, Simulator
from simulator.inbound import cdata
from simulator.phone import PhoneError
from tests.simulator.company import BUTTON_CARD, Api, EchoBot, company, text_reply


def test_a_text_is_told_and_answered() -> None:
    with company() as wecom:
        bot = EchoBot(wecom)
        assert wecom.say("LiFang", "第11条 ]]> <好>") == "您说：第11条 ]]> <好>"
        told = {child.tag: child.text for child in bot.last}
        assert told["FromUserName"] == "LiFang"
        assert told["ToUserName"] == wecom.corp.corp_id
        assert told["AgentID"] == str(wecom.corp.agent_id)
        assert told["CreateTime"] == "1627434000"
        assert "timestamp=1772424000&" in bot.sealed[-1][0]
        assert [entry.message.kind.value for entry in wecom.entries("lifang")] == ["sent", "reply"]


def test_over_real_http() -> None:
    with company() as wecom:
        bot = EchoBot(wecom)
        app = Flask("echo")

        @app.post("/wecom/callback")
        def callback() -> Response:
            status, body = bot(request.query_string.decode(), request.get_data())
            return Response(body, status=status)

        server = make_server("127.0.0.1", 0, app)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            wecom.connect(f"http://127.0.0.1:{server.server_port}/wecom/callback")
            assert wecom.say("lifang", "帮助") == "您说：帮助"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def test_three_identical_deliveries_in_three_envelopes() -> None:
    with company() as wecom:
        bot = EchoBot(wecom, answers=[500, 500, text_reply("好")])
        assert wecom.say("lifang", "第11条") == "好"
        assert len(bot.heard) == 3
        assert len(set(bot.heard)) == 1
        assert len(set(bot.sealed)) == 3


def test_a_bot_that_never_answers_is_called_three_times() -> None:
    with company() as wecom:
        bot = EchoBot(wecom, answers=[500] * 9)
        with pytest.raises(Silence, match="共投递 3 次"):
            wecom.say("lifang", "第11条")
        assert len(bot.heard) == 3


def test_a_bot_that_is_too_slow_is_given_up() -> None:
    with company() as wecom:
        app = Flask("slow")
        answered = threading.Event()

        @app.post("/")
        def callback() -> str:
            answered.wait(5)
            return ""

        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            carry = over_http(f"http://127.0.0.1:{server.server_port}/", patience=0.1)
            delivery = Callback(wecom.corp, wecom.machine_clock, carry).deliver("lifang", b"<xml/>")
            assert [attempt.status for attempt in delivery.attempts] == [None] * 3
        finally:
            answered.set()
            server.shutdown()
            thread.join()
            server.server_close()


def test_a_redelivery_is_the_same_to_the_byte() -> None:
    with company() as wecom:
        bot = EchoBot(wecom)
        wecom.say("lifang", "第11条")
        outcomes = wecom.redeliver(2)
        assert len(set(bot.heard)) == 1
        assert [outcome.text for outcome in outcomes] == ["您说：第11条"] * 2
        assert len(wecom.entries("lifang")) == 2


def test_two_equal_texts_are_two_messages() -> None:
    with company() as wecom:
        bot = EchoBot(wecom)
        wecom.say("lifang", "帮助")
        wecom.say("lifang", "帮助")
        assert len(set(bot.heard)) == 2


@pytest.mark.parametrize("empty", [b"", b"success"])
def test_an_empty_answer_is_no_reply(empty: bytes) -> None:
    with company() as wecom:
        wecom.connect(lambda _query, _body: (200, empty))
        assert wecom.say("lifang", "你好") is None


@pytest.mark.parametrize(
    "body", [b"hello", b"<xml/>", b"{}", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"]
)
def test_a_reply_that_is_none_is_noticed(body: bytes) -> None:
    with company() as wecom:
        wecom.connect(lambda _query, _body: (200, body))
        with pytest.raises(Silence, match="企业微信不会显示它"):
            wecom.say("lifang", "你好")


def test_a_reply_to_somebody_else_is_noticed() -> None:
    with company() as wecom:
        bot = EchoBot(wecom)
        wecom.say("wangqiang", "你好")
        sealed = bot.seal(text_reply("机密"))
        wecom.connect(lambda _query, _body: (200, sealed))
        with pytest.raises(Silence, match="回复写给了别人"):
            wecom.say("lifang", "你好")


def send_card(wecom: Simulator) -> None:
    answer = Api(wecom).log_in().send(msgtype="template_card", template_card=BUTTON_CARD)
    assert answer["errcode"] == 0


def test_a_card_click_tells_what_was_chosen() -> None:
    with company() as wecom:
        bot = EchoBot(wecom)
        send_card(wecom)
        wecom.click("lifang", "submit", {"progress": ["1"]})
        told = bot.last
        assert told.findtext("Event") == "template_card_event"
        assert told.findtext("EventKey") == "submit"
        assert told.findtext("TaskId") == "report-11"
        assert told.findtext("CardType") == "button_interaction"
        assert told.findtext("SelectedItems/SelectedItem/QuestionKey") == "progress"
        assert told.findtext("SelectedItems/SelectedItem/OptionIds/OptionId") == "1"


def test_the_code_of_a_click_changes_the_card() -> None:
    with company() as wecom:
        bot = EchoBot(wecom)
        send_card(wecom)
        wecom.click("lifang", "submit")
        answer = (
            Api(wecom)
            .log_in()
            .post(
                "message/update_template_card",
                {
                    "userids": ["lifang"],
                    "agentid": wecom.corp.agent_id,
                    "response_code": bot.last.findtext("ResponseCode"),
                    "button": {"replace_name": "已提交"},
                },
            )
        )
        assert answer["errcode"] == 0
        assert wecom.entries("lifang")[0].button == "已提交"
        with pytest.raises(PhoneError):
            wecom.click("lifang", "submit")


def test_a_passive_reply_changes_the_card_of_the_one_who_clicked() -> None:
    with company() as wecom:
        bot = EchoBot(wecom)
        Api(wecom).log_in().send(
            touser="lifang|wangqiang", msgtype="template_card", template_card=BUTTON_CARD
        )
        name = cdata("已记录")
        bot.answers = [
            f"<MsgType>update_button</MsgType><Button><ReplaceName>{name}</ReplaceName></Button>"
        ]
        wecom.click("lifang", "submit")
        buttons = [wecom.entries(one)[-1].button for one in ("lifang", "wangqiang")]
        assert buttons == ["已记录", ""]


def test_a_passive_reply_puts_another_card_in_its_place() -> None:
    with company() as wecom:
        bot = EchoBot(wecom)
        send_card(wecom)
        bot.answers = [
            (
                "<MsgType>update_template_card</MsgType><TemplateCard>"
                "<CardType>text_notice</CardType><MainTitle><Title>谢谢</Title></MainTitle>"
                "<HorizontalContentList><KeyName>单位</KeyName><Value>临县</Value>"
                "</HorizontalContentList>"
                "<CardAction><Type>1</Type><Url>http://127.0.0.1/</Url></CardAction>"
                "</TemplateCard>"
            )
        ]
        wecom.click("lifang", "submit")
        card = wecom.entries("lifang")[-1].shown_card()
        assert card["main_title"] == {"title": "谢谢"}
        assert card["horizontal_content_list"] == [{"keyname": "单位", "value": "临县"}]


def test_events() -> None:
    with company() as wecom:
        bot = EchoBot(wecom)
        menu = {"button": [{"type": "click", "name": "我的任务", "key": "tasks"}]}
        Api(wecom).log_in().post("menu/create", menu)
        for act, event in (
            (wecom.enter, "enter_agent"),
            (wecom.subscribe, "subscribe"),
            (lambda userid: wecom.press_menu(userid, "tasks"), "click"),
        ):
            act("lifang")
            assert bot.last.findtext("Event") == event
            assert bot.last.find("MsgId") is None
        assert bot.last.findtext("EventKey") == "tasks"


def test_a_photo_can_be_fetched_by_its_media_id() -> None:
    with company() as wecom:
        bot = EchoBot(wecom)
        wecom.photo("lifang", b"\x89PNG-of-a-visit")
        media_id = bot.last.findtext("MediaId") or ""
        assert wecom.world.media.get(media_id).content == b"\x89PNG-of-a-visit"
