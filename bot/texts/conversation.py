"""What the bot says about the conversation itself."""

from datetime import datetime

from bot.domain.people import Person


def stamped(text: str, now: datetime) -> str:
    """Return a message with the moment below it."""
    return f"{text}\n（{now.month}月{now.day}日 {now:%H:%M:%S}）"


def apology(reference: str) -> str:
    """A bug kept the message from being handled; it is kept and will be handled later."""
    return (
        "抱歉，刚才处理您的消息时出了问题，消息已经保存，没有丢失。\n"
        f"管理员已收到通知（编号 {reference}），处理好后会补办，您不必重发。"
    )


def failure_for_office(reference: str) -> str:
    """Tell the office that a message waits for a repair."""
    return (
        f"【系统提醒】有一条消息没能处理（编号 {reference}），原文已保存。"
        "请技术人员按编号查看日志，修好后运行 inbox replay 补办。"
    )


def not_understood() -> str:
    """Nobody answered the message."""
    return "没有读懂您的意思。您可以直接提问（如“第11条”），或回复“帮助”看看我能做什么。"


def only_words() -> str:
    """A photo, voice or file arrived."""
    return "目前只能处理文字消息。请用一句话说明，例如“第11条 已完成，走访部队5个”。"


def empty() -> str:
    """There was nothing in the message."""
    return "没有收到文字内容。您可以直接提问，或回复“帮助”。"


def too_long(length: int, most: int) -> str:
    """The message is longer than anything a report needs."""
    return (
        f"这条消息有 {length} 个字，超过了 {most} 字，没有处理。"
        "请摘要后分几条发送，一条只说一件事。"
    )


def too_fast() -> str:
    """The person sends more than anyone types."""
    return "您发得太快了，这一条没有处理。请稍等一分钟再发。"


def say_in_one_message() -> str:
    """What is missing cannot be asked for now."""
    return (
        "这一条缺少必要的信息，没有登记。请把序号、进展和数字写在一条消息里重新发一次，"
        "例如“第11条 已完成，走访部队5个”。"
    )


def clicked() -> str:
    """The new wording of a card's button after the click."""
    return "已收到"


def clicked_too_fast() -> str:
    """The new wording of a card's button when the click was one too many."""
    return "太快了，请一分钟后再点"


def nothing_to_cancel() -> str:
    """取消 while nothing is pending."""
    return "现在没有正在进行的填报，不需要取消。"


def greeting(name: str) -> str:
    """Answer a greeting in one line that says what to do next."""
    who = f"{name}同志，您好" if name else "您好"
    return f"{who}！我是双拥通，可以回答工作要点和政策问题、登记工作进展。回复“帮助”看看怎么用。"


def help_(person: Person, lines: list[tuple[str, str]]) -> str:
    """Say what this person can type."""
    head = (
        f"您好，{person.name}（{person.role}）。您可以这样用："
        if person.known
        else "您可以这样用："
    )
    return "\n".join([head, *(f"· {words}\n  {does}" for words, does in lines)])


_APP_STATES = {
    "inactive_alert": "应用较长时间没有人使用，将被企业微信停用",
    "low_active_alert": "应用活跃度低，可能被企业微信停用",
    "low_active": "应用活跃度低，已被企业微信限制",
    "close_inactive_agent": "应用因长期无人使用，已被企业微信停用",
    "reopen_inactive_agent": "应用已恢复使用",
    "active_restored": "应用已恢复使用",
}


def app_state(event: str) -> str:
    """Tell the office what WeCom says of the app (official page 90240)."""
    said = _APP_STATES.get(event.lower(), "应用的状态有变化")
    return f"【系统提醒】企业微信通知：{said}。请管理员登录企业微信管理后台查看并处理。"
