"""What the demo promises to a newcomer, in a real browser, on a phone and on a desktop."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chat import Chat
from tests.support.browser import DESKTOP, PHONE, open_page
from tests.support.demo import Demo

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("demo-browser")]
SCREENS = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


@SCREENS
def test_a_day_of_the_demo(browser: Browser, office: Demo, size: tuple[int, int]) -> None:
    with open_page(browser, size) as page:
        chat = Chat(page, office.url)
        a_contact_asks_and_reports(chat)
        the_reminder_reaches_only_those_who_have_not_answered(chat)
        a_card_is_answered_by_its_button(chat)
        the_office_sums_up_chases_and_closes(chat)
        the_contacts_hear_of_it(chat)
        next_year_it_begins_again(chat)


def a_contact_asks_and_reports(chat: Chat) -> None:
    chat.be("临小县")
    assert "【第11条】" in chat.tap("第11条")
    assert "《2021年吕梁市双拥工作要点》" in chat.ask("八一前要做哪些慰问工作？")
    echo = chat.ask("第11条 已完成，走访部队5个，慰问金24万元")
    assert echo.startswith("已记录：第11条 八一走访慰问（临县）")
    assert "状态：已完成" in echo
    assert "走访部队 5 个；慰问金 24 万元" in echo
    assert chat.fits()


def the_reminder_reaches_only_those_who_have_not_answered(chat: Chat) -> None:
    chat.be("兴小县")
    chat.jump("八一前三个工作日", "7月28日 周三")
    expect(chat.card("八一·前三个工作日")).to_contain_text("八一（8月1日）还有 4 天")
    assert chat.fits()
    expect(chat.row("岚小县").locator(".badge")).to_have_text("1")
    expect(chat.row("临小县").locator(".badge")).to_have_count(0)


def a_card_is_answered_by_its_button(chat: Chat) -> None:
    card = chat.card("八一·前三个工作日")
    card.get_by_role("button", name="已完成").click()
    expect(chat.pushes.last).to_contain_text("已记录：第11条 八一走访慰问（兴县）")
    expect(card.get_by_role("button")).to_have_count(1)
    expect(card.get_by_role("button")).to_be_disabled()


def the_office_sums_up_chases_and_closes(chat: Chat) -> None:
    chat.be("办小文")
    assert "已报 2，完成 2，销号 0" in chat.tap("汇总")
    chased = chat.tap("催办 第11条").splitlines()
    assert chased[0] == "催办 第11条（第 1 次）"
    assert "岚县" in chased[2]
    assert not {"临县", "兴县"} & set(chased[2].split("、"))
    assert "已销号：第11条 八一走访慰问（临县）" in chat.ask("销号 第11条 临县")
    assert chat.fits()


def the_contacts_hear_of_it(chat: Chat) -> None:
    chat.be("临小县")
    expect(chat.pushes).to_contain_text(["【销号通知】第11条 八一走访慰问（临县）"])
    chat.be("岚小县")
    expect(chat.card("催办 第1次")).to_contain_text("第11条“八一走访慰问”")


def next_year_it_begins_again(chat: Chat) -> None:
    chat.jump("八一前 14 天", "7月18日 周一")
    expect(chat.card("八一·催计划")).to_contain_text("八一（8月1日）还有 14 天")
    expect(chat.page.locator("#clock-year")).to_have_text("2022年")
    assert chat.fits()
