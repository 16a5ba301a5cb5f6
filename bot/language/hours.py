"""Times of day, which name no other day: 下班前, 17:00前, 下午3点, 周五下班前."""

import re

from bot.language.anchors import Anchor, Kind, anchor
from bot.language.period import Period, Scene, single

_PART = r"(?:凌晨|早上|早晨|一早|上午|中午|下午|午后|傍晚|晚上|晚间|夜里|晚|早)"
_HOUR = (
    r"(?:(?:[01]?\d|2[0-4]|[一二三四五六七八九十两]{1,3})"
    r"(?::[0-5]\d|点钟?(?:半|整|一刻|[一二三四五]?十五?分?|[0-5]?\d分?)?|时(?!间|候)))"
)
CLOCK = re.compile(rf"(?:的?{_PART}?{_HOUR}?(?:下班|上班(?!后)|收工)?)")
"""A time of day after a date; it may be empty."""


def _today(_match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    return (single(scene.base),)


HOURS: tuple[Anchor, ...] = (
    anchor(
        rf"(?<![\d第要点:.]){_PART}?(?:{_HOUR}|下班|中午|下午|上午|傍晚)(?=[之以]?[前后])",
        Kind.DATE,
        _today,
    ),
    anchor(rf"{_PART}{_HOUR}", Kind.DATE, _today),
)
