"""A stand-in for the bot's process: it is ready at once and writes down its start moment.

    python -m tests.simulator.standin PORT DIARY --start-at MOMENT

It dies at GET /die, and at once when the diary's folder holds a file named `sick`.
"""

import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Handler(BaseHTTPRequestHandler):
    """Ready as long as it lives."""

    def do_GET(self) -> None:
        """Answer 200, or die."""
        if self.path == "/die":
            os._exit(7)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main(port: str, diary: str, _flag: str, moment: str) -> None:
    """Write the moment down and serve."""
    if (Path(diary).parent / "sick").exists():
        sys.exit("数据库打不开。")
    with Path(diary).open("a", encoding="utf-8") as file:
        file.write(moment + "\n")
    HTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
