"""The database goes away under the running bot: WeCom is asked to come again, nothing is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from sqlalchemy import create_engine, make_url, text

from tests.support.office import Office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office("postgresql", tmp_path) as opened:
        opened.load_samples()
        yield opened


def command(office: Office, *statements: str) -> None:
    """Execute something on the server that the office's database is on."""
    url = make_url(office.settings.database.url)
    engine = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement), {"name": url.database})
    engine.dispose()


END_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"


@contextmanager
def out_of_reach(office: Office) -> Iterator[None]:
    """End all connections and let nobody in meanwhile."""
    name = make_url(office.settings.database.url).database
    command(office, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false", END_ALL)
    try:
        yield
    finally:
        command(office, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def look(office: Office, path: str) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(office.callback.replace("/wecom/callback", path), timeout=10)


def test_wecom_is_asked_to_deliver_again_until_the_database_is_back(office: Office) -> None:
    linxian, desk = office.person("linxian"), office.person("bangongshi")
    linxian.says("你好")
    with out_of_reach(office):
        lost = office.wecom.send("linxian", "第11条 已完成，走访部队5个")
        assert [attempt.status for attempt in lost.attempts] == [500, 500, 500]
        assert all(attempt.body == b"500\n" for attempt in lost.attempts)
    [late] = office.wecom.redeliver(1)
    assert late.text
    assert late.text.startswith("已记录：第11条 八一走访慰问（临县）")
    [again] = office.wecom.redeliver(1)
    assert again.text == late.text
    assert "已报 1" in desk.says("第11条 汇总")
    assert "目前没有有效的填报" in linxian.says("撤回")


def test_a_watchdog_sees_it(office: Office) -> None:
    with out_of_reach(office):
        assert look(office, "/healthz").status_code == 200
        ready = look(office, "/readyz")
        assert (ready.status_code, ready.text) == (503, "database is not reachable\n")
        assert "bot_database_up 0.0" in look(office, "/metrics").text
    assert look(office, "/readyz").status_code == 200
    assert "bot_database_up 1.0" in look(office, "/metrics").text


def test_ended_connections_are_no_reason_to_fail(office: Office) -> None:
    office.person("linxian").says("你好")
    command(office, END_ALL)
    sent = office.wecom.send("linxian", "帮助")
    assert [attempt.status for attempt in sent.attempts] == [200]


def test_the_worker_goes_on_when_the_database_is_back(office: Office) -> None:
    assert "已向联络员发出" in office.person("bangongshi").says("催办 第11条")
    with out_of_reach(office), pytest.raises(Exception, match="not currently accepting"):
        office.delivery.drain()
    office.delivery.drain()
    [asked] = office.person("linxian").hears()
    assert asked.startswith("【催办 第1次】")
