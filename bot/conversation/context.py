"""What a handler gets, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bot.domain.people import Person
from bot.language.reading import Reading
from bot.language.script import half_width
from bot.services import Services

if TYPE_CHECKING:
    from bot.conversation.states import State


class Context:
    """One message of one person, and what the system can do about it."""

    def __init__(
        self,
        *,
        person: Person,
        text: str,
        services: Services,
        now: datetime,
        state: str = "",
        data: dict[str, Any] | None = None,
        help_lines: tuple[Help, ...] = (),
    ) -> None:
        self.person = person
        self.text = text
        self.services = services
        self.now = now
        self.state = state
        self.data = data or {}
        self.help_lines = help_lines
        """What this person may type, as the handlers declare it."""
        self.rest = text
        """What follows the command word; the whole text where no command was found."""

    @cached_property
    def narrow(self) -> str:
        """The message in half-width characters, each in its place."""
        return half_width(self.text)

    @cached_property
    def reading(self) -> Reading:
        """The message as a careful clerk would read it."""
        return self.services.reading.read(self.text)

    def points_in(self, text: str) -> list[int]:
        """Return the numbers of the points that `text` names; a bare number is one, too."""
        return self.services.reading.points(text)


@dataclass(frozen=True)
class Help:
    """One line of 帮助: what to type and what it does."""

    words: str
    does: str


@dataclass(frozen=True)
class Reply:
    """One answer; it may name the state that the person's next message meets."""

    text: str
    state: str | None = None
    """None stays in the present state, an empty string ends the dialogue."""
    data: dict[str, Any] = field(default_factory=dict)

    def then(self, state: State, **data: Any) -> Reply:
        """Wait for the next message in `state`, remembering `data` (JSON values only)."""
        return replace(self, state=state.name, data=data)

    def end(self) -> Reply:
        """End the dialogue."""
        return replace(self, state="", data={})
