"""Every kind of message and event that the official pages list, and everything else."""

from collections.abc import Mapping
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SHANGHAI
from bot.wecom import contact_events as contact
from bot.wecom import events, messages
from bot.wecom.card_events import CardClicked, CardMenuChosen, SelectedItem, TaskCardClicked
from bot.wecom.inbound import Inbound, Unknown
from bot.wecom.markup import write
from bot.wecom.messages import parse
from bot.wecom.rejection import CallbackRejected

AT = datetime(2026, 8, 1, 9, 7, tzinfo=SHANGHAI)
HEAD: Mapping[str, object] = {
    "ToUserName": "ww6a112864f8022910",
    "FromUserName": "ZhangSan",
    "CreateTime": int(AT.timestamp()),
    "AgentID": 1000002,
}


def xml(**parts: object) -> bytes:
    """Write a plaintext; a part given as None is left out."""
    kept = {name: part for name, part in {**HEAD, **parts}.items() if part is not None}
    return write("xml", kept).encode()


def event(name: str, **parts: object) -> Inbound:
    return parse(xml(MsgType="event", Event=name, **parts))


def fields(message: Inbound) -> tuple[object, ...]:
    """Return what a message says beyond its head."""
    names = list(message.__dataclass_fields__)[1:]
    return tuple(getattr(message, name) for name in names)


MESSAGES: dict[str, tuple[dict[str, object], type[Inbound], tuple[object, ...]]] = {
    "text": ({"Content": "第11条 已完成"}, messages.TextMessage, ("第11条 已完成",)),
    "image": ({"PicUrl": "http://p", "MediaId": "m"}, messages.ImageMessage, ("m", "http://p")),
    "voice": ({"MediaId": "m", "Format": "amr"}, messages.VoiceMessage, ("m", "amr", "")),
    "video": ({"MediaId": "m", "ThumbMediaId": "t"}, messages.VideoMessage, ("m", "t")),
    "location": (
        {"Location_X": "36.06", "Location_Y": "103.83", "Scale": "15", "Label": "某街道"},
        messages.LocationMessage,
        (36.06, 103.83, 15, "某街道"),
    ),
    "link": (
        {"Title": "标题", "Description": "说明", "Url": "http://u", "PicUrl": "http://p"},
        messages.LinkMessage,
        ("标题", "说明", "http://u", "http://p"),
    ),
    "file": ({"MediaId": "m", "FileName": "表.xlsx"}, messages.FileMessage, ("m", "表.xlsx")),
}


@pytest.mark.parametrize("kind", MESSAGES)
def test_message(kind: str) -> None:
    parts, expected, said = MESSAGES[kind]
    message = parse(xml(MsgType=kind, MsgId="4561255354251345929", **parts))
    assert type(message) is expected
    assert fields(message) == said
    assert (message.kind, message.agent_id) == (kind, 1000002)
    assert message.corp_id == "ww6a112864f8022910"
    assert message.created_at == AT
    assert message.created_at.utcoffset() == AT.utcoffset()
    assert message.msg_id == "4561255354251345929"


CARD = {"EventKey": "submit", "TaskId": "t-1", "CardType": "button_interaction"}
CODE = {"ResponseCode": "R"}
MEMBER = {"UserID": "LiSi", "NewUserID": "LiSi2", "Name": "李四", "Department": "1,2", "Status": 1}
PLACE = {"Location_X": 36.5, "Location_Y": 103.5, "Label": "路", "Poiname": "广场"}
PICTURES = {"Count": 2, "PicList": [{"item": {"PicMd5Sum": "a"}}, {"item": {"PicMd5Sum": "b"}}]}
PEOPLE = {"AddUserItems": "A,b", "DelUserItems": "", "AddPartyItems": "1", "DelPartyItems": "3,4"}
ALARMS = (
    *("inactive_alert", "low_active_alert", "close_inactive_agent"),
    *("reopen_inactive_agent", "low_active", "active_restored"),
)
EVENTS: list[tuple[str, dict[str, object], type[Inbound], tuple[object, ...]]] = [
    ("subscribe", {"EventKey": ""}, events.Subscribed, ()),
    ("unsubscribe", {}, events.Unsubscribed, ()),
    ("enter_agent", {"EventKey": ""}, events.AgentEntered, ()),
    (
        "LOCATION",
        {"Latitude": 36.0, "Longitude": 103.0, "Precision": 65.0},
        events.LocationReported,
        (36.0, 103.0, 65.0),
    ),
    ("click", {"EventKey": "summary"}, events.MenuClicked, ("summary",)),
    ("view", {"EventKey": "http://u"}, events.PageOpened, ("http://u",)),
    ("view_miniprogram", {"EventKey": "pages/a"}, events.PageOpened, ("pages/a",)),
    (
        "scancode_push",
        {"EventKey": "k", "ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": "r"}},
        events.CodeScanned,
        ("k", "qrcode", "r"),
    ),
    ("scancode_waitmsg", {"EventKey": "k"}, events.CodeScanned, ("k", "", "")),
    (
        "pic_weixin",
        {"EventKey": "k", "SendPicsInfo": PICTURES},
        events.PicturesChosen,
        ("k", 2, ("a", "b")),
    ),
    ("pic_sysphoto", {"EventKey": "k"}, events.PicturesChosen, ("k", 0, ())),
    ("pic_photo_or_album", {"EventKey": "k"}, events.PicturesChosen, ("k", 0, ())),
    (
        "location_select",
        {"EventKey": "k", "SendLocationInfo": PLACE},
        events.PlaceChosen,
        ("k", 36.5, 103.5, "路", "广场"),
    ),
    (
        "batch_job_result",
        {"BatchJob": {"JobId": "j", "JobType": "sync_user", "ErrCode": 0, "ErrMsg": "ok"}},
        events.BatchFinished,
        ("j", "sync_user", 0, "ok"),
    ),
    (
        "change_contact",
        {"ChangeType": "update_user", **MEMBER},
        contact.MemberChanged,
        ("update_user", "lisi", "lisi2", "李四", ("1", "2"), "1"),
    ),
    (
        "change_contact",
        {"ChangeType": "delete_user", "UserID": "LiSi"},
        contact.MemberChanged,
        ("delete_user", "lisi", "", "", (), ""),
    ),
    (
        "change_contact",
        {"ChangeType": "create_party", "Id": 2, "Name": "双拥办", "ParentId": 1},
        contact.DepartmentChanged,
        ("create_party", "2", "双拥办", "1"),
    ),
    (
        "change_contact",
        {"ChangeType": "update_tag", "TagId": 1, **PEOPLE},
        contact.TagChanged,
        ("1", ("a", "b"), (), ("1",), ("3", "4")),
    ),
    ("change_contact", {"ChangeType": "something_new"}, Unknown, ()),
    (
        "open_approval_change",
        {"ApprovalInfo": {"ThirdNo": "n", "OpenSpName": "请假", "OpenSpStatus": 1}},
        events.ApprovalChanged,
        ("n", "请假", "1"),
    ),
    ("share_agent_change", {}, events.SharingChanged, ()),
    ("share_chain_change", {}, events.SharingChanged, ()),
    (
        "inactive_alert",
        {"EffectTime": int(AT.timestamp())},
        events.AppStateChanged,
        ("inactive_alert", AT),
    ),
    *((name, {}, events.AppStateChanged, (name, None)) for name in ALARMS),
    (
        "template_card_menu_event",
        {**CARD, **CODE},
        CardMenuChosen,
        ("submit", "t-1", "button_interaction", "R"),
    ),
    ("taskcard_click", {"EventKey": "yes", "TaskId": "t"}, TaskCardClicked, ("yes", "t")),
    ("an_event_of_next_year", {"EventKey": "k"}, Unknown, ()),
]


@pytest.mark.parametrize(
    ("name", "parts", "expected", "said"),
    EVENTS,
    ids=[f"{n}-{i}" for i, (n, *_) in enumerate(EVENTS)],
)
def test_event(
    name: str, parts: dict[str, object], expected: type[Inbound], said: tuple[object, ...]
) -> None:
    message = event(name, **parts)
    assert type(message) is expected
    assert fields(message) == said
    assert message.kind == f"event.{name}"


def item(question: str, *options: str) -> dict[str, object]:
    return {"QuestionKey": question, "OptionIds": {"OptionId": list(options)}}


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (None, ()),
        ({}, ()),
        ({"SelectedItem": []}, ()),
        ({"SelectedItem": [item("q")]}, (SelectedItem("q", ()),)),
        ({"SelectedItem": [item("q", "a")]}, (SelectedItem("q", ("a",)),)),
        (
            {"SelectedItem": [item("q1", "a", "b"), item("q2", "c")]},
            (SelectedItem("q1", ("a", "b")), SelectedItem("q2", ("c",))),
        ),
    ],
    ids=["absent", "empty", "none", "no option", "one", "several"],
)
def test_card_click_with_none_one_or_several_choices(
    sent: object, read: tuple[SelectedItem, ...]
) -> None:
    message = event("template_card_event", SelectedItems=sent, **CARD, **CODE)
    assert isinstance(message, CardClicked)
    assert message.selected == read
    assert fields(message)[:4] == ("submit", "t-1", "button_interaction", "R")


class TestDedupeKey:
    def test_a_redelivery_has_the_same_key(self) -> None:
        body = xml(MsgType="text", Content="好", MsgId="7")
        assert parse(body).dedupe_key == parse(body).dedupe_key == "m:1000002:ZhangSan:7"

    def test_the_same_number_from_two_people_is_two_messages(self) -> None:
        one = parse(xml(MsgType="voice", MsgId="7", FromUserName="a"))
        two = parse(xml(MsgType="voice", MsgId="7", FromUserName="b"))
        assert one.dedupe_key != two.dedupe_key

    def test_two_different_events_in_one_second_are_two(self) -> None:
        assert event("click", EventKey="a").dedupe_key != event("click", EventKey="b").dedupe_key

    def test_the_same_event_to_two_apps_is_two(self) -> None:
        one, two = event("enter_agent", AgentID=1), event("enter_agent", AgentID=2)
        assert one.dedupe_key != two.dedupe_key

    def test_an_event_key_is_short_and_names_nobody(self) -> None:
        key = event("enter_agent").dedupe_key
        assert key.startswith("e:")
        assert len(key) == 66


class TestTolerance:
    def test_userids_compare_without_case(self) -> None:
        message = parse(xml(MsgType="text", Content="好", FromUserName="ZhangSan"))
        assert message.userid == "zhangsan"
        assert message.head.sender == "ZhangSan"

    def test_the_plaintext_is_kept_but_not_shown(self) -> None:
        body = xml(MsgType="text", Content="内部情况")
        assert parse(body).plaintext == body
        assert "plaintext" not in repr(parse(body))

    @pytest.mark.parametrize(
        "body",
        [
            xml(MsgType="hologram"),
            xml(MsgType="location", Location_X="north", Location_Y="1"),
            xml(MsgType="text", Content="谁？", FromUserName=None),
            xml(MsgType="event", Event=None),
            xml(MsgType="event", Event="inactive_alert", EffectTime="9" * 40),
        ],
        ids=["unknown kind", "unreadable number", "no sender", "no event", "impossible time"],
    )
    def test_what_the_bot_does_not_know_is_kept_as_unknown(self, body: bytes) -> None:
        message = parse(body)
        assert type(message) is Unknown
        assert message.plaintext == body

    def test_a_message_without_an_app_has_none(self) -> None:
        assert parse(xml(MsgType="text", Content="好", AgentID=None)).agent_id is None
        assert parse(xml(MsgType="text", Content="好", AgentID="9" * 5000)).agent_id is None

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{}",
            b"<xml>",
            b"<other><MsgType>text</MsgType><CreateTime>1</CreateTime></other>",
            xml(),
            xml(MsgType="text", CreateTime="now"),
            xml(MsgType="text", CreateTime=None),
            xml(MsgType="text", CreateTime="9" * 30),
            b"<!DOCTYPE xml>" + xml(MsgType="text"),
        ],
    )
    def test_what_is_no_message_is_rejected(self, body: bytes) -> None:
        with pytest.raises(CallbackRejected):
            parse(body)

    @given(content=st.text())
    def test_any_text_is_read_as_it_was_typed(self, content: str) -> None:
        message = parse(xml(MsgType="text", Content=content))
        assert isinstance(message, messages.TextMessage)
        written = "".join(c for c in content if c >= " " or c in "\t\n\r")
        if written.isprintable():
            assert message.content == written
