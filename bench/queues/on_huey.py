"""huey with its SQLite storage."""

from huey import SqliteHuey

from bench.queues.task import COUNT, MODE, PLACE, send

huey = SqliteHuey(filename=PLACE)
task = huey.task()(send)


def main() -> None:
    """Put the tasks, or do them."""
    if MODE == "put":
        for number in range(int(COUNT)):
            task(number)
        return
    huey.create_consumer().run()


if __name__ == "__main__":
    main()
