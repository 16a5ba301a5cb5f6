"""A plugin of errbot: POST /posted with {"text": …} is answered with the text."""

from typing import Any

from errbot import BotPlugin, webhook


class Posted(BotPlugin):
    """The smallest webhook there is."""

    @webhook
    def posted(self, request: dict[str, Any]) -> str:
        """Return what was posted."""
        return str(request["text"])
