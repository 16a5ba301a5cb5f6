"""What several commands share: an argument or `-` for lines of standard input, and JSON lines."""

import json
import sys
from collections.abc import Iterator, Mapping

from bot.errors import InputError


def given(argument: str) -> Iterator[str]:
    """Yield the argument itself, or for `-` each line of standard input that is not blank."""
    if argument == "-":
        yield from typed()
    else:
        yield _readable(argument)


def typed() -> Iterator[str]:
    """Yield each line of standard input that is not blank; InputError if it is no UTF-8."""
    try:
        for line in sys.stdin:
            if line.strip():
                yield _readable(line.rstrip("\r\n"))
    except UnicodeDecodeError:
        raise InputError(_NOT_UTF8) from None


def _readable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:  # bytes that are no UTF-8 arrive as lone surrogates
        raise InputError(_NOT_UTF8) from None
    return text


_NOT_UTF8 = "输入的不是 UTF-8 编码的文字，请转换编码后重试。"


def print_json(value: Mapping[str, object]) -> None:
    """Print one object a line, non-ASCII unescaped (contract.md)."""
    print(json.dumps(value, ensure_ascii=False), flush=True)
