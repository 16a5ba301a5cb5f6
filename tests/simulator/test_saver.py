"""What happened is soon on disk, and a disk that refuses does not end the demo."""

from pathlib import Path

from simulator import store
from simulator.saver import Saver
from tests.simulator.company import EchoBot, company
from tests.support.demo import wait_until


def test_a_message_is_on_disk_soon_and_the_end_as_well(tmp_path: Path) -> None:
    path = tmp_path / "simulator.json"
    with company() as wecom:
        EchoBot(wecom)
        with Saver(path, wecom.world, print).running():
            wecom.say("wangqiang", "你好")
            wait_until(lambda: path.exists() and "您说：你好" in path.read_text("utf-8"), "no file")
            wecom.say("wangqiang", "再见")
        saved = store.load(path)
    assert saved is not None
    assert len(saved["conversations"]["wangqiang"]) == 4


def test_a_disk_that_refuses_is_told_once(tmp_path: Path) -> None:
    told: list[str] = []
    path = tmp_path / "gone" / "simulator.json"
    with company() as wecom:
        saver = Saver(path, wecom.world, told.append)
        saver.save()
        saver.save()
        assert told == [f"存不了 {path}（磁盘满或没有权限），演示照常进行。"]
        path.parent.mkdir()
        saver.save()
        assert path.exists()
