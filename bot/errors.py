"""The errors that cross layers. Every message is a finished Chinese sentence for a person."""


class BotError(Exception):
    """Base of all errors whose text may be shown to a person."""


class Refusal(BotError):
    """What was asked cannot be done; the sentence says why and what to do instead."""


class InputError(BotError):
    """A file or an argument is wrong; `problems` names each place, one sentence each."""

    def __init__(self, message: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join((super().__str__(), *self.problems))


class ConfigError(BotError):
    """The configuration stops the start; the sentence names the key."""
