"""Faults that are set by HTTP: each shows once, or as often as asked, and nothing else breaks."""

import time

import pytest
import requests

from simulator.faults import Effect
from simulator.harness import Simulator
from tests.simulator.company import Api, company


def set_fault(wecom: Simulator, **fault: object) -> requests.Response:
    return requests.post(f"{wecom.base_url}/simulator/faults", json=fault, timeout=5)


def test_an_errcode_for_the_next_two_calls() -> None:
    with company() as wecom:
        api = Api(wecom).log_in()
        set_fault(wecom, endpoint="message/send", effect="errcode", value=45009, times=2)
        assert [api.send()["errcode"] for _ in range(3)] == [45009, 45009, 0]
        assert len(wecom.pushes("lifang")) == 1
        assert wecom.world.calls.count("message/send", "45009") == 2


def test_every_call_until_it_is_cleared() -> None:
    with company() as wecom:
        api = Api(wecom).log_in()
        set_fault(wecom, endpoint="*", effect="errcode", value=-1, times=None)
        assert {api.send()["errcode"] for _ in range(3)} == {-1}
        requests.delete(f"{wecom.base_url}/simulator/faults", timeout=5)
        assert api.send()["errcode"] == 0


def test_a_broken_server() -> None:
    with company() as wecom:
        url = f"{wecom.base_url}/cgi-bin/message/send?access_token={Api(wecom).log_in().token}"
        wecom.faults.set("message/send", Effect.HTTP, 502)
        assert requests.post(url, json={}, timeout=5).status_code == 502


@pytest.mark.parametrize(("effect", "delivered"), [(Effect.LOSE, 1), (Effect.REFUSE, 0)])
def test_the_connection_closes_without_an_answer(effect: Effect, delivered: int) -> None:
    with company() as wecom:
        api = Api(wecom).log_in()
        wecom.faults.set("message/send", effect)
        with pytest.raises(requests.ConnectionError):
            api.send()
        assert len(wecom.pushes("lifang")) == delivered


def test_a_lost_answer_and_a_checked_retry_make_one_message() -> None:
    with company() as wecom:
        api = Api(wecom).log_in()
        wecom.faults.set("message/send", Effect.LOSE)
        with pytest.raises(requests.ConnectionError):
            api.send(enable_duplicate_check=1)
        assert api.send(enable_duplicate_check=1)["errcode"] == 0
        assert len(wecom.pushes("lifang")) == 1


def test_a_slow_answer() -> None:
    with company() as wecom:
        api = Api(wecom).log_in()
        wecom.faults.set("message/send", Effect.DELAY, 0.3)
        started = time.monotonic()
        assert api.send()["errcode"] == 0
        assert time.monotonic() - started >= 0.3


def test_tokens_that_die_early() -> None:
    with company() as wecom:
        api = Api(wecom).log_in()
        set_fault(wecom, endpoint="message/send", effect="expire")
        assert api.send()["errcode"] == 42001
        assert api.log_in().send()["errcode"] == 0


@pytest.mark.parametrize("fault", [{}, {"endpoint": "x", "effect": "explode"}, {"times": "many"}])
def test_a_fault_that_makes_no_sense_is_refused_in_words(fault: dict[str, object]) -> None:
    with company() as wecom:
        answer = set_fault(wecom, **fault)
        assert answer.status_code == 400
        assert "看不懂这个故障" in answer.json()["error"]
