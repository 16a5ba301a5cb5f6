"""wecom-app-svr, a small framework for WeCom's callbacks, as its `run()` serves it."""

from typing import Any

from wecom_app_svr import RspTextMsg, WecomAppServer

from bench.peers.process import HOST, orders

PATH = "/wecom/callback"


def main() -> None:
    """Serve for ever."""
    given = orders()
    server = WecomAppServer(
        "echo",
        HOST,
        given.port,
        PATH,
        token=given.token,
        aes_key=given.encoding_aes_key,
        corp_id=given.corp_id,
    )
    server.set_message_handler(_echo)
    server.set_event_handler(_echo)
    server.run()


def _echo(message: Any) -> Any:
    # Its constructor takes the two names the other way round than it calls them.
    return RspTextMsg(
        from_user_name=message.from_user,
        to_user_name=message.to_user,
        content=message.content,
    )


if __name__ == "__main__":
    main()
