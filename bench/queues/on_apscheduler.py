"""APScheduler 3 with its SQLAlchemy job store on SQLite."""

import time
from datetime import UTC, datetime

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from bench.queues.task import COUNT, MODE, PLACE, send


def main() -> None:
    """Put the jobs, due at once, or run them."""
    stores = {"default": SQLAlchemyJobStore(f"sqlite:///{PLACE}")}
    scheduler = BackgroundScheduler(jobstores=stores, timezone=UTC)
    scheduler.start(paused=MODE == "put")
    if MODE == "put":
        for number in range(int(COUNT)):
            # its default of one second would skip nearly all of them
            scheduler.add_job(
                send,
                "date",
                [number],
                run_date=datetime.now(UTC),
                misfire_grace_time=None,
            )
        return
    while True:
        time.sleep(1)


if __name__ == "__main__":
    main()
