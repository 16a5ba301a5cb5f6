"""The pictures of the documentation: `make screenshots` writes them to docs/images."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chat import Chat
from tests.support.browser import PHONE, open_page
from tests.support.demo import Demo

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("demo-browser")]
WIDE = (1280, 930)
MOST_BYTES = 300_000


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """$BOT_TEST_SCREENSHOTS, else a place that is forgotten."""
    folder = Path(os.environ.get("BOT_TEST_SCREENSHOTS", tmp_path / "album"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_screenshots(browser: Browser, office: Demo, album: Path) -> None:
    with open_page(browser, WIDE) as page:
        chat = Chat(page, office.url)
        chat.be("兴小县")
        chat.tap("第11条")
        chat.jump("八一前三个工作日", "7月28日 周三")
        expect(chat.card("八一·前三个工作日")).to_be_visible()
        chat.ask("第11条 已完成，走访部队5个，慰问金24万元")
        take(chat, album / "chat-desktop.png")
    with open_page(browser, PHONE) as page:
        chat = Chat(page, office.url)
        chat.be("岚小县")
        card = chat.card("八一·前三个工作日")
        card.get_by_role("button", name="已完成").click()
        expect(chat.pushes.last).to_contain_text("已记录：第11条")
        take(chat, album / "chat-phone.png")


def take(chat: Chat, file: Path) -> None:
    expect(chat.page.locator("#toast")).to_be_hidden()
    assert chat.fits()
    chat.page.mouse.move(0, 0)
    chat.page.locator("#entries > :last-child").scroll_into_view_if_needed()
    chat.page.screenshot(path=file, animations="disabled", caret="hide")
    assert file.stat().st_size < MOST_BYTES
