"""Every kind of message and event through the whole stack: one clear sentence, or silence."""

from collections.abc import Mapping

import pytest
from sqlalchemy import select

from bot.storage.inbox import InboxRow
from bot.texts import conversation as texts
from simulator.inbound import selected_items
from simulator.passive import Reply
from tests.support.caller import Caller
from tests.support.office import Office

FAMILY = "👨‍👩‍👧‍👦"
WHO = "linxian"
HELLO = texts.greeting("临小县")


def last(office: Office) -> InboxRow:
    """Return the message that was stored last."""

    def work(session: object) -> InboxRow:
        row = session.scalars(select(InboxRow).order_by(InboxRow.id.desc())).first()  # type: ignore[attr-defined]
        assert isinstance(row, InboxRow)
        return row

    return office.bot.database.read(work)


def answered(office: Office, caller: Caller, plaintext: bytes) -> Reply | None:
    """Deliver and return the answer; the message must be stored as it was handled."""
    reply = caller.delivers(WHO, plaintext, office.clock.now())
    row = last(office)
    assert row.plaintext == plaintext
    assert row.state == ("handled" if reply else "ignored")
    return reply


# --- texts


def said(office: Office, caller: Caller, text: str) -> str:
    reply = answered(office, caller, caller.text(WHO, text, office.clock.now()))
    assert reply is not None
    assert reply.text
    assert len(reply.text.encode()) <= 2048
    assert "truncated" not in reply.body
    return reply.text


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t", "\u3000", "\x08", "\x00\x1f"])
def test_a_text_without_anything_in_it(office: Office, caller: Caller, text: str) -> None:
    assert said(office, caller, text) == texts.empty()


def test_a_text_of_4000_characters(office: Office, caller: Caller) -> None:
    assert said(office, caller, "走访" * 2000) == texts.too_long(4000, 2000)


@pytest.mark.parametrize(
    "text",
    [FAMILY, "]]>", "<![CDATA[x]]>", "&amp;&lt;", "\u202eabc", "\u200b", "\ud7ff\ue000", "%s{}"],
)
def test_odd_texts_get_a_sentence(office: Office, caller: Caller, text: str) -> None:
    assert "请" in said(office, caller, text) or "没有" in said(office, caller, text)


def test_what_a_person_wrote_comes_back_unharmed(office: Office, caller: Caller) -> None:
    difficulty = f"因]]>经费不到<50%{FAMILY}A&B推进不下去"
    answer = said(office, caller, f"第11条 没完成，{difficulty}")
    assert f"困难：{difficulty}" in answer


def test_what_a_person_wrote_never_becomes_a_link(office: Office, caller: Caller) -> None:
    link = '<a href="http://example.com">点这里</a>'
    assert "<a" not in said(office, caller, f"第11条 没完成，因{link}推进不下去")


def test_a_line_break_as_word_processors_write_it_is_no_reason_for_silence(
    office: Office, caller: Caller
) -> None:
    assert "走访部队 7 个" in said(office, caller, "第11条 已完成，\x0b走访部队7个")


def test_a_long_answer_comes_in_parts_that_wecom_does_not_cut(
    office: Office, caller: Caller
) -> None:
    everything = "、".join(str(number) for number in range(1, 21))
    office.wecom.new_pushes("bangongshi")
    plaintext = caller.text("bangongshi", f"第{everything}条 汇总", office.clock.now())
    first = caller.delivers("bangongshi", plaintext, office.clock.now())
    assert first is not None
    assert first.text
    assert first.text.startswith("(1/")
    office.delivery.drain()
    parts = [first.text, *office.wecom.new_pushes("bangongshi")]
    heads = [part.split("\n")[0] for part in parts]
    assert heads == [f"({number}/{len(parts)})" for number in range(1, len(parts) + 1)]
    assert all(len(part.encode()) <= 2048 for part in parts)


# --- what is no text

MEDIA: dict[str, Mapping[str, str | int]] = {
    "image": {"PicUrl": "http://127.0.0.1/x.png", "MediaId": "m1"},
    "voice": {"MediaId": "m1", "Format": "amr"},
    "video": {"MediaId": "m1", "ThumbMediaId": "m2"},
    "location": {"Location_X": "23.134", "Location_Y": "113.358", "Scale": 20, "Label": "吕梁"},
    "link": {"Title": "通知", "Description": "d", "Url": "http://127.0.0.1/", "PicUrl": ""},
    "file": {"MediaId": "m1", "FileName": "台账.xlsx"},
}


@pytest.mark.parametrize(("kind", "fields"), MEDIA.items(), ids=MEDIA)
def test_what_cannot_be_read_is_said_to_be_so(
    office: Office, caller: Caller, kind: str, fields: Mapping[str, str | int]
) -> None:
    plaintext = caller.writer.message(WHO, office.clock.now(), kind, fields)
    reply = answered(office, caller, plaintext)
    assert reply is not None
    assert reply.text == texts.only_words()


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("hologram", {"MediaId": "m"}),
        ("location", {"Location_X": "north", "Location_Y": ""}),
        ("text_v2", {}),
    ],
)
def test_a_kind_that_nobody_knows_is_kept_in_silence(
    office: Office, caller: Caller, kind: str, fields: Mapping[str, str | int]
) -> None:
    plaintext = caller.writer.message(WHO, office.clock.now(), kind, fields)
    assert answered(office, caller, plaintext) is None


# --- events (protocol notes, section 3)

CARD = {"TaskId": "t1", "CardType": "button_interaction", "ResponseCode": "code"}
PLACE = "<Location_X>37.5</Location_X><Location_Y>111.1</Location_Y><Scale>15</Scale>"
PICTURES = "<PicList><item><PicMd5Sum>5a75aaca956d97be</PicMd5Sum></item></PicList>"
SILENT: dict[str, tuple[Mapping[str, str | int], str]] = {
    "enter_agent": ({"EventKey": ""}, ""),
    "LOCATION": ({"Latitude": "37.5", "Longitude": "111.1", "Precision": "65"}, ""),
    "view": ({"EventKey": "http://127.0.0.1/"}, ""),
    "view_miniprogram": ({"EventKey": "pages/index"}, ""),
    "scancode_push": (
        {"EventKey": "k"},
        "<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>1</ScanResult></ScanCodeInfo>",
    ),
    "scancode_waitmsg": ({"EventKey": "k"}, "<ScanCodeInfo/>"),
    "pic_sysphoto": (
        {"EventKey": "k"},
        f"<SendPicsInfo><Count>1</Count>{PICTURES}</SendPicsInfo>",
    ),
    "pic_photo_or_album": (
        {"EventKey": "k"},
        f"<SendPicsInfo><Count>2</Count>{PICTURES * 2}</SendPicsInfo>",
    ),
    "pic_weixin": ({"EventKey": "k"}, "<SendPicsInfo><Count/></SendPicsInfo>"),
    "location_select": ({"EventKey": "k"}, f"<SendLocationInfo>{PLACE}</SendLocationInfo>"),
    "batch_job_result": (
        {},
        "<BatchJob><JobId>j</JobId><JobType>sync_user</JobType><ErrCode>0</ErrCode></BatchJob>",
    ),
    "change_contact": (
        {"ChangeType": "update_user", "UserID": "linxian", "NewUserID": "linxian2"},
        "<ExtAttr><Item><Name>a</Name><Type>0</Type></Item></ExtAttr>",
    ),
    "open_approval_change": ({}, "<ApprovalInfo><ThirdNo>1</ThirdNo></ApprovalInfo>"),
    "share_agent_change": ({}, ""),
    "share_chain_change": ({}, ""),
    "low_active_alert": ({"EffectTime": "soon"}, ""),
    "taskcard_click": ({"EventKey": "k", "TaskId": "t"}, ""),
    "future_event": ({"Whatever": "1"}, "<A><B><C/></B></A>"),
    "": ({}, ""),
}

ALARMS: dict[str, tuple[dict[str, str | int], str]] = {
    "inactive_alert": ({"EffectTime": 1_700_000_000}, "将被企业微信停用"),
    "close_inactive_agent": ({}, "已被企业微信停用"),
    "reopen_inactive_agent": ({}, "已恢复使用"),
    "low_active": ({}, "已被企业微信限制"),
    "active_restored": ({}, "已恢复使用"),
}


@pytest.mark.parametrize("event", ALARMS)
def test_what_wecom_says_of_the_app_is_told_to_the_office(
    office: Office, caller: Caller, event: str
) -> None:
    fields, said = ALARMS[event]
    plaintext = caller.event("sys", office.clock.now(), event, fields, "")
    assert caller.delivers("sys", plaintext, office.clock.now()) is None
    office.act()
    [told] = office.person("bangongshi").hears()
    assert told.startswith("【系统提醒】企业微信通知：")
    assert said in told


@pytest.mark.parametrize("event", SILENT)
def test_events_that_need_no_answer_are_kept_in_silence(
    office: Office, caller: Caller, event: str
) -> None:
    fields, inner = SILENT[event]
    plaintext = caller.event(WHO, office.clock.now(), event, fields, inner)
    assert answered(office, caller, plaintext) is None


def test_an_event_of_the_corp_itself_is_kept(office: Office, caller: Caller) -> None:
    fields = {"ChangeType": "create_party", "Id": "2", "ParentId": "1"}
    plaintext = caller.event("sys", office.clock.now(), "change_contact", fields)
    assert caller.delivers("sys", plaintext, office.clock.now()) is None
    assert last(office).plaintext == plaintext


def test_who_comes_into_sight_is_greeted(office: Office, caller: Caller) -> None:
    plaintext = caller.event(WHO, office.clock.now(), "subscribe", {"EventKey": ""})
    reply = answered(office, caller, plaintext)
    assert reply is not None
    assert reply.text == HELLO


def test_a_menu_button_is_a_shortcut_to_its_words(office: Office, caller: Caller) -> None:
    plaintext = caller.event(WHO, office.clock.now(), "click", {"EventKey": "我的任务"})
    reply = answered(office, caller, plaintext)
    assert reply is not None
    assert reply.text
    assert reply.text.startswith("临县待办任务")


# --- cards


@pytest.mark.parametrize(
    ("key", "selections", "booked"),
    [
        ("第16条 推进中", {}, "状态：推进中"),
        ("第16条", {"progress": ["已完成"]}, "状态：已完成"),
        ("第16条", {"a": ["已完成"], "b": ["走访部队5个", "慰问金2万元"]}, "走访部队 5 个"),
        ("第16条 推进中", {"progress": []}, "状态：推进中"),
    ],
    ids=["none selected", "one", "several", "an empty question"],
)  # fmt: skip
def test_a_click_on_a_card_is_booked_like_its_words(
    office: Office, caller: Caller, key: str, selections: dict[str, list[str]], booked: str
) -> None:
    office.wecom.new_pushes(WHO)
    fields = {**CARD, "EventKey": key}
    plaintext = caller.event(
        WHO, office.clock.now(), "template_card_event", fields, selected_items(selections)
    )
    reply = answered(office, caller, plaintext)
    assert reply is not None
    assert reply.body == {"button": {"replace_name": texts.clicked()}}
    office.delivery.drain()
    [echo] = office.wecom.new_pushes(WHO)
    assert "第16条" in echo
    assert booked in echo


@pytest.mark.parametrize("event", ["template_card_event", "template_card_menu_event"])
@pytest.mark.parametrize("key", ["", "no such key", "k" * 1024])
def test_a_click_with_an_odd_key_is_answered_all_the_same(
    office: Office, caller: Caller, event: str, key: str
) -> None:
    office.wecom.new_pushes(WHO)
    plaintext = caller.event(WHO, office.clock.now(), event, {**CARD, "EventKey": key})
    reply = answered(office, caller, plaintext)
    assert reply is not None
    assert reply.body == {"button": {"replace_name": texts.clicked()}}
    office.delivery.drain()
    assert len(office.wecom.new_pushes(WHO)) == 1
