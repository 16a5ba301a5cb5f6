"""Routes: which handler answers which message, and who may use it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.conversation.context import Context, Help, Reply
from bot.conversation.filters import Filter
from bot.conversation.levels import Level
from bot.domain.people import EVERYONE, Role

Handler = Callable[[Context], Reply | None]


@dataclass(frozen=True)
class Route:
    """One handler with its filter. A handler that returns None leaves the message to others."""

    name: str
    filter: Filter
    handler: Handler
    roles: frozenset[Role]
    help: Help | None


class Router:
    """The routes of one noun."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.routes: list[Route] = []

    def on(
        self,
        filter_: Filter,
        *,
        roles: frozenset[Role] = EVERYONE,
        help_: Help | None = None,
    ) -> Callable[[Handler], Handler]:
        """Register the decorated handler for messages that pass `filter_`."""

        def register(handler: Handler) -> Handler:
            name = f"{self.name}.{handler.__name__}"
            self.routes.append(Route(name, filter_, handler, roles, help_))
            return handler

        return register


class Routes:
    """All routes, from fine to coarse; within a level in the order of the routers."""

    def __init__(self, routers: Iterable[Router]) -> None:
        everything = [route for router in routers for route in router.routes]
        self.ordered = sorted(everything, key=lambda route: route.filter.level)
        self._help = {role: self._help_for(role) for role in Role}

    def matching(self, ctx: Context) -> Iterable[Route]:
        """Yield the routes that answer this message, the first one first."""
        for route in self.ordered:
            ctx.rest = ctx.text
            if route.filter(ctx):
                yield route

    def help_for(self, role: Role) -> tuple[Help, ...]:
        """Return the help lines for what that role may do."""
        return self._help[role]

    def _help_for(self, role: Role) -> tuple[Help, ...]:
        mine = [route for route in self.ordered if route.help and role in route.roles]
        spoken_first = sorted(mine, key=lambda route: route.filter.level <= Level.COMMAND)
        return tuple(route.help for route in spoken_first if route.help)
