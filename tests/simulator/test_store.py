"""What a second start goes on from."""

from pathlib import Path

import pytest

from simulator import store
from simulator.clock import StandingClock
from simulator.harness import Simulator
from simulator.phone import PhoneError
from tests.simulator.company import BUTTON_CARD, PEOPLE, START, Api, EchoBot, company


def test_conversations_and_cards_go_on_after_a_second_start(tmp_path: Path) -> None:
    path = tmp_path / "simulator.json"
    with company() as wecom:
        EchoBot(wecom)
        wecom.say("lifang", "帮助")
        Api(wecom).log_in().send(msgtype="template_card", template_card=BUTTON_CARD)
        store.save(path, wecom.world.dump())
        old = [entry.as_json() for entry in wecom.entries("lifang")]
    saved = store.load(path)
    assert saved is not None
    with Simulator(PEOPLE, clock=StandingClock(START), corp=wecom.corp) as again:
        again.world.load(saved)
        assert [entry.as_json() for entry in again.entries("lifang")] == old
        assert again.world.conversations.received() == {"lifang": 2}
        bot = EchoBot(again)
        again.click("lifang", "help")
        assert bot.last.findtext("TaskId") == "report-11"
        with pytest.raises(PhoneError):
            again.click("lifang", "no such button")


@pytest.mark.parametrize("content", ["", "{", "[]", "null"])
def test_a_damaged_file_is_named_in_one_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "simulator.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(store.StoreError, match=r"已损坏，请删除它后重新启动"):
        store.load(path)
