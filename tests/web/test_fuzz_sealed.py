"""Sealed with the right keys, yet nothing that WeCom was ever seen to send.

Whatever it says, it is answered or kept in silence, and no handler stumbles over it.
"""

import base64
import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.wecom.crypto import MAX_BODY
from bot.wecom.events import EVENTS
from bot.wecom.messages import MESSAGES
from simulator.passive import read_reply
from tests.support.caller import Caller
from tests.support.fuzzing import examples
from tests.support.office import ISSUE_DAY, Office
from tests.web import both

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
WHO = "linxian"
opened = both.opened


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing that comes from outside is an error of the program."""
    caplog.set_level(logging.ERROR)
    yield
    assert [record.getMessage() for record in caplog.records] == []


FIELDS = [
    "Content", "MediaId", "PicUrl", "Format", "Location_X", "Location_Y", "Scale", "Title", "Event",
    "EventKey", "TaskId", "CardType", "ResponseCode", "ChangeType", "UserID", "EffectTime", "MsgId",
    "Latitude", "Longitude", "Precision", "JobId", "Count", "ErrCode", "MsgType",
]  # fmt: skip
NESTED = [
    "SelectedItems", "SelectedItem", "OptionIds", "OptionId", "ScanCodeInfo", "SendPicsInfo",
    "PicList", "item", "SendLocationInfo", "BatchJob", "ApprovalInfo", "ExtAttr", "Item",
]  # fmt: skip
XML_TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
)
REPEATED = st.builds(
    lambda text, times: text * times,
    st.sampled_from(
        ["9", "〇", "第11条、", "(", "长", "1", "👨‍👩‍👧‍👦", "第", "a=", "2月30日", " "]
    ),
    st.sampled_from([1, 50, 400, 1999, 5000, 9000]),
)
WORDS = st.sampled_from(
    ["", "第11条 已完成", "进度", "催办 第99999999999999999999条", "汇总", "更正", "撤回", "退回",
     "销号 第11条 临县", "第一亿条", "1e999", "NaN", "-0", "٣٤٥", "①", "9999年12月31日",
     "0年0月0日",
     "'; DROP TABLE inbox; --", "{{7*7}}", "%s%n", "../../etc/passwd", "<a href='x'>", "\u202e",
     "\u2028", "更正 第99999999999条", "明天", "第11条 完成-5%", "第11条 完成1000%"]
) | st.builds("{}{}{}".format, st.sampled_from(["第11条 已完成，慰问金", "走访部队", "完成"]),
              REPEATED, st.sampled_from(["万元", "个", "%", "亿", "日前"]))  # fmt: skip
VALUES = WORDS | REPEATED | XML_TEXT | st.integers().map(str) | st.floats().map(str)


def element(name: str, inner: str) -> str:
    return f"<{name}>{inner}</{name}>"


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


LEAVES = st.builds(element, st.sampled_from(FIELDS + NESTED), VALUES.map(escaped))
ELEMENTS = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        element, st.sampled_from(NESTED), st.lists(inner, max_size=3).map("".join)
    ),
    max_leaves=6,
)
KINDS = st.sampled_from([*MESSAGES, *(name.partition(".")[2] for name in EVENTS)]) | XML_TEXT
SENDERS = st.sampled_from(
    [WHO, "LINXIAN", "bangongshi", "lingdao", "luren", "sys", "", " ", "a|b", "@all", "../x",
     "\u00a0"]
) | REPEATED  # fmt: skip
MARKUP = [
    "<!DOCTYPE xml [<!ENTITY a 'aaaa'>]>", "<?xml version='1.0' encoding='utf-16'?>", "&undefined;",
    "&#0;", "&#xD800;", "\x00", "\ufffe", "<unclosed>", "</xml>", "<![CDATA[", "]]>", "<!-- x -->",
    "<x:y xmlns:x='z'/>", "<a b='c'/>",
]  # fmt: skip
SPOILT = st.sampled_from(MARKUP) | st.sampled_from(["<deep>", "<wide/>"]).map(
    lambda tag: tag * 9000
)


@st.composite
def messages(draw: st.DrawFn) -> tuple[str, str]:
    """A message that is well-formed, whatever it says; and who sends it."""
    sender, kind = draw(SENDERS), draw(KINDS)
    event = draw(st.booleans())
    head = [
        element("FromUserName", escaped(sender)),
        element("CreateTime", str(draw(st.integers(0, 4_000_000_000)))),
        element("MsgType", "event" if event else escaped(kind or "text")),
        element("Event", escaped(kind)) if event else "",
        element("MsgId", draw(VALUES.map(escaped))) if draw(st.booleans()) else "",
    ]
    more = draw(st.lists(ELEMENTS, max_size=8))
    content = element("Content", escaped(draw(VALUES)))
    return element("xml", "".join([*head, content, *more])), sender.strip()


@examples(200)
@given(message=messages())
def test_whatever_wecom_may_say_is_answered_or_kept(
    office: Office, caller: Caller, message: tuple[str, str]
) -> None:
    office.clock.advance(timedelta(seconds=3))
    plaintext, sender = message
    request = caller.sealed(plaintext.encode(errors="replace"), ISSUE_DAY)
    assert isinstance(request.body, bytes)
    assume(len(request.body) <= MAX_BODY)
    response = caller.call(request)
    assert response.status_code == 200, (response.status_code, plaintext[:300])
    reply = read_reply(caller.envelope(), response.content, sender)
    assert reply is None or reply.text or reply.msgtype == "update_button"


@examples(100)
@given(message=messages(), spoilt=SPOILT, place=st.floats(0, 1))
def test_markup_that_wecom_never_sends_is_answered_all_the_same(
    office: Office, caller: Caller, message: tuple[str, str], spoilt: str, place: float
) -> None:
    office.clock.advance(timedelta(seconds=3))
    text, _ = message
    cut = int(len(text) * place)
    plaintext = (text[:cut] + spoilt + text[cut:]).encode(errors="replace")
    assert caller.call(caller.sealed(plaintext, ISSUE_DAY)).status_code in {200, 403}


@examples(60)
@given(plaintext=st.binary(max_size=300))
def test_sealed_noise_is_refused(office: Office, caller: Caller, plaintext: bytes) -> None:
    assert caller.call(caller.sealed(plaintext, ISSUE_DAY)).status_code == 403
    check = caller.verification(plaintext, ISSUE_DAY)
    answer = caller.call(check)
    assert (answer.status_code, answer.content) == (200, plaintext)


@examples(60)
@given(blocks=st.binary(min_size=32, max_size=320))
def test_a_ciphertext_of_noise_is_refused(office: Office, caller: Caller, blocks: bytes) -> None:
    whole = blocks[: len(blocks) // 32 * 32]
    answer = caller.call(caller.carrying(base64.b64encode(whole).decode(), ISSUE_DAY))
    assert (answer.status_code, answer.content) == (403, b"forbidden")


def test_after_all_that_a_message_is_a_message(office: Office) -> None:
    office.clock.advance(timedelta(minutes=2))
    assert "第9条" in office.person(WHO).says("第9条")
