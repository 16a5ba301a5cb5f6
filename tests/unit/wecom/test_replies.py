"""Passive replies: well-formed whatever people wrote, and split where a reader would pause."""

import re
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SHANGHAI
from bot.wecom import replies
from bot.wecom.card_parts import Button, Choice, Option, Row
from bot.wecom.cards import Face, button_interaction, replaced_card
from bot.wecom.clipping import clip, clip_bytes, size
from bot.wecom.escaping import escape_markdown, escape_tags
from bot.wecom.inbound import Head, Unknown
from bot.wecom.markup import Node, drop_forbidden, read
from bot.wecom.replies import Envelope, split_text

AT = datetime(2026, 8, 1, 9, 7, tzinfo=SHANGHAI)
TO = Envelope("ZhangSan", "ww6a112864f8022910", AT)
FAMILY = "👨‍👩‍👧‍👦"


def test_a_reply_goes_back_to_the_sender_as_written() -> None:
    asked = Unknown(Head("wwcorp", "ZhangSan", 1, AT, "7", "text", b""))
    assert replies.answer_to(asked, AT) == Envelope("ZhangSan", "wwcorp", AT)


def test_text_reply() -> None:
    assert replies.text(TO, "已记录").decode() == (
        "<xml><ToUserName><![CDATA[ZhangSan]]></ToUserName>"
        "<FromUserName><![CDATA[ww6a112864f8022910]]></FromUserName>"
        f"<CreateTime>{int(AT.timestamp())}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        "<Content><![CDATA[已记录]]></Content></xml>"
    )


@pytest.mark.parametrize(
    "content",
    ["]]>", "]]]]>>", "a]]><MsgType>news</MsgType><![CDATA[b", "]]", "<b>&amp;</b>", FAMILY],
)
def test_people_cannot_write_their_own_elements(content: str) -> None:
    root = read(replies.text(TO, content))
    assert root.text("Content") == content
    assert [child.tag for child in root.children][3:] == ["MsgType", "Content"]


@given(content=st.text())
def test_every_reply_is_well_formed_and_loses_only_what_xml_cannot_hold(content: str) -> None:
    shown = read(replies.text(TO, content)).text("Content")
    assert shown == re.sub("\r\n?", "\n", drop_forbidden(content))


def test_characters_that_xml_cannot_hold_are_dropped() -> None:
    root = read(replies.text(TO, "前\x00\x08\x1b\ufffe\ud800后\t\n完"))
    assert root.text("Content") == "前后\t\n完"


def test_update_button() -> None:
    root = read(replies.update_button(TO, "已提交"))
    assert root.text("MsgType") == "update_button"
    assert root.child("Button").text("ReplaceName") == "已提交"


def test_update_template_card_has_the_names_and_repeated_lists_of_the_xml_form() -> None:
    card = button_interaction(
        Face("标题", rows=[Row("单位", "临县"), Row("进度", "已完成")]),
        "task-1",
        [Button("完成", "done"), Button("协助", "help")],
        Choice("progress", "进度", [Option("0", "未开始"), Option("1", "完成")]),
    )
    changed = replaced_card(card, "已提交")["template_card"]
    assert isinstance(changed, dict)
    shown = read(replies.update_template_card(TO, changed)).child("TemplateCard")
    assert shown.text("CardType") == "button_interaction"
    assert shown.text("ReplaceText") == "已提交"
    assert [row.text("KeyName") for row in shown.all("HorizontalContentList")] == ["单位", "进度"]
    assert [button.text("Key") for button in shown.all("ButtonList")] == ["done", "help"]
    options = shown.child("ButtonSelection").all("OptionList")
    assert [option.text("Id") for option in options] == ["0", "1"]
    assert _tags(shown) == {tag for tag in _tags(shown) if re.fullmatch("[A-Z][A-Za-z]*", tag)}


def _tags(node: Node) -> set[str]:
    return {node.tag}.union(*(_tags(child) for child in node.children))


class TestSplitting:
    def test_what_fits_stays_one_part_without_a_number(self) -> None:
        assert split_text("双" * 682) == ("双" * 682,)

    @pytest.mark.parametrize("blank", ["", " ", "\n\n", "\x00"])
    def test_nothing_gives_no_part(self, blank: str) -> None:
        assert split_text(blank) == ()

    def test_breaks_at_lines(self) -> None:
        assert split_text("第一行内容\n第二行内容\n第三行内容", 44) == (
            "(1/2)\n第一行内容\n第二行内容",
            "(2/2)\n第三行内容",
        )

    def test_else_after_sentences(self) -> None:
        assert split_text("请于七日内反馈。逾期将通报。请知悉。", 44) == (
            "(1/2)\n请于七日内反馈。",
            "(2/2)\n逾期将通报。请知悉。",
        )

    def test_more_than_nine_parts_are_numbered_within_the_limit(self) -> None:
        parts = split_text("双" * 500, 100)
        assert parts[0].startswith(f"(1/{len(parts)})\n")
        assert len(parts) > 9
        assert max(map(size, parts)) <= 100

    def test_a_link_is_not_cut(self) -> None:
        link = '<a href="https://example.gov.cn/report?id=12">点此填写</a>'
        parts = split_text("请" * 20 + link + "谢" * 20, 100)
        assert sum(link in part for part in parts) == 1

    @given(
        text=st.text(st.sampled_from("双拥a。，\n 😀👍🏽é🇨🇳" + FAMILY), max_size=400),
        limit=st.integers(40, 120),
    )
    def test_no_part_is_too_long_and_no_word_is_lost(self, text: str, limit: int) -> None:
        parts = split_text(text, limit)
        assert all(size(part) <= limit for part in parts)
        bodies = [re.sub(r"^\(\d+/\d+\)\n", "", part) for part in parts]
        assert re.sub(r"\s", "", "".join(bodies)) == re.sub(r"\s", "", text)

    @given(count=st.integers(1, 60), limit=st.integers(60, 90))
    def test_emoji_of_several_characters_stay_whole(self, count: int, limit: int) -> None:
        people = f"{FAMILY}👍🏽🇨🇳"
        bodies = [part.split("\n")[-1] for part in split_text(people * count, limit)]
        for body in bodies:
            assert re.fullmatch(f"({FAMILY}|👍🏽|🇨🇳)+", body)


class TestClipping:
    def test_shows_that_something_is_missing(self) -> None:
        assert clip("八一走访慰问提醒", 6) == "八一走访慰…"
        assert clip("八一走访", 4) == "八一走访"

    @given(text=st.text(), limit=st.integers(3, 40))
    def test_never_exceeds_the_limit(self, text: str, limit: int) -> None:
        assert len(clip(text, limit)) <= limit
        assert size(clip_bytes(text, limit)) <= limit

    def test_a_family_is_left_out_rather_than_cut(self) -> None:
        assert clip(f"慰问{FAMILY}家属", 6) == "慰问…"


class TestEscaping:
    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ("[点我](http://x)", "［点我］(http://x)"),
            ("# 大标题", "＃ 大标题"),
            ("> 引用", "＞ 引用"),
            ('<font color="warning">红</font>', '＜font color="warning"＞红＜/font＞'),
            ("<@all>", "＜@all＞"),
            ("**粗**", "＊＊粗＊＊"),
            ("`码`", "｀码｀"),
            ("zhang_san", "zhang_san"),
        ],
    )
    def test_markdown(self, typed: str, shown: str) -> None:
        assert escape_markdown(typed) == shown

    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ('<a href="http://x">领奖</a>', '＜a href="http://x">领奖＜/a>'),
            ('<div class="highlight">', '＜div class="highlight">'),
            ("< br>", "＜ br>"),
            ("进度<50%", "进度<50%"),
        ],
    )
    def test_tags(self, typed: str, shown: str) -> None:
        assert escape_tags(typed) == shown
