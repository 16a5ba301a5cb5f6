"""What is checked before any handler sees a message."""

from bot.conversation.context import Context, Reply
from bot.conversation.incoming import Kind
from bot.texts import conversation as texts

MOST_PER_MINUTE = 30
"""More than a person types; the rest is answered with a request to slow down."""
LONGEST = 2000
"""Characters of one message; longer ones are not a report but a document."""


def check(ctx: Context, kind: Kind, recent: int) -> Reply | None:
    """Return what to answer instead of handling the message, or None.

    `recent` are the person's messages of the last minute before this one.
    """
    if kind is Kind.MEDIA:
        return Reply(texts.only_words())
    if not ctx.text.strip():
        return Reply(texts.empty())
    if len(ctx.text) > LONGEST:
        return Reply(texts.too_long(len(ctx.text), LONGEST))
    if recent >= MOST_PER_MINUTE:
        return Reply(texts.too_fast())
    return None
