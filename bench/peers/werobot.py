"""WeRoBot, a framework for WeChat public accounts, as its `run()` serves it.

The order beyond the port names the server. With "auto" WeRoBot takes waitress where that is
installed and otherwise wsgiref of the standard library, with which a fresh install runs. It keeps a
session for each person in SQLite, which is its default.
"""

from typing import Any

import werobot

from bench.peers.process import HOST, orders


def main() -> None:
    """Serve for ever."""
    given = orders()
    robot = werobot.WeRoBot()
    robot.config.update(
        TOKEN=given.token,
        APP_ID=given.corp_id,
        ENCODING_AES_KEY=given.encoding_aes_key,
        SERVER=given.others[0],
        HOST=HOST,
        PORT=given.port,
    )

    @robot.text
    def echo(message: Any) -> str:
        return str(message.content)

    robot.run()


if __name__ == "__main__":
    main()
