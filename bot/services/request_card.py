"""The card that asks for a report. Its buttons are shortcuts to words one could type as well."""

import hashlib
from datetime import date
from typing import Any

from bot.domain.work_points import label
from bot.texts import cards as texts
from bot.wecom import cards
from bot.wecom.card_parts import Button, Style


def request_card(number: int, text: str, day: date) -> dict[str, Any]:
    """Return the message body of a card that asks for progress on one point."""
    digest = hashlib.sha256(f"{day}|{number}|{text}".encode()).hexdigest()
    head, body = texts.parts(text)
    card = cards.button_interaction(
        cards.Face(title=head, desc=label(number), sub_title=body),
        f"ask-{digest[:24]}",
        [
            Button(texts.DONE, f"{label(number)} {texts.DONE}", Style.BLUE),
            Button(texts.IN_PROGRESS, f"{label(number)} {texts.IN_PROGRESS}", Style.BLACK),
            Button(texts.WRITE, f"填报 {label(number)}", Style.BLACK),
        ],
    )
    return {"msgtype": "template_card", "template_card": card}
