"""Where the time of one message goes, by room of the house and by library."""

import cProfile
import pstats
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench import office
from bench.dialects import Text, WeCom
from bot.app import Bot
from simulator.corp import Corp

ROOT = Path(__file__).parents[1]
_LIBRARIES = ("sqlalchemy", "flask", "werkzeug", "wechatpy", "cryptography", "logging", "json")
_WAITING = ("acquire", "wait", "'get' of")
_OTHER = "everything else"
"""C functions by which one thread waits for another; they cost no time."""
Function = tuple[str, int, str]
"""File, line and name, as pstats keys them."""


def shares(corp: Corp, url: str, texts: Callable[[int], list[Text]], count: int) -> Counter[str]:
    """Return the seconds that each room and library used for `count` messages."""
    bot = Bot(office.settings(corp, url))
    try:
        app = bot.flask()
        requests = [_environ(raw) for raw in WeCom(corp).requests(texts(count))]
        front, writer = cProfile.Profile(), cProfile.Profile()
        bot.database.run(lambda _session: writer.enable())
        for environ in requests:
            front.runcall(run_wsgi_app, app, environ)
        bot.database.run(lambda _session: writer.disable())
        return _by_room(front) + _by_room(writer)
    finally:
        bot.close()


def _environ(raw: bytes) -> dict[str, object]:
    head, _, body = raw.partition(b"\r\n\r\n")
    method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
    path, _, query = target.partition("?")
    return EnvironBuilder(path=path, method=method, query_string=query, data=body).get_environ()


def _by_room(profile: cProfile.Profile) -> Counter[str]:
    found: Counter[str] = Counter()
    entries = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    for function, (_, _, own, _, callers) in entries.items():
        if any(word in function[2] for word in _WAITING):
            continue
        if function[0] != "~" or "sqlite3" in function[2]:
            found[_room(function)] += own
            continue
        for caller, (_, _, share, _) in callers.items():  # C functions count for who calls them
            found[_room(caller)] += share
    return found


def _room(function: Function) -> str:
    file, _, name = function
    if "sqlite3" in name:
        return "SQLite itself"
    if file.startswith(str(ROOT / "bot")):
        return ".".join(Path(file).relative_to(ROOT).parts[:2]).removesuffix(".py")
    if file.startswith(str(ROOT / "handlers")):
        return "handlers"
    parts = Path(file).parts
    return next((library for library in _LIBRARIES if library in parts), _OTHER)
