"""What the outbox needs of WeCom; `bot.wecom.client.WeComClient` is one."""

from typing import Protocol


class Receipt(Protocol):
    """What WeCom answered to a message that it took; userids are in lower case."""

    @property
    def msgid(self) -> str:
        """WeCom's number of the message."""

    @property
    def response_code(self) -> str:
        """The code that updates a card; empty for anything else."""

    @property
    def invalid_users(self) -> tuple[str, ...]:
        """Whom it did not reach."""

    @property
    def unlicensed_users(self) -> tuple[str, ...]:
        """Who lacks a licence for the interface."""


class Sender(Protocol):
    """Sends the body of one `message/send` request."""

    def send_bytes(self, body: bytes) -> Receipt:
        """Send exactly these bytes; threads may call at the same time.

        Raise `SendFailed` when WeCom refused or could not be reached, `SendUnknown` when no
        answer came (`bot.wecom.failures`).
        """
