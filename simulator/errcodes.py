"""WeCom's error codes as data [O 90313], as far as this WeCom answers them."""

from typing import Any

OK: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}

MESSAGES: dict[int, str] = {
    -1: "system busy",
    40001: "invalid credential",
    40004: "invalid media type",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40029: "invalid code",
    40032: "invalid touser size",
    40056: "invalid agentid",
    40058: "invalid request parameter",
    40063: "some parameters are empty",
    41001: "access_token missing",
    41004: "appsecret missing",
    41006: "media_id missing",
    41016: "title missing",
    41033: "description missing",
    42001: "access_token expired",
    42014: "invalid task_id",
    42019: "button key missing",
    42020: "button name missing",
    42027: "Template_Card.horizontal_content_list.keyname missing",
    42028: "Template_Card url missing",
    42031: "Template_Card.CardType invalid",
    42033: "Template_Card title missing",
    42035: "Template_Card.horizontal_content_list size invalid",
    42037: "Template_Card.option_list size invalid",
    42038: "Template_Card.button_list.text invalid",
    42039: "Template_Card.button_list.key invalid",
    42040: "Template_Card.option_list.id invalid",
    42041: "Template_Card.option_list.text invalid",
    42042: "Template_Card.jump_list size invalid",
    42043: "Template_Card.question_key invalid",
    42045: "Template_Card.card_action invalid",
    42046: "Template_Card.submit_button.key invalid",
    42047: "Template_Card.select_list size invalid",
    42049: "Template_Card.submit_button.text invalid",
    42051: "Template_Card.action_menu.action_list.key conflict",
    42052: "msgid expired",
    44001: "empty media data",
    44004: "text content is empty",
    45001: "media size out of limit",
    45002: "content size out of limit",
    45008: "article count out of limit",
    45009: "api freq out of limit",
    45033: "api concurrent out of limit",
    46003: "menu no exist",
    47001: "data format error",
    50001: "redirect_url domain not allowed",
    60003: "department not found",
    60020: "not allow to access from your ip",
    60111: "userid not found",
    60140: "invalid response_code",
    81013: "user & party & tag all invalid",
    82001: "touser & toparty & totag all empty",
    82002: "invalid toparty list size",
    82003: "invalid totag list size",
}


class WecomError(Exception):
    """A call that WeCom refuses, with the errcode it answers."""

    def __init__(self, errcode: int, **details: Any) -> None:
        super().__init__(errcode)
        self.errcode = errcode
        self.details = details

    def answer(self) -> dict[str, Any]:
        """Return the JSON body; WeCom sends it with HTTP 200."""
        message = MESSAGES.get(self.errcode, "simulated error")
        return {"errcode": self.errcode, "errmsg": message, **self.details}
