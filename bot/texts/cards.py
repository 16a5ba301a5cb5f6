"""What stands on cards. A button's words are what a person could type as well."""

DONE = "已完成"
IN_PROGRESS = "推进中"
WRITE = "填写详情"


def parts(text: str) -> tuple[str, str]:
    """Return the bracketed head of a reminder as the title, and the rest."""
    end = text.find("】")
    if not text.startswith("【") or end < 0:
        return "双拥通提醒", text
    return text[1:end], text[end + 1 :]
