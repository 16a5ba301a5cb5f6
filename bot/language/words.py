"""Word lists, written one after the other, as the patterns that the readers use."""


def words(text: str) -> tuple[str, ...]:
    """Cut a list of words at its blanks."""
    return tuple(text.split())


def any_of(*texts: str) -> str:
    """Return a pattern that matches any of the words; each may itself be a small pattern."""
    return "(?:" + "|".join(word for text in texts for word in text.split()) + ")"
