"""errbot with its own web server: a webhook that sends back the text it was posted.

errbot speaks to chat networks through back ends; none is needed here, so it runs on its null back
end. Its webhooks know neither signature nor encryption.
"""

import logging
from pathlib import Path
from types import SimpleNamespace

from errbot.bootstrap import setup_bot

from bench.peers.process import HOST, orders


def main() -> None:
    """Serve for ever; what errbot stores goes to the working directory."""
    given = orders()
    data = Path.cwd() / "errbot"
    data.mkdir(exist_ok=True)
    config = SimpleNamespace(
        BOT_ADMINS=(),
        BOT_DATA_DIR=str(data),
        BOT_EXTRA_PLUGIN_DIR=str(Path(__file__).parent / "errbot_plugin"),
        BOT_IDENTITY={"username": "@errbot"},
        BOT_LOG_FILE=str(data / "err.log"),
        BOT_LOG_LEVEL=logging.INFO,
        BOT_LOG_SENTRY=False,
        BOT_PLUGIN_INDEXES=(),
        CORE_PLUGINS=("Webserver",),
    )
    bot = setup_bot("Null", logging.getLogger(""), config)
    bot.plugin_manager.set_plugin_configuration(
        "Webserver", {"HOST": HOST, "PORT": given.port, "SSL": None}
    )
    bot.serve_forever()


if __name__ == "__main__":
    main()
