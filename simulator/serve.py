"""`python -m simulator serve`: the simulator alone, for tests that start real processes."""

import contextlib
import json
import threading
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from simulator.clock import RunningClock
from simulator.corp import Corp
from simulator.crypto import EnvelopeError
from simulator.endings import listen_for_the_end
from simulator.harness import Simulator
from simulator.people import STRANGER, Person, read_roster


class ServeFailed(Exception):
    """The configuration cannot be used; the message is one Chinese sentence."""


def run(port: int, config: Path) -> None:
    """Serve until SIGTERM. `config` is JSON:

    the five keys of `Corp`, and optionally `callback_url`, `roster` (a CSV file), `moment`
    (ISO 8601) and `people`, a number of extra members `u000001` … for load tests.
    The line `ready http://…` is printed when calls are answered.
    """
    data = _read(config)
    wecom = _simulator(data, port)
    if url := data.get("callback_url"):
        wecom.connect(str(url))
    listen_for_the_end()
    with wecom, contextlib.suppress(KeyboardInterrupt):
        print(f"ready {wecom.base_url}", flush=True)
        threading.Event().wait()


def crowd(count: int) -> tuple[Person, ...]:
    """Return `count` members for load tests, userids `u000001` and on."""
    return tuple(
        Person(f"u{number:06d}", f"成员{number}", f"单位{number % 500}", "联络员")
        for number in range(1, count + 1)
    )


def _read(config: Path) -> dict[str, Any]:
    try:
        data = json.loads(config.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise ServeFailed(f"读不了配置 {config}，应为 JSON 文件。") from None
    if not isinstance(data, dict):
        raise ServeFailed(f"配置 {config} 应为一个 JSON 对象。")
    return data


def _simulator(data: dict[str, Any], port: int) -> Simulator:
    names = [field.name for field in fields(Corp)]
    missing = [name for name in names if name not in data]
    if missing:
        raise ServeFailed(f"配置缺少 {'、'.join(missing)}。")
    roster = data.get("roster")
    people = read_roster(Path(roster)) if roster else (STRANGER,)
    try:
        clock = RunningClock(datetime.fromisoformat(data["moment"]) if "moment" in data else None)
        extra = crowd(int(data.get("people", 0)))
    except (ValueError, TypeError):
        raise ServeFailed("配置里的 moment 应为时刻、people 应为人数。") from None
    corp = Corp(**{name: data[name] for name in names})
    try:
        return Simulator((*people, *extra), clock=clock, corp=corp, port=port)
    except EnvelopeError:
        raise ServeFailed("配置里的 encoding_aes_key 应为 43 个字母和数字。") from None
