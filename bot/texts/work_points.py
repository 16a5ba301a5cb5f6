"""What the bot says about the plan and its points."""

from bot.domain.work_points import label


def no_plan(office: str) -> str:
    """Nothing was imported yet."""
    return f"还没有导入工作要点，请联系{office}。"


def no_such_point(number: int, count: int) -> str:
    """The plan has no point of that number."""
    return f"工作要点共 {count} 条，没有{label(number)}。请核对序号后再发。"


_ENDS = "，。；：,;:"


def short_title(text: str, most: int = 18) -> str:
    """Return the beginning of a point as a title of at most `most` characters."""
    first = next((i for i, char in enumerate(text) if char in _ENDS and i >= 6), len(text))
    title = text[:first]
    return title if len(title) <= most else title[: most - 1] + "…"
