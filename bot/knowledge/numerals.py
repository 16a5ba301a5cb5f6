"""Numerals in the headings of documents; `bot.language.numbers` reads their values."""

import re

NUMERAL = r"(?:[0-9０-９]+|[零〇○一二三四五六七八九十百千两]+)"
"""A regular expression for one whole numeral, without groups."""

_DIGITS = "零一二三四五六七八九"


def to_chinese(number: int) -> str:
    """Return 0..999 as the headings of documents write it: 11 → 十一, 105 → 一百零五."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones or not number else "")


def spaced(pattern: str) -> re.Pattern[str]:
    """Compile `pattern` in which every `_` stands for optional spaces of any width."""
    return re.compile(pattern.replace("_", r"[\s\u3000]*"))
