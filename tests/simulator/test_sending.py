"""message/send over HTTP: recipients, contents, duplicates and the silent limit."""

from datetime import timedelta
from typing import Any

import pytest

from simulator.harness import Simulator
from tests.simulator.company import BUTTON_CARD, Api, company


def test_a_text_arrives() -> None:
    with company() as wecom:
        answer = Api(wecom).log_in().send(touser="lifang|nobody|WangQiang")
        assert answer["errcode"] == 0
        assert answer["invaliduser"] == "nobody"
        assert wecom.pushes("LiFang") == wecom.pushes("wangqiang") == ["请于今天填报第11条"]
        assert wecom.pushes("zhangwei") == []


def test_a_department_and_everyone() -> None:
    with company() as wecom:
        api = Api(wecom).log_in()
        departments = {one["name"]: one["id"] for one in api.get("department/list")["department"]}
        api.send(touser="", toparty=str(departments["兴县"]))
        assert [len(wecom.pushes(one)) for one in ("lifang", "wangqiang")] == [0, 1]
        api.send(touser="@all", toparty="nonsense is ignored")
        assert [len(wecom.pushes(one)) for one in ("lifang", "wangqiang", "luren")] == [1, 2, 1]


BAD_REQUESTS: list[tuple[dict[str, Any], int]] = [
    ({"touser": ""}, 82001),
    ({"touser": "ghost|phantom"}, 81013),
    ({"touser": "|".join(f"u{n}" for n in range(1001))}, 40032),
    ({"toparty": "|".join("1" * 101)}, 82002),
    ({"agentid": 7}, 40056),
    ({"agentid": "1000002"}, 40056),
    ({"msgtype": "telegram"}, 40008),
    ({"text": {"content": ""}}, 44004),
    ({"text": "bare"}, 44004),
    ({"msgtype": "markdown", "markdown": {"content": "字" * 700}}, 45002),
    ({"msgtype": "file", "file": {"media_id": "unknown"}}, 40007),
    ({"msgtype": "news", "news": {"articles": []}}, 45008),
    ({"msgtype": "textcard", "textcard": {"title": "t", "description": "d"}}, 42028),
    ({"enable_duplicate_check": 1, "duplicate_check_interval": 99999}, 40058),
]


@pytest.mark.parametrize(("fields", "errcode"), BAD_REQUESTS)
def test_what_wecom_refuses(fields: dict[str, Any], errcode: int) -> None:
    with company() as wecom:
        assert Api(wecom).log_in().send(**fields)["errcode"] == errcode
        assert wecom.pushes("lifang") == []


BAD_CARDS: list[tuple[dict[str, Any], int]] = [
    ({"card_type": "poster"}, 42031),
    ({"main_title": {}}, 42033),
    ({"horizontal_content_list": [{"value": "x"}]}, 42027),
    ({"horizontal_content_list": [{"keyname": "x"}] * 7}, 42035),
    ({"button_list": []}, 42038),
    ({"button_list": [{"text": "提交"}]}, 42039),
    ({"button_list": [{"text": "提交", "key": "k" * 1025}]}, 42039),
    ({"button_selection": {"option_list": [{"id": "1", "text": "x"}]}}, 42043),
    ({"task_id": "有中文"}, 42014),
    ({"task_id": ""}, 42014),
    ({"card_type": "text_notice"}, 42045),
    ({"card_type": "text_notice", "card_action": {"type": 1}}, 42028),
    ({"card_type": "vote_interaction"}, 42043),
    ({"card_type": "multiple_interaction"}, 42047),
    ({"action_menu": {"action_list": []}}, 42037),
    ({"action_menu": {"action_list": [{"text": "x", "key": "a"}] * 2}}, 42051),
]


@pytest.mark.parametrize(("change", "errcode"), BAD_CARDS)
def test_cards_that_wecom_refuses(change: dict[str, Any], errcode: int) -> None:
    with company() as wecom:
        answer = (
            Api(wecom).log_in().send(msgtype="template_card", template_card=BUTTON_CARD | change)
        )
        assert answer["errcode"] == errcode


def test_a_task_id_serves_once() -> None:
    with company() as wecom:
        api = Api(wecom).log_in()
        first = api.send(msgtype="template_card", template_card=BUTTON_CARD)
        assert first["response_code"]
        again = api.send(msgtype="template_card", template_card=BUTTON_CARD, touser="wangqiang")
        assert again["errcode"] == 42014


def test_a_long_text_is_cut_between_characters() -> None:
    with company() as wecom:
        Api(wecom).log_in().send(text={"content": "双" * 1000})
        assert wecom.pushes("lifang") == ["双" * 682]


def test_a_duplicate_is_accepted_but_not_delivered() -> None:
    with company() as wecom:
        api = Api(wecom).log_in()
        checked = {"enable_duplicate_check": 1, "duplicate_check_interval": 600}
        answers = [api.send(**checked) for _ in range(3)]
        assert [one["msgid"] for one in answers] == [answers[0]["msgid"]] * 3
        assert len(wecom.pushes("lifang")) == 1
        assert wecom.world.duplicates.suppressed == 2
        wecom.advance(timedelta(seconds=601))
        api.send(**checked)
        assert len(wecom.pushes("lifang")) == 2


def test_without_the_check_a_repeated_request_is_delivered_twice() -> None:
    with company() as wecom:
        api = Api(wecom).log_in()
        api.send()
        api.send()
        assert len(wecom.pushes("lifang")) == 2


def test_more_than_thirty_a_minute_are_dropped_without_a_word() -> None:
    with company() as wecom:
        answers = flood(wecom, 33)
        assert {answer["errcode"] for answer in answers} == {0}
        assert len(wecom.pushes("lifang")) == 30
        assert wecom.world.rate.dropped["lifang"] == 3
        wecom.advance(timedelta(minutes=1))
        flood(wecom, 1)
        assert len(wecom.pushes("lifang")) == 31


def flood(wecom: Simulator, count: int) -> list[dict[str, Any]]:
    api = Api(wecom).log_in()
    return [api.send(text={"content": f"第{n}次"}) for n in range(count)]


def test_someone_without_a_licence_is_named_and_gets_nothing() -> None:
    with company() as wecom:
        wecom.world.members.unlicensed.add("lifang")
        assert Api(wecom).log_in().send(touser="lifang|wangqiang")["unlicenseduser"] == "lifang"
        assert wecom.pushes("lifang") == []


def test_a_message_can_be_taken_back_for_a_day() -> None:
    with company() as wecom:
        api = Api(wecom).log_in()
        first, second = api.send()["msgid"], api.send()["msgid"]
        assert api.post("message/recall", {"msgid": first})["errcode"] == 0
        assert wecom.pushes("lifang") == ["", "请于今天填报第11条"]
        wecom.advance(timedelta(hours=25))
        assert Api(wecom).log_in().post("message/recall", {"msgid": second})["errcode"] == 42052
        assert Api(wecom).log_in().post("message/recall", {"msgid": "x"})["errcode"] == 40058


@pytest.mark.parametrize("change", [{"button": {"replace_name": "已提交"}}, {}])
def test_an_update_changes_the_card_once(change: dict[str, Any]) -> None:
    change = change or {"template_card": BUTTON_CARD | {"main_title": {"title": "已截止"}}}
    with company() as wecom:
        api = Api(wecom).log_in()
        code = api.send(msgtype="template_card", template_card=BUTTON_CARD)["response_code"]
        update = {
            "userids": ["lifang"],
            "agentid": wecom.corp.agent_id,
            "response_code": code,
            **change,
        }
        assert api.post("message/update_template_card", update)["errcode"] == 0
        entry = wecom.entries("lifang")[0]
        assert (entry.button, entry.shown_card()["main_title"]["title"]) in {
            ("已提交", "八一走访提醒"),
            ("", "已截止"),
        }
        assert api.post("message/update_template_card", update)["errcode"] == 60140


def test_a_response_code_lives_72_hours() -> None:
    with company() as wecom:
        code = Api(wecom).log_in().send(msgtype="template_card", template_card=BUTTON_CARD)
        wecom.advance(timedelta(hours=73))
        update = {
            "userids": ["lifang"],
            "agentid": wecom.corp.agent_id,
            "response_code": code["response_code"],
            "button": {"replace_name": "已截止"},
        }
        answer = Api(wecom).log_in().post("message/update_template_card", update)
        assert answer["errcode"] == 60140
