"""The demo's chat page as a person uses it, on a screen of either size."""

from playwright.sync_api import Locator, Page, expect

SECONDS = 30.0
"""How long anything may take on a machine under load."""


class Chat:
    """One opened page. What is done is done by touch or click; what is read is what is shown."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.set_default_timeout(SECONDS * 1000)
        expect.set_options(timeout=SECONDS * 1000)
        page.goto(url)
        expect(page.locator("#me-name")).not_to_have_text("请选择人员")

    def be(self, name: str) -> None:
        """Sit down in front of that person's phone."""
        opener = self.page.get_by_role("button", name="换一个人")
        if opener.is_enabled():
            opener.click()
        self.row(name).click()
        expect(self.page.locator("#me-name")).to_have_text(name)

    def row(self, name: str) -> Locator:
        """A person in the list."""
        return self.page.locator(".person", has_text=name)

    def ask(self, text: str) -> str:
        """Write something and return what is answered."""
        before = self.replies.count()
        self.page.get_by_label("消息", exact=True).fill(text)
        self.page.get_by_role("button", name="发送", exact=True).click()
        return self._answer(before)

    def tap(self, phrase: str) -> str:
        """Choose a common phrase and return what is answered."""
        before = self.replies.count()
        chips = self.page.get_by_role("group", name="常用语")
        chips.get_by_role("button", name=phrase, exact=True).click()
        return self._answer(before)

    def jump(self, moment: str, shown: str) -> None:
        """Choose a moment in the time panel; `shown` is the day that the head shows then."""
        self.page.get_by_role("button", name="调整时间").click()
        self.page.get_by_role("dialog").get_by_role("button", name=moment).click()
        expect(self.page.locator("#clock-day")).to_have_text(shown)
        expect(self.page.locator("#moving")).to_be_hidden()

    @property
    def replies(self) -> Locator:
        """The bot's answers."""
        return self.page.locator("[data-kind=reply] .bubble")

    @property
    def pushes(self) -> Locator:
        """What the bot sent by itself."""
        return self.page.locator("[data-kind=push]")

    def card(self, title: str) -> Locator:
        """A card that the bot sent."""
        return self.pushes.get_by_role("group", name=title)

    def fits(self) -> bool:
        """Whether nothing sticks out to the right."""
        overhang = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return self.page.evaluate(overhang) == 0 and not self.page.evaluate(_CUT_OFF)

    def _answer(self, before: int) -> str:
        expect(self.replies).to_have_count(before + 1)
        return self.replies.last.inner_text()


_CUT_OFF = """() => [...document.querySelectorAll('.bubble, .card, .card-buttons > *, .me, .clock')]
  .some((element) => element.scrollWidth > element.clientWidth + 1)"""
