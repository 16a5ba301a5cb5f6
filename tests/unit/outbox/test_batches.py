"""Which messages share a call."""

import json
from datetime import datetime, timedelta

import pytest

from bot.clock import SHANGHAI
from bot.outbox.batches import WINDOW, Doubt, Frozen, check, freeze, rounds
from bot.outbox.composing import Composed
from bot.storage.outbox import Claimed

NOW = datetime(2021, 7, 26, 9, 7, tzinfo=SHANGHAI)
MACHINE = datetime(2026, 11, 23, 18, 0, tzinfo=SHANGHAI)


def row(
    number: int, touser: str | None = None, *, attempts: int = 0, errcode: int | None = None
) -> Claimed:
    person = touser or f"u{number}"
    return Claimed(number, f"k:{number}", person, "text", {}, NOW, None, attempts, None, errcode)


def says(*parts: str) -> Composed:
    return Composed(tuple({"msgtype": "text", "text": {"content": part}} for part in parts))


def sizes(ready: list[tuple[Claimed, Composed]]) -> list[list[int]]:
    return [[len(group.recipients) for group in groups] for groups in rounds(ready)]


def test_2500_equal_texts_make_three_calls() -> None:
    assert sizes([(row(number), says("同一条")) for number in range(2500)]) == [[1000, 1000, 500]]


def test_only_equal_texts_share_a_call() -> None:
    ready = [(row(1), says("甲")), (row(2), says("乙")), (row(3), says("甲")),
             (row(4), says("甲", "二"))]  # fmt: skip
    assert sizes(ready) == [[2, 1, 1]]


def test_a_persons_second_message_follows_in_the_next_round() -> None:
    ready = [(row(1, "a"), says("一")), (row(2, "A"), says("二")), (row(3, "b"), says("二"))]
    [first, second] = rounds(ready)
    assert [group.rows for group in first] == [[1], [3]]
    assert [group.rows for group in second] == [[2]]


def test_who_spoilt_a_call_for_the_others_goes_alone() -> None:
    ready = [(row(number, errcode=60111), says("同")) for number in (1, 2)]
    ready.append((row(3, errcode=45009), says("同")))
    ready.append((row(4), says("同")))
    assert sizes(ready) == [[1, 1, 2]]


def test_rows_with_different_histories_do_not_share_a_fate() -> None:
    assert sizes([(row(1), says("同")), (row(2, attempts=2), says("同"))]) == [[1, 1]]


def test_a_request_names_all_recipients_and_asks_for_the_duplicate_check() -> None:
    [[group]] = rounds([(row(1), says("请报告")), (row(2), says("请报告"))])
    [request] = freeze(group, 1000002, MACHINE).requests
    assert json.loads(request) == {
        "touser": "u1|u2",
        "msgtype": "text",
        "agentid": 1000002,
        "text": {"content": "请报告"},
        "enable_duplicate_check": 1,
        "duplicate_check_interval": 14400,
    }


def test_a_frozen_batch_comes_back_from_its_row_unchanged() -> None:
    [[group]] = rounds([(row(7), says("一", "二")), (row(8), says("一", "二"))])
    frozen = freeze(group, 1, MACHINE)
    stored = json.loads(json.dumps(frozen.to_json()))
    assert Frozen.from_row(row(7)._replace(frozen=stored)) == frozen
    assert Frozen.from_row(row(8)) is None


@pytest.mark.parametrize(
    ("doubt", "age", "forgotten"),
    [
        (Doubt.GRAVE, WINDOW, True),
        (Doubt.SLIGHT, WINDOW, True),
        (Doubt.NONE, WINDOW, False),
        (Doubt.GRAVE, WINDOW - timedelta(minutes=10), False),
    ],
)
def test_a_request_is_repeated_only_while_wecom_would_recognise_it(
    doubt: Doubt, age: timedelta, forgotten: bool
) -> None:
    frozen = Frozen(((7, "u"),), ("{}",), MACHINE, 0, doubt=doubt)  # type: ignore[arg-type]
    assert frozen.forgotten(MACHINE + age) is forgotten


@pytest.mark.parametrize("messages", [(), ({"text": {}},), ({"msgtype": "text"},)])
def test_what_is_no_message_is_found_before_anything_is_sent(
    messages: tuple[dict[str, object], ...],
) -> None:
    with pytest.raises((KeyError, ValueError)):
        check(Composed(messages), "linxian")
