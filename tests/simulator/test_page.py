"""The chat page in a real browser, on a phone and on a desktop."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from simulator.clock import StandingClock
from simulator.harness import Simulator
from tests.simulator.company import (
    BUTTON_CARD,
    PEOPLE,
    START,
    Api,
    EchoBot,
    company,
    text_reply,
)
from tests.support.browser import DESKTOP, PHONE, chromium, open_page

pytestmark = pytest.mark.browser
SCREENS = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def wecom() -> Iterator[Simulator]:
    with company() as simulator:
        yield simulator


def be(page: Page, name: str) -> None:
    """Choose a person, by the drawer where there is one."""
    opener = page.get_by_role("button", name="换一个人")
    if opener.is_enabled():
        opener.click()
    page.locator(".person", has_text=name).click()
    expect(page.locator("#me-name")).to_have_text(name)


def bubbles(page: Page) -> list[str]:
    return page.locator("#entries .bubble").all_inner_texts()


@SCREENS
def test_one_writes_and_reads_the_answer(
    browser: Browser, wecom: Simulator, size: tuple[int, int]
) -> None:
    EchoBot(wecom)
    with open_page(browser, size) as page:
        page.goto(wecom.base_url)
        be(page, "王强")
        page.get_by_label("消息", exact=True).fill("第11条 <b>已完成</b>")
        page.keyboard.press("Enter")
        expect(page.locator("#entries .bubble")).to_have_count(2)
        assert bubbles(page) == ["第11条 <b>已完成</b>", "您说：第11条 <b>已完成</b>"]
        page.get_by_role("button", name="我的任务").click()
        expect(page.locator("#entries .bubble").last).to_have_text("您说：我的任务")
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@SCREENS
def test_one_fills_in_a_card_and_presses_its_button(
    browser: Browser, wecom: Simulator, size: tuple[int, int]
) -> None:
    bot = EchoBot(wecom)
    Api(wecom).log_in().send(msgtype="template_card", template_card=BUTTON_CARD)
    with open_page(browser, size) as page:
        page.goto(wecom.base_url)
        be(page, "李芳")
        page.get_by_label("进度").select_option("已完成")
        name = "<ReplaceName>已记录</ReplaceName>"
        bot.answers = [f"<MsgType>update_button</MsgType><Button>{name}</Button>"]
        page.get_by_role("button", name="提交").click()
        expect(page.get_by_role("button", name="已记录")).to_be_disabled()
        assert bot.last.findtext("EventKey") == "submit"
        assert bot.last.findtext("SelectedItems/SelectedItem/OptionIds/OptionId") == "1"


def test_a_push_to_somebody_else_shows_as_unread_until_read(
    browser: Browser, wecom: Simulator
) -> None:
    EchoBot(wecom)
    with open_page(browser) as page:
        page.goto(wecom.base_url)
        be(page, "李芳")
        Api(wecom).log_in().send(touser="wangqiang")
        badge = page.locator(".person", has_text="王强").locator(".badge")
        expect(badge).to_have_text("1")
        be(page, "王强")
        expect(page.locator("#entries .tag")).to_have_text("双拥通 · 主动推送")
        expect(badge).to_have_count(0)


def test_people_are_found_by_unit(browser: Browser, wecom: Simulator) -> None:
    EchoBot(wecom)
    with open_page(browser) as page:
        page.goto(wecom.base_url)
        page.get_by_placeholder("查找姓名").fill("兴县")
        expect(page.locator(".person")).to_have_count(1)
        expect(page.locator(".person")).to_contain_text("王强")


@SCREENS
def test_one_jumps_to_the_army_day(
    browser: Browser, wecom: Simulator, size: tuple[int, int]
) -> None:
    EchoBot(wecom)
    with open_page(browser, size) as page:
        page.goto(wecom.base_url)
        page.get_by_role("button", name="调整时间").click()
        page.get_by_role("button", name="八一前 14 天").click()
        expect(page.locator("#toast")).to_contain_text("现在是 2022年7月18日 周一 09:06")
        assert f"{wecom.clock.now():%Y-%m-%d %H:%M}" == "2022-07-18 09:06"


def test_a_jump_backward_is_asked_twice(browser: Browser, wecom: Simulator) -> None:
    EchoBot(wecom)
    with open_page(browser) as page:
        page.goto(wecom.base_url)
        page.get_by_role("button", name="调整时间").click()
        page.get_by_label("自选时间").fill("2021-07-01T08:30")
        page.get_by_role("button", name="跳转").click()
        expect(page.get_by_role("alert")).to_contain_text("不会再发它已经发过的提醒")
        page.get_by_role("button", name="仍要往回调").click()
        expect(page.locator("#toast")).to_contain_text("现在是 2021年7月1日")
        assert f"{wecom.clock.now():%Y-%m-%d %H:%M}" == "2021-07-01 08:30"


def test_nothing_that_the_bot_says_becomes_markup(browser: Browser, wecom: Simulator) -> None:
    hostile = '<img src=x onerror="alert(1)"> <a href="javascript:alert(1)">点我</a>'
    bot = EchoBot(wecom)
    with open_page(browser) as page:
        with page.expect_response("**/simulator/enter"):
            page.goto(wecom.base_url)
        bot.answers = [text_reply(hostile)]
        page.get_by_label("消息", exact=True).fill("你好")
        page.keyboard.press("Enter")
        expect(page.locator("#entries .bubble")).to_have_count(2)
        assert page.locator("#entries .bubble img, #entries .bubble a").count() == 0


def test_the_list_of_people_is_a_drawer_on_a_phone(browser: Browser, wecom: Simulator) -> None:
    EchoBot(wecom)
    with open_page(browser, PHONE) as page:
        page.goto(wecom.base_url)
        be(page, "王强")
        opener = page.get_by_role("button", name="换一个人")
        opener.click()
        expect(page.locator(".person", has_text="王强")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_placeholder("查找姓名")).to_be_hidden()
        expect(opener).to_be_focused()


def test_a_page_left_open_finds_the_next_simulator(browser: Browser) -> None:
    with company() as first:
        EchoBot(first)
        page = browser.new_page()
        page.goto(first.base_url)
        be(page, "王强")
        for _ in range(3):
            first.say("wangqiang", "以前的话")
        expect(page.locator("#entries .bubble")).to_have_count(6)
        port = int(first.base_url.rpartition(":")[2])
    expect(page.locator("#toast")).to_contain_text("连不上演示程序")
    # The next one knows less than the page has seen, as after a crash.
    with Simulator(PEOPLE, clock=StandingClock(START), port=port) as second:
        EchoBot(second)
        second.say("wangqiang", "现在的话")
        expect(page.locator("#entries .bubble")).to_have_count(2, timeout=20_000)
        assert bubbles(page) == ["现在的话", "您说：现在的话"]
        page.close()


def test_a_bot_that_is_away_is_told_in_words(browser: Browser, wecom: Simulator) -> None:
    wecom.connect(lambda _query, _body: (500, b""))
    wecom.advance(timedelta(hours=1))
    with open_page(browser) as page:
        page.goto(wecom.base_url)
        page.get_by_label("消息", exact=True).fill("你好")
        page.keyboard.press("Enter")
        expect(page.locator("#entries .note").last).to_contain_text("机器人没有应答")
