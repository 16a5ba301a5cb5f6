"""What must never stand in a log."""

import logging

import pytest

from bot.log import configure, redact


@pytest.mark.parametrize(
    "secret_text",
    [
        "GET /cgi-bin/gettoken?corpid=ww1&corpsecret=S3CRET",
        "https://host/cgi-bin/message/send?access_token=S3CRET&debug=1",
        '{"access_token": "S3CRET"}',
        "token='S3CRET'",
        "/wecom/callback?msg_signature=S3CRET&timestamp=1",
        "https://qyapi/cgi-bin/webhook/send?key=S3CRET",
        "postgresql://bot:S3CRET@db/bot",
    ],
)
def test_secrets_are_hidden(secret_text: str) -> None:
    assert "S3CRET" not in redact(secret_text)


def test_mobile_and_identity_numbers_are_hidden() -> None:
    said = redact("电话13812345678，身份证14230219900101123X，任务11，金额240000")
    assert "13812345678" not in said
    assert "14230219900101123X" not in said
    assert "任务11，金额240000" in said


def test_a_traceback_is_redacted_too(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        configure("INFO")
        try:
            raise ValueError("https://host?corpsecret=S3CRET")
        except ValueError:
            logging.getLogger("bot.test").exception("failed")
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    written = capsys.readouterr().err
    assert "ValueError" in written
    assert "S3CRET" not in written
