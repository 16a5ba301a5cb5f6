"""Which words are a command, and what is left of the message."""

from typing import Any, cast

import pytest

from bot.conversation import Context
from bot.conversation.filters import command, only


def said(text: str) -> Context:
    nobody = cast("Any", None)
    return Context(person=nobody, text=text, services=nobody, now=nobody)


def meant(words: tuple[str, ...], text: str) -> str | None:
    ctx = said(text)
    return ctx.rest if command(*words)(ctx) else None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("汇总", ""),
        ("第11条 汇总", "第11条"),
        ("第11条汇总", "第11条"),
        ("第１１条　汇总", "第１１条"),
        ("11 汇总", "11"),
        ("汇总 第11条", "第11条"),
        ("汇总：第11条", "第11条"),
        ("第4、5条的汇总", "第4、5条"),
        ("请汇总 第11条", "第11条"),
    ],
)
def test_a_command_before_or_after_its_point(text: str, rest: str) -> None:
    assert meant(("汇总",), text) == rest


@pytest.mark.parametrize(
    "text", ["汇总怎么看", "第11条怎么汇总", "请汇总一下大家的意见", "我们已汇总上报"]
)
def test_a_word_inside_a_sentence_is_no_command(text: str) -> None:
    assert meant(("汇总",), text) is None


def test_the_longer_word_wins() -> None:
    assert meant(("进度", "进度汇总"), "进度汇总 第3条") == "第3条"


def test_only_takes_nothing_else() -> None:
    assert only("撤回")(said("撤回。"))
    assert not only("撤回")(said("撤回第11条"))
