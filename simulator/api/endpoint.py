"""What every API function is written against: a call, and the table it registers in."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Response

from simulator.errcodes import WecomError
from simulator.world import World


@dataclass(frozen=True)
class Upload:
    """A file of a multipart request."""

    name: str
    content: bytes
    mimetype: str


@dataclass(frozen=True)
class Call:
    """One request: the query, the exact bytes of the body, and perhaps a file."""

    query: Mapping[str, str]
    raw: bytes
    upload: Upload | None = None

    @cached_property
    def data(self) -> dict[str, Any]:
        """The JSON object of the body; WecomError 47001 when it is none.

        WeCom reads JSON whatever the Content-Type says.
        """
        try:
            data = json.loads(self.raw or b"{}")
        except ValueError:
            raise WecomError(47001) from None
        if not isinstance(data, dict):
            raise WecomError(47001)
        return data

    def logged(self) -> dict[str, Any]:
        """Return the body for the log; empty when it cannot be read."""
        try:
            return self.data
        except WecomError:
            return {}

    def needed(self, name: str, errcode: int = 40063) -> str:
        """Return a query parameter; WecomError when it is missing."""
        value = self.query.get(name, "")
        if not value:
            raise WecomError(errcode)
        return value


Answer = dict[str, Any] | Response
Function = Callable[[World, Call], Answer]

ENDPOINTS: dict[str, Function] = {}
OPEN = frozenset({"gettoken"})
"""Endpoints that are called without a token."""


def endpoint(path: str) -> Callable[[Function], Function]:
    """Register the function that answers `/cgi-bin/{path}`."""

    def register(function: Function) -> Function:
        ENDPOINTS[path] = function
        return function

    return register
