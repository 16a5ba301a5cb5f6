import pytest

from bot.language.percent import find_percents, progress_percent
from bot.language.script import script


@pytest.mark.parametrize(
    ("text", "value", "approximate"),
    [
        ("80%", 80, False),
        ("８０％", 80, False),
        ("百分之八十", 80, False),
        ("完成九成", 90, False),
        ("八成五", 85, False),
        ("七成半", 75, False),
        ("三分之二", 67, False),
        ("过半", 50, True),
        ("一半", 50, False),
        ("还差20%", 80, False),
        ("80%左右", 80, True),
        ("近八成", 80, True),
    ],
)
def test_progress(text: str, value: int, approximate: bool) -> None:
    percent = progress_percent(find_percents(script(text).plain))
    assert percent is not None
    assert (percent.value, percent.approximate) == (value, approximate)


@pytest.mark.parametrize(
    "text", ["满意率98%", "比去年增长20%", "提高3个百分点", "成立小组", "完成任务", "七八成"]
)
def test_other_shares_are_no_progress(text: str) -> None:
    assert progress_percent(find_percents(script(text).plain)) is None


def test_shares_that_disagree_are_not_guessed() -> None:
    assert progress_percent(find_percents("走访完成80%,慰问完成60%")) is None


@pytest.mark.parametrize("text", ["9" * 400 + "%", "百分之" + "九" * 400])
def test_a_share_that_is_none(text: str) -> None:
    assert find_percents(text) == ()


def test_nothing_is_left_of_more_than_all() -> None:
    [percent] = find_percents("还差200%")
    assert percent.value == 0
