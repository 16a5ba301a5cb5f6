"""dramatiq with Redis; its own command line starts the workers and imports this module."""

import os
import sys

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from bench.queues.task import COUNT, MODE, PLACE, send

dramatiq.set_broker(RedisBroker(url=PLACE))
actor = dramatiq.actor(actor_name="send")(send)


def main() -> None:
    """Put the tasks, or become dramatiq's command line with its defaults."""
    if MODE == "put":
        for number in range(int(COUNT)):
            actor.send(number)
        return
    command = [sys.executable, "-m", "dramatiq", "bench.queues.on_dramatiq"]
    os.execve(sys.executable, command, {**os.environ, "BENCH": "\n".join(sys.argv[1:])})


if __name__ == "__main__":
    main()
