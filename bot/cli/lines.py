"""What several commands share: an argument or `-` for lines of standard input, and JSON lines."""

import json
import sys
from collections.abc import Iterator, Mapping


def given(argument: str) -> Iterator[str]:
    """Yield the argument itself, or for `-` each line of standard input that is not blank."""
    if argument != "-":
        yield argument
        return
    for line in sys.stdin:
        if line.strip():
            yield line.rstrip("\r\n")


def print_json(value: Mapping[str, object]) -> None:
    """Print one object a line, non-ASCII unescaped (contract.md)."""
    print(json.dumps(value, ensure_ascii=False), flush=True)
