"""Template cards: the JSON of the official samples, cut and checked before WeCom sees it."""

import pytest

from bot.wecom.card_parts import Button, Choice, Figure, Link, Option, Row, Style, Vote
from bot.wecom.cards import (
    Face,
    button_interaction,
    multiple_interaction,
    news_notice,
    replaced_button,
    replaced_card,
    text_notice,
    vote_interaction,
)

FACE = Face("八一走访提醒", "请于7月31日前反馈", rows=[Row("单位", "临县")])
YES_NO = [Option("0", "未开始"), Option("1", "已完成")]
SUBMIT = Button("提交", "submit")


def test_button_card() -> None:
    card = button_interaction(
        FACE,
        "visit-20260801-u17-01",
        [SUBMIT, Button("需协助", "help", Style.RED)],
        Choice("progress", "进度", YES_NO, "1"),
    )
    assert card == {
        "card_type": "button_interaction",
        "task_id": "visit-20260801-u17-01",
        "main_title": {"title": "八一走访提醒", "desc": "请于7月31日前反馈"},
        "horizontal_content_list": [{"keyname": "单位", "value": "临县"}],
        "button_selection": {
            "question_key": "progress",
            "title": "进度",
            "option_list": [{"id": "0", "text": "未开始"}, {"id": "1", "text": "已完成"}],
            "selected_id": "1",
        },
        "button_list": [
            {"text": "提交", "style": 1, "key": "submit"},
            {"text": "需协助", "style": 3, "key": "help"},
        ],
    }


def test_vote_card() -> None:
    vote = Vote("q1", YES_NO, several=True, checked=frozenset({"1"}))
    assert vote_interaction(Face("选一选"), "t", vote, SUBMIT) == {
        "card_type": "vote_interaction",
        "task_id": "t",
        "main_title": {"title": "选一选"},
        "checkbox": {
            "question_key": "q1",
            "mode": 1,
            "option_list": [
                {"id": "0", "text": "未开始", "is_checked": False},
                {"id": "1", "text": "已完成", "is_checked": True},
            ],
        },
        "submit_button": {"text": "提交", "key": "submit"},
    }


def test_multiple_card() -> None:
    card = multiple_interaction(Face("填报"), "t", [Choice("q1", "进度", YES_NO)], SUBMIT)
    assert card["card_type"] == "multiple_interaction"
    assert card["select_list"] == [
        {
            "question_key": "q1",
            "title": "进度",
            "option_list": [{"id": "0", "text": "未开始"}, {"id": "1", "text": "已完成"}],
            "selected_id": "0",
        }
    ]


def test_text_notice_with_everything() -> None:
    face = Face(
        "通报",
        source="双拥办",
        sub_title="截至今日",
        quote="原文",
        links=[Link("查看", "https://x/1")],
        url="https://x",
        menu=[Button("不再提醒", "mute")],
    )
    assert text_notice(face, Figure("12", "待走访"), "t") == {
        "card_type": "text_notice",
        "task_id": "t",
        "source": {"desc": "双拥办"},
        "action_menu": {"desc": "更多", "action_list": [{"text": "不再提醒", "key": "mute"}]},
        "main_title": {"title": "通报"},
        "quote_area": {"quote_text": "原文"},
        "sub_title_text": "截至今日",
        "jump_list": [{"type": 1, "title": "查看", "url": "https://x/1"}],
        "card_action": {"type": 1, "url": "https://x"},
        "emphasis_content": {"title": "12", "desc": "待走访"},
    }


def test_news_notice() -> None:
    assert news_notice(Face("图", url="https://x"), "https://x/p.png") == {
        "card_type": "news_notice",
        "main_title": {"title": "图"},
        "card_action": {"type": 1, "url": "https://x"},
        "card_image": {"url": "https://x/p.png"},
    }


def test_long_texts_are_cut_to_what_is_shown() -> None:
    card = text_notice(Face("题" * 40, "注" * 50, sub_title="文" * 200, url="https://x"))
    assert card["main_title"] == {"title": "题" * 35 + "…", "desc": "注" * 43 + "…"}
    assert card["sub_title_text"] == "文" * 159 + "…"


def test_a_row_with_a_page_is_a_link() -> None:
    card = text_notice(Face("题", rows=[Row("详情", "打开", "https://x/1")], url="https://x"))
    assert card["horizontal_content_list"] == [
        {"type": 1, "keyname": "详情", "value": "打开", "url": "https://x/1"}
    ]


def test_a_replaced_card_carries_no_task_id() -> None:
    card = button_interaction(FACE, "t", [SUBMIT])
    changed = replaced_card(card, "已提交")["template_card"]
    assert isinstance(changed, dict)
    assert "task_id" not in changed
    assert changed["replace_text"] == "已提交"
    assert replaced_button("已完成") == {"button": {"replace_name": "已完成"}}


def many(count: int) -> list[Option]:
    return [Option(str(number), "选项") for number in range(count)]


@pytest.mark.parametrize(
    "make",
    [
        lambda: button_interaction(FACE, "", [SUBMIT]),
        lambda: button_interaction(FACE, "任务", [SUBMIT]),
        lambda: button_interaction(FACE, "a" * 129, [SUBMIT]),
        lambda: button_interaction(FACE, "a b", [SUBMIT]),
        lambda: button_interaction(FACE, "t", []),
        lambda: button_interaction(FACE, "t", [Button("b", str(n)) for n in range(7)]),
        lambda: button_interaction(FACE, "t", [SUBMIT, SUBMIT]),
        lambda: button_interaction(FACE, "t", [Button("b", "k" * 1025)]),
        lambda: button_interaction(FACE, "t", [SUBMIT], Choice("q", "", many(11))),
        lambda: button_interaction(FACE, "t", [SUBMIT], Choice("q", "", [])),
        lambda: button_interaction(FACE, "t", [SUBMIT], Choice("q", "", YES_NO, "9")),
        lambda: vote_interaction(FACE, "t", Vote("q", many(21)), SUBMIT),
        lambda: vote_interaction(FACE, "t", Vote("q", [*YES_NO, *YES_NO]), SUBMIT),
        lambda: multiple_interaction(FACE, "t", [], SUBMIT),
        lambda: multiple_interaction(FACE, "t", [Choice("q", "", YES_NO)] * 2, SUBMIT),
        lambda: text_notice(Face("no page")),
        lambda: text_notice(Face("menu without id", url="https://x", menu=[SUBMIT])),
        lambda: text_notice(Face("题", rows=[Row("a", "b")] * 7, url="https://x")),
        lambda: text_notice(Face("题", links=[Link("a", "b")] * 4, url="https://x")),
    ],
)
def test_what_wecom_would_refuse_is_refused_here(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError):
        make()
