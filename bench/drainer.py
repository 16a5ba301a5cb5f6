"""A worker that drains: `python -m bench.drainer URL API LEASES`.

Its clock is LEASES leases ahead, so that what a killed worker held is free at once. It ends when
nothing is due any more.
"""

import sys

from bench import backlog
from bot.clock import SHANGHAI, Clock
from bot.outbox.queue import LEASE


def main(url: str, api: str, leases: str) -> None:
    """Drain."""
    with backlog.opened(url, api) as bot:
        delivery = bot.delivery()
        delivery.machine_clock = Clock(SHANGHAI, Clock(SHANGHAI).now() + int(leases) * LEASE)
        print("ready", flush=True)
        delivery.drain()


if __name__ == "__main__":
    main(*sys.argv[1:])
