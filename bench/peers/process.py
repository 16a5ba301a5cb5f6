"""What the processes of all peers do alike: read their orders, end with whoever started them."""

import json
import os
import sys
from dataclasses import dataclass
from threading import Thread

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Orders:
    """Whose callbacks to take, and where."""

    corp_id: str
    agent_id: int
    secret: str
    token: str
    encoding_aes_key: str
    port: int
    others: tuple[str, ...]
    """What only one peer knows the meaning of."""


def orders() -> Orders:
    """Return the orders of the command line; from now on this process lives with its starter.

    What a peer prints goes to the log: nobody reads its standard output.
    """
    corp, port, *others = sys.argv[1:]
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    Thread(target=_end_with_the_starter, daemon=True).start()
    return Orders(**json.loads(corp), port=int(port), others=tuple(others))


def _end_with_the_starter() -> None:
    sys.stdin.read()
    os._exit(0)  # some of these servers cannot be asked to stop from another thread
