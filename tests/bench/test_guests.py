"""Peers: one that is missing, does not start or answers wrongly costs one row and nothing else."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest

from bench import guests, tables, targets
from bench.dialects import WeCom
from bench.office import Crowd
from bench.pace import QUICK
from bench.peers.stub import WAIT
from bench.processes import port_of, process
from bench.rounds import Candidate, open_bench
from simulator.corp import random_corp

CORP = random_corp()


def lent(peer: guests.Peer, folder: Path) -> None:
    with guests.guest(peer, CORP, folder):
        pass


def test_a_peer_that_is_not_installed_says_what_is_missing(tmp_path: Path) -> None:
    nowhere = guests.ROOT / ".venv-bench" / "nowhere" / "bin" / "python"
    peer = guests.Peer("errbot", "errbot", "errbot", WeCom, python=nowhere)
    with pytest.raises(guests.Absent, match=r"no \.venv-bench/nowhere/bin/python"):
        lent(peer, tmp_path)


@pytest.mark.slow
def test_a_peer_that_does_not_start_shows_its_last_words(tmp_path: Path) -> None:
    peer = guests.Peer("none", "errbot", "no_such_peer", WeCom, python=Path(sys.executable))
    with pytest.raises(guests.Absent, match=r"No module named .*no_such_peer"):
        lent(peer, tmp_path)


def test_every_peer_bears_the_version_that_is_pinned() -> None:
    assert len({peer.title for peer in guests.PEERS}) == len(guests.PEERS)
    assert "errbot 6.2.1, webhook" in [peer.title for peer in guests.PEERS]


@pytest.fixture
def stub(tmp_path: Path) -> Iterator[int]:
    with (
        (tmp_path / "log").open("wb") as log,
        process([sys.executable, "-m", "bench.peers.stub"], log) as running,
    ):
        port = port_of(running)
        assert port
        yield port


@pytest.mark.slow
def test_the_stub_lets_wait_for_the_messages_that_were_sent(stub: int) -> None:
    def wait(count: int) -> bytes:
        waiting = HTTPConnection("127.0.0.1", stub, timeout=20)
        waiting.request("GET", f"{WAIT}{count}")
        answer = waiting.getresponse().read()
        waiting.close()
        return answer

    with ThreadPoolExecutor() as pool:
        second = pool.submit(wait, 2)
        sending = HTTPConnection("127.0.0.1", stub, timeout=20)
        for _ in range(2):
            assert not second.done()
            sending.request("POST", "/cgi-bin/message/send?access_token=stub", b"{}")
            assert b'"errcode": 0' in sending.getresponse().read()
        assert second.result() == b'{"sent": 2}'
        sending.close()


@pytest.mark.slow
def test_a_peer_that_answers_wrongly_leaves_and_the_others_go_on(tmp_path: Path) -> None:
    crowd, wecom = Crowd(4), WeCom(CORP)
    with (tmp_path / "log").open("wb") as log, targets.echo(CORP, log) as port:
        echo = Candidate("echo", "text", port, wecom, crowd.questions, str.__eq__)
        liar = Candidate("liar", "text", port, wecom, crowd.questions, str.__ne__, peer=True)
        other = Candidate("other", "text", port, wecom, crowd.questions, str.__eq__, peer=True)
        with open_bench(QUICK) as bench:
            bench.compare(echo, [liar, other], warm_up=16)
    rows = tables.rates([echo, liar, other], [("gone", "not | here")]).splitlines()
    assert "16 of 16 answers were wrong" in next(row for row in rows if "| liar |" in row)
    assert other.outcomes
    assert other.half_load
    assert "| gone | text: not / here | | | | | |" in rows
