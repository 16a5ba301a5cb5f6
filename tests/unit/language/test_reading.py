import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.reading import Reading, as_json, read
from tests.support.calendars import shipped
from tests.unit.language.test_when import ISSUED

PIECES = [
    *("第11条", "11", "已完成", "没完成", "走访部队", "5个", "24万元", "慰问金", "，", "、", "："),
    *("八一前", "月底", "8月10日", "80%", "谁", "吗", "汇总", "催办", "你好", " ", "\n", "２", "①"),
]


def clerk(text: str) -> Reading:
    return read(text, ISSUED, shipped())


def test_the_json_is_the_contracts() -> None:
    text = "第11条 已完成，走访部队5个，慰问金24万元"
    assert as_json(clerk(text)) == {
        "text": text,
        "intent": "report",
        "points": [11],
        "status": "done",
        "percent": None,
        "money_yuan": [240000],
        "counts": [{"value": 5, "unit": "个"}],
        "date": None,
        "missing": [],
    }


@pytest.mark.parametrize(
    ("text", "difficulty"),
    [
        ("第6条卡住了，部队驻训联系不上", "卡住了"),
        ("第13条因经费不到位无法开展", "因经费不到位无法开展"),
        ("第6条没动，因部队外训", "因部队外训"),
        ("第11条没什么困难，已经完成", None),
        ("第10条帮扶困难退役军人12名，已完成", None),
    ],
)
def test_a_difficulty_is_kept_in_the_users_words(text: str, difficulty: str | None) -> None:
    told = clerk(text).difficulty
    assert (told is None) if difficulty is None else (told is not None and difficulty in told)


@pytest.mark.parametrize(
    ("text", "approximate"),
    [
        ("慰问金1.5万余元", True),
        ("慰问金约2万元", True),
        ("慰问金2万元，走访120余户", True),
        ("慰问金2万元", False),
    ],
)
def test_an_approximate_figure_stays_marked(text: str, approximate: bool) -> None:
    assert clerk("第11条已完成，" + text).approximate is approximate


def test_an_impossible_day_is_named_as_missing() -> None:
    assert clerk("第11条预计2021年2月30日前完成").missing == ("日期（2021年2月没有30日）",)


def full_width(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


@pytest.mark.parametrize(
    "text",
    ["第11条 已完成,走访部队5个,慰问金8,000元", "11已完成", "第4-6条80%", "第11条8.10前完成?"],
)
def test_full_width_means_the_same(text: str) -> None:
    wide, narrow = as_json(clerk(full_width(text))), as_json(clerk(text))
    assert {**wide, "text": ""} == {**narrow, "text": ""}


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_no_message_breaks_it(text: str) -> None:
    told = clerk(text)
    assert told.intent == "report" or not told.missing
    assert told.percent is None or 0 <= told.percent <= 100
    assert as_json(told)["text"] == text


def test_a_long_message_is_read_at_once() -> None:
    assert clerk("第11条" + "1" * 5000).intent
    assert clerk("你好您" * 2000).intent
