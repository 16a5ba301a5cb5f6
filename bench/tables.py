"""The tables of the callbacks."""

from collections import Counter
from collections.abc import Iterable, Sequence

from bench.rounds import CROWD, Candidate

_HEADS = (
    "server",
    "message",
    "requests/s",
    "of the echo",
    "p50 ms",
    "p99 ms",
    "p99 ms at half load",
)
_MOST = 8
"""Rows of a profile; the rest is little."""


def rates(candidates: Iterable[Candidate], absent: Iterable[tuple[str, str]] = ()) -> str:
    """Return requests a second, latencies and ratios; `absent` are peers with why they are."""
    rows = ["| " + " | ".join(_HEADS) + " |", "|---|---|" + "---:|" * (len(_HEADS) - 2)]
    for one in candidates:
        rows += _rows(one)
    rows += [_missing(name, "text", reason) for name, reason in absent]
    return "\n".join(rows) + "\n"


def _rows(one: Candidate) -> list[str]:
    if one.failure:
        return [_missing(one.server, one.name, one.failure)]
    half = 1000 * one.half_load.percentile(0.99) if one.half_load else 0.0
    figures = [one.milliseconds(0.5), one.milliseconds(0.99), half]
    latencies = " | ".join(f"{milliseconds:.1f}" for milliseconds in figures)
    rows = [f"| {one.server} | {_told(one)} | {one.rate:.0f} | {one.ratio:.2f} | {latencies} |"]
    if one.settle:
        rate, ratio = one.settled
        rows.append(
            f"| {one.server} | until its answer is pushed | {rate:.0f} | {ratio:.2f} | | | |"
        )
    return rows


def _told(one: Candidate) -> str:
    said = [one.name]
    if one.most < CROWD:
        said.append(f"{one.connections} at a time")
    if one.reconnects:
        said.append("a new connection each")
    if one.peer and one.wrong:
        said.append(f"{one.wrong} of {one.answered} without the answer")
    return ", ".join(said)


def _missing(server: str, name: str, reason: str) -> str:
    said = " ".join(reason.replace("|", "/").split())[:200]
    return f"| {server} | {name}: {said} | | | | | |"


def profile(columns: Sequence[tuple[str, Counter[str]]]) -> str:
    """Return the table of where the time goes, the costliest first, in percent."""
    total: Counter[str] = Counter()
    for _, shares in columns:
        total.update(shares)
    names = " | ".join(name for name, _ in columns)
    rows = [f"| where | {names} |", "|---|" + "---:|" * len(columns)]
    for room, _ in total.most_common(_MOST):
        cells = (f"{100 * shares[room] / shares.total():.0f} %" for _, shares in columns)
        rows.append(f"| {room} | {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"
