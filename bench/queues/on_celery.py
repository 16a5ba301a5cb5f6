"""Celery with Redis and its defaults."""

from celery import Celery

from bench.queues.task import COUNT, MODE, PLACE, send

app = Celery("bench", broker=PLACE)
task = app.task(name="send", ignore_result=True)(send)


def main() -> None:
    """Put the tasks, or do them."""
    if MODE == "put":
        for number in range(int(COUNT)):
            task.delay(number)
        return
    app.worker_main(["worker", "--loglevel=ERROR"])


if __name__ == "__main__":
    main()
