"""What may be said when a job is declared."""

from datetime import timedelta

import pytest

from bot.scheduling.registry import Job, Sweep, Tick, job, sweep

HOUR = timedelta(hours=1)


def test_a_decorated_function_is_a_job() -> None:
    @job(cron="7 9 * * mon-fri", grace=2 * HOUR, late="fold")
    def chase_overdue(tick: Tick) -> None: ...

    assert isinstance(chase_overdue, Job)
    assert (chase_overdue.name, chase_overdue.cron) == ("chase_overdue", "7 9 * * mon-fri")
    assert (chase_overdue.grace, chase_overdue.late) == (2 * HOUR, "fold")


def test_a_decorated_function_is_a_sweep() -> None:
    @sweep(every=timedelta(seconds=1))
    def look(tick: Tick) -> None: ...

    assert isinstance(look, Sweep)
    assert (look.name, look.every) == ("look", timedelta(seconds=1))


@pytest.mark.parametrize(
    "cron",
    ["* * * * *", "*/5 * * * *", "41 3 1,15 1-6/2 *", "7 9 * * mon,wed,sat-sun", "0 0 * * sun"],
)
def test_these_expressions_are_understood(cron: str) -> None:
    assert job(cron=cron, grace=HOUR, late="skip")(print).cron == cron


@pytest.mark.parametrize(
    "cron",
    [
        "7 9 * * 1-5",
        "7 9 * * 0",
        "7 9 * * */2",
        "7 9 * * sun-thu",
        "7 9 * * mon-5",
        "7 9 * * 周一",
        "7 9 * *",
        "0 7 9 * * mon",
        "",
        "7 九 * * *",
        "@daily",
        "7 9 last * *",
    ],
)
def test_what_could_be_misread_is_refused(cron: str) -> None:
    with pytest.raises(ValueError, match="cron"):
        job(cron=cron, grace=HOUR, late="skip")
