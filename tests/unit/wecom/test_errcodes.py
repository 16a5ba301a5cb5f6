"""The retry table, and the words that the office reads."""

import re

import pytest

from bot.wecom.errcodes import Outcome, classify, classify_with_new_token, explain
from bot.wecom.failures import CallFailed, SendFailed, SendUnknown

TABLE = {
    Outcome.TRANSIENT: [-1, 6000],
    Outcome.TOKEN: [40001, 40014, 41001, 42001],
    Outcome.CONFIG: [40013, 40056, 40091, 41004, 48002, 50001, 50003, 60020, 93000, 93004, 301002],
    Outcome.RATE: [45009],
    Outcome.CONCURRENCY: [45033],
    Outcome.RECIPIENT: [40003, 40031, 60011, 60021, 60111, 81013],
    Outcome.REQUEST: [40008, 40032, 40058, 44004, 45002, 42014, 42016, 42045, 42051, 82001, 82003],
    Outcome.MEDIA: [40007],
    Outcome.OAUTH: [40029],
    Outcome.RECALL: [42052],
    Outcome.UNLISTED: [1, 99999, 0],
}
ROWS = [(outcome, code) for outcome, codes in TABLE.items() for code in codes]


@pytest.mark.parametrize(("outcome", "code"), ROWS)
def test_outcome(outcome: Outcome, code: int) -> None:
    assert classify(code) is outcome


def test_a_refused_new_token_is_a_matter_of_configuration() -> None:
    assert classify_with_new_token(40001) is Outcome.CONFIG
    assert classify_with_new_token(40014) is Outcome.CONFIG
    assert classify_with_new_token(45009) is Outcome.RATE


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        (60020, "企业可信IP"),
        (40001, "wecom.secret"),
        (40013, "wecom.corp_id"),
        (40056, "wecom.agent_id"),
        (48002, "权限"),
        (301002, "wecom.agent_id 和 wecom.secret"),
        (81013, "可见范围"),
        (60111, "名册"),
        (45009, "自动再试"),
    ],
)
def test_the_office_reads_what_to_do(code: int, hint: str) -> None:
    sentence = str(SendFailed(classify_with_new_token(code), code, "errmsg"))
    assert hint in sentence
    assert f"（错误码 {code}）" in sentence


@pytest.mark.parametrize(
    "failure",
    [SendFailed(outcome, code) for outcome, code in ROWS]
    + [SendFailed(outcome) for outcome in Outcome]
    + [SendUnknown()],
    ids=str,
)
def test_every_failure_is_a_chinese_sentence(failure: CallFailed) -> None:
    assert re.search("[\u4e00-\u9fff].*。", str(failure))
    assert str(explain(failure.errcode, failure.outcome)) in str(failure)


def test_the_text_for_the_log_holds_no_secret() -> None:
    failure = SendFailed(Outcome.CONFIG, 40001, "see /gettoken?corpsecret=abc&access_token=def")
    assert "abc" not in failure.errmsg
    assert "def" not in failure.errmsg
