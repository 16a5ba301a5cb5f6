"""WeCom's error codes as data: what to do about each, and what to tell the office.

Branch on the code, never on errmsg: it may carry a warning on success and changes its wording.
Source: the table in the protocol notes, section 5.2, and the official page 90313.
"""

from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    """What a failed call means for the one who made it."""

    TRANSIENT = "transient"  # try again later, at most three times
    AMBIGUOUS = "ambiguous"  # perhaps done: repeat only the same bytes, with duplicate check
    TOKEN = "token"  # noqa: S105 - refresh the access token once, repeat once
    CONFIG = "config"  # stop and alarm; a person must change something
    RATE = "rate"  # wait for the end of the window
    CONCURRENCY = "concurrency"  # too many at once: fewer, with jitter
    RECIPIENT = "recipient"  # these people cannot be reached: tell the office, no retry
    REQUEST = "request"  # our mistake: never repeat
    MEDIA = "media"  # upload the file again, once
    OAUTH = "oauth"  # the login code is used up: log in again
    RECALL = "recall"  # too late to take the message back
    UNLISTED = "unlisted"  # not in the table: at most three tries, then tell the office


_CODES: dict[Outcome, tuple[int, ...]] = {
    Outcome.TRANSIENT: (-1, 6000),
    Outcome.TOKEN: (40001, 40014, 41001, 42001),
    Outcome.CONFIG: (
        *(40013, 40056, 40091, 41004, 48002, 50001, 50003),
        *(60020, 93000, 93004, 301002, 301042),
    ),
    Outcome.RATE: (45009,),
    Outcome.CONCURRENCY: (45033,),
    Outcome.RECIPIENT: (40003, 40031, 60011, 60021, 60111, 81013),
    Outcome.REQUEST: (
        *(40008, 40032, 40058, 40063, 44004, 45002, 45007, 45008, 82001, 82002, 82003),
        *range(42014, 42021),
        *range(42027, 42052),
    ),
    Outcome.MEDIA: (40007,),
    Outcome.OAUTH: (40029,),
    Outcome.RECALL: (42052,),
}
_OUTCOMES: dict[int, Outcome] = {
    code: outcome for outcome, codes in _CODES.items() for code in codes
}


@dataclass(frozen=True)
class Advice:
    """One error in words for the office: what is wrong, and what to do about it."""

    meaning: str
    action: str

    def __str__(self) -> str:
        return f"{self.meaning}{self.action}"


_SECRET = "请到管理后台“应用管理”里该应用的页面重新复制 Secret，填入 wecom.secret。"  # noqa: S105
_VISIBLE = "请到管理后台该应用的“可见范围”里加上此人，或更正名册中的企业微信账号。"
_WAIT = "系统会自动再试，一般不需处理。"
_REPORT = "这是程序的问题，请把此编号告诉维护人员。"

_ADVICE: dict[int, Advice] = {
    -1: Advice("企业微信系统繁忙。", _WAIT),
    40001: Advice("应用的 Secret 不正确或已重置。", _SECRET),
    40003: Advice("企业微信里没有这个账号。", "请更正名册中的企业微信账号。"),
    40007: Advice("附件已过期或无效。", "请重新上传附件。"),
    40013: Advice(
        "企业 ID 不正确。", "请到管理后台“我的企业”页底部复制企业 ID，填入 wecom.corp_id。"
    ),
    40014: Advice("访问凭证失效。", _WAIT),
    40029: Advice("登录链接已使用或超过 5 分钟。", "请从企业微信里重新打开页面。"),
    40031: Advice("接收人账号都不正确。", "请更正名册中的企业微信账号。"),
    40056: Advice(
        "应用编号不正确。", "请到管理后台该应用的页面复制 AgentId，填入 wecom.agent_id。"
    ),
    40091: Advice("应用的 Secret 不正确。", _SECRET),
    41004: Advice("没有填写应用的 Secret。", _SECRET),
    42001: Advice("访问凭证已过期。", _WAIT),
    42052: Advice("消息发出已超过 24 小时，不能再撤回。", "如有必要，请另发一条更正。"),
    45002: Advice("消息太长。", _REPORT),
    45009: Advice("接口调用太频繁，企业微信暂时不接收。", "系统会在时限过后自动再试。"),
    45033: Advice("同时调用太多。", _WAIT),
    48002: Advice("应用没有调用这个接口的权限。", "请到管理后台检查该应用的权限。"),
    50001: Advice(
        "网页地址不在应用的可信域名里。", "请到管理后台该应用的“网页授权及JS-SDK”里设置可信域名。"
    ),
    50003: Advice("应用已被停用。", "请到管理后台启用该应用。"),
    60011: Advice("应用无权给此人发消息。", _VISIBLE),
    60020: Advice(
        "服务器的 IP 不在应用的企业可信IP里。",
        "请到管理后台该应用的“企业可信IP”里加上服务器的出口 IP，约 1 分钟后自动恢复。",
    ),
    60021: Advice("此人不在应用的可见范围内。", _VISIBLE),
    60111: Advice("企业微信里没有这个账号。", "请更正名册中的企业微信账号。"),
    81013: Advice("接收人全部无效，或都不在应用的可见范围内。", _VISIBLE),
    93000: Advice("群消息推送地址无效，或已被移除。", "请在群里重新添加，并更新地址。"),
    301002: Advice(
        "Secret 与应用编号不是同一个应用的。", "请核对 wecom.agent_id 和 wecom.secret。"
    ),
    301042: Advice(
        "服务器的 IP 不在允许的范围内。", "请到管理后台该应用的“企业可信IP”里加上服务器的出口 IP。"
    ),
}
_BY_OUTCOME: dict[Outcome, Advice] = {
    Outcome.TRANSIENT: Advice("企业微信暂时没有正常答复。", _WAIT),
    Outcome.AMBIGUOUS: Advice(
        "消息已发出，但没有收到企业微信的答复。", "系统会核对后再试，不会重复发送。"
    ),
    Outcome.CONFIG: Advice("企业微信拒绝了应用的设置。", "请对照 config.toml 检查 [wecom] 各项。"),
    Outcome.RECIPIENT: Advice("接收人无效。", _VISIBLE),
    Outcome.REQUEST: Advice("企业微信不接受这条请求的内容。", _REPORT),
}
_OTHER = Advice("企业微信返回了未列入说明的错误。", "请凭错误码在企业微信开发者中心查询。")


def classify(errcode: int) -> Outcome:
    """Return what the code means for the caller."""
    return _OUTCOMES.get(errcode, Outcome.UNLISTED)


def classify_with_new_token(errcode: int) -> Outcome:
    """Return what the code means if the access token has just been issued.

    A token that WeCom refuses at once will not get better by asking for another one.
    """
    outcome = classify(errcode)
    return Outcome.CONFIG if outcome is Outcome.TOKEN else outcome


def explain(errcode: int | None, outcome: Outcome) -> Advice:
    """Return the words for the office; `errcode` None: there was no answer from WeCom."""
    known = None if errcode is None else _ADVICE.get(errcode)
    return known or _BY_OUTCOME.get(outcome, _OTHER)
