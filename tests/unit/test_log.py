"""What must never stand in a log, however it gets there."""

import io
import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from urllib.parse import quote, urlencode

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot import log
from bot.clock import SHANGHAI
from bot.log import configure, keep_out, redact
from bot.settings import DatabasePart, Settings, WeCom
from bot.storage.database import Database
from bot.storage.inbox import InboxRow
from bot.wecom.tokens import Token
from tests.support.fuzzing import examples

NOW = datetime(2021, 7, 28, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "secret_text",
    [
        "GET /cgi-bin/gettoken?corpid=ww1&corpsecret=S3CRET",
        "https://host/cgi-bin/message/send?access_token=S3CRET&debug=1",
        '{"access_token": "S3CRET"}',
        r'"{\"access_token\": \"S3CRET\"}"',
        "token='S3CRET'",
        "/wecom/callback?msg_signature=S3CRET&timestamp=1",
        "https://qyapi/cgi-bin/webhook/send?key=S3CRET",
        "postgresql://bot:S3CRET@db/bot",
        "postgresql://bot:S3@CRET/S3CRET@db/bot",
        "postgresql://:S3CRET@db/bot",
        "host=db user=bot password=S3CRET dbname=bot",
        "Authorization: Bearer S3CRET",
        "{'Authorization': 'Basic S3CRET'}",
        "Cookie: S3CRET",
        "encodingAESKey=S3CRET",
        "secret=SecretStr('S3CRET')",
    ],
)
def test_secrets_are_hidden(secret_text: str) -> None:
    assert "S3CRET" not in redact(secret_text)


def test_mobile_and_identity_numbers_are_hidden() -> None:
    said = redact("电话13812345678，身份证14230219900101123X，任务11，金额240000")
    assert "13812345678" not in said
    assert "14230219900101123X" not in said
    assert "任务11，金额240000" in said


@pytest.mark.parametrize(
    "number",
    [
        "13812345678", "138 1234 5678", "138-1234-5678", "+8613812345678", "１３８１２３４５６７８",
        "14230219900101123X", "142302199001011234", "142302 19900101 1234", "142302-19900101-123x",
        "１４２３０２１９９００１０１１２３４",
    ],
)  # fmt: skip
def test_numbers_of_people_are_hidden_as_people_write_them(number: str) -> None:
    for around in ("{}", "电话{}。", "tel:{}", "'{}'", "（{}）", "a{}b", "x={}&y=1"):
        assert number not in redact(around.format(number))


@pytest.mark.parametrize("plain", ["inbox=7205759403792794", "2021-07-28T09:30:00", "10000000001"])
def test_other_numbers_stay_readable(plain: str) -> None:
    assert redact(plain) == plain


# --- values that the process was given


@pytest.fixture
def written() -> Iterator[Callable[[], str]]:
    """What this process has written to its log since the last look."""
    lines = io.StringIO()

    def look() -> str:
        seen = lines.getvalue()
        lines.seek(0)
        lines.truncate()
        return seen

    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    hooks = sys.excepthook, threading.excepthook
    kept = list(log._kept)
    configure("DEBUG")
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(lines)
    yield look
    root.handlers[:] = before
    root.setLevel(level)
    sys.excepthook, threading.excepthook = hooks
    log._kept.clear()
    log._kept.extend(kept)


SECRETS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="*"), min_size=6, max_size=43
).filter(lambda secret: len(set(secret.strip())) > 3)


def chained(secret: str) -> None:
    try:
        raise KeyError(secret)
    except KeyError as error:
        error.add_note(f"while using {secret}")
        raise RuntimeError(f"https://host/?{urlencode({'x': secret})}") from error


def in_context(secret: str) -> None:
    try:
        raise ValueError(secret)
    except ValueError:
        raise ExceptionGroup("several", [OSError(quote(secret)), TypeError([secret])])


@examples(60)
@given(secret=SECRETS, level=st.sampled_from([logging.DEBUG, logging.ERROR]))
def test_a_secret_of_this_process_is_written_in_no_form(
    written: Callable[[], str], secret: str, level: int
) -> None:
    keep_out(secret)
    logger = logging.getLogger("some.library")
    logger.log(level, "plain %s, repr %r, args %s", secret, secret, {"a": [secret]})
    logger.log(level, json.dumps({"a": secret}))
    logger.log(level, "GET /x?%s", urlencode({"a": secret}))
    for fail in (chained, in_context):
        try:
            fail(secret)
        except Exception:
            logger.exception("failed")
    lines = written()
    assert lines.count("failed") == 2
    for form in (secret, quote(secret), quote(secret, safe=""), repr(secret)[1:-1]):
        assert form not in lines


def test_what_nobody_caught_is_redacted_too(written: Callable[[], str]) -> None:
    keep_out("S3CRET-VALUE")

    def fail() -> None:
        raise ValueError("S3CRET-VALUE and 13812345678")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    try:
        fail()
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    lines = written()
    assert lines.count("uncaught") == 2
    assert lines.count("ValueError: *** and ***") == 2


def test_a_line_that_cannot_be_made_shows_nothing(written: Callable[[], str]) -> None:
    keep_out("S3CRET-VALUE")
    arguments = ("S3CRET-VALUE 13812345678",)
    record = logging.LogRecord("x", logging.ERROR, "place.py", 7, "%d", arguments, None)
    logging.getLogger().handlers[0].handle(record)
    lines = written()
    assert lines == "log line lost: place.py:7\n"


def test_a_new_access_token_is_known_as_a_secret_at_once(written: Callable[[], str]) -> None:
    token = Token("a-token-of-today", NOW)
    logging.getLogger("x").error("%r %s", token, token.value)
    assert "a-token-of-today" not in written()


def test_many_tokens_do_not_push_out_the_memory(written: Callable[[], str]) -> None:
    for number in range(10_000):
        Token(f"token-number-{number}", NOW)
    assert len(log._kept) <= 64


def test_a_request_that_fails_does_not_show_its_address(written: Callable[[], str]) -> None:
    url = "http://127.0.0.1:1/cgi-bin/message/send?access_token=S3CRET-VALUE"
    try:
        requests.get(url, timeout=5)
    except requests.ConnectionError:
        logging.getLogger("x").exception("failed")
    lines = written()
    assert "ConnectionError" in lines
    assert "S3CRET-VALUE" not in lines


# --- the database


def test_an_error_of_the_database_shows_no_message(
    database: Database, written: Callable[[], str]
) -> None:
    """SQLAlchemy would add all parameters to its error, PostgreSQL the row in its detail."""
    said = "困难户张三，电话一三八\n住在某村\r\n联系微信zhangsan99"
    row = {"key": said, "userid": said, "kind": said, "plaintext": said.encode(), "state": said,
           "received_at": NOW, "reference": said}  # fmt: skip
    for _ in range(2):
        try:
            database.run(lambda session: session.execute(insert(InboxRow).values(row)))
        except DBAPIError:
            logging.getLogger("x").exception("failed")
    lines = written()
    assert "failed" in lines
    assert "zhangsan99" not in lines


def test_a_statement_that_is_wrong_shows_no_value(
    database: Database, written: Callable[[], str]
) -> None:
    with pytest.raises(SQLAlchemyError) as raised:
        database.run(lambda session: session.execute(text("SELECT :x FROM nowhere"), {"x": "zs99"}))
    assert "zs99" not in str(raised.value)


def test_the_password_of_the_database_is_kept_out(written: Callable[[], str]) -> None:
    database = Database("postgresql://bot:Pa55-w%40rd@127.0.0.1:1/none")
    logger = logging.getLogger("x")
    try:
        database.read(lambda session: session.execute(text("SELECT 1")))
    except SQLAlchemyError:
        logger.exception("failed with %s", database.url)
    logger.error("decoded: %s", "Pa55-w@rd")
    lines = written()
    assert "failed" in lines
    assert "Pa55" not in lines


# --- the settings


def test_the_settings_show_no_secret() -> None:
    names = ("secret", "token", "encoding_aes_key", "previous_token", "previous_encoding_aes_key")
    settings = Settings(
        wecom=WeCom.model_validate({name: f"S3CRET-{name}" for name in names}),
        database=DatabasePart(url="postgresql://bot:S3CRET@db/bot"),
    )
    for shown in (repr(settings), str(settings), f"{settings.wecom} {settings.database!r}"):
        assert "S3CRET" not in shown
    assert sorted(settings.secrets()) == sorted(f"S3CRET-{name}" for name in names)
