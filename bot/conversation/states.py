"""A state is what the bot waits for. It is also the filter for the message that comes next."""

from bot.conversation.context import Context
from bot.conversation.levels import Level


class State:
    """One turn of a dialogue, declared as a class attribute; it names itself."""

    level = Level.STATE

    def __init__(self) -> None:
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = f"{owner.__name__}.{name}"

    def __call__(self, ctx: Context) -> bool:
        """Whether the person is in this state."""
        return bool(self.name) and ctx.state == self.name
