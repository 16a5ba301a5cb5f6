"""What a message is: a report, a question, a command, a greeting, or unclear."""

import re
from typing import Literal

from bot.language.words import any_of

Intent = Literal["report", "question", "command", "greeting", "unclear"]

_END = r"[呢啊吧。!~\s]*$"

# Commands: the words of contract.md section 5 and what people say for them.
_POLITE = r"^(?:请|把|麻烦|帮我|帮忙|看看|看一?下|劳驾|我要|我想|给我|帮|需要|再)*"
_POINT = r"第?[\d一二三四五六七八九十]{1,3}"
_POINTS = rf"(?:{_POINT}[条点项号,、和及\s]+)*(?:{_POINT})?"
_ALONE = any_of(
    "帮助 菜单 功能 使用说明 help 我的任务 任务清单 我的待办 待办 任务 进度 填报 填报进度",
    "上报进度 撤回 撤销",
    "汇总 全部汇总 双清单 签收 取消 返回 退出 统计 台账 导出台账 登录 状态",
)
_WITH_OBJECT = any_of(
    "更正 改正 修正 催办 催一下 催催 催 销号 退回 驳回 延期 申请延期 签收 双清单 撤回 汇总 督办",
    "填报 导出",
    "转办 转交 重开 代办 委托 新增 登记",
)
_AFTER_POINT = any_of("汇总 催一下 催催 催一催 催办 销号 撤回 签收 督办")
_COMMAND = re.compile(
    rf"{_POLITE}(?:{_ALONE}(?:一下|上一条|刚才那条|上条|表)?{_END}"
    rf"|{_WITH_OBJECT}[:,\s]*\S"
    rf"|{_POINTS}的?(?:进度)?{_AFTER_POINT}(?:一下)?{_END})"
)
_TALK_OF_COMMANDS = re.compile(
    r"^(?:汇总|催办|销号|退回|延期|双清单|督办|签收|撤回|填报)"
    + any_of("了 完 已 还 正 没 未 工作 制度 情况 材料 好 是 怎 什 方 会 的 表(?!$)")
)

_NAMES = r"(?:大家|各位|领导|同志|老师|小双|机器人|双拥通|你们|您|你(?!们))"
_HELLO = any_of(
    "你好 您好 你们好 大家好 早上好 上午好 中午好 下午好 晚上好 早安 晚安 早 嗨 哈喽 hi hello",
    "hey 在吗 在么 在不在",
    "有人吗 谢谢 多谢 感谢 辛苦了? 再见 拜拜 新年好 过年好 节日快乐 春节快乐 八一快乐 领导好",
    "老师好",
)
_GREETING = re.compile(
    rf"^{_NAMES}*,?(?:{_HELLO}(?:{_NAMES}|[了啊呀哈哦,。!~?、\s])*)+$", re.IGNORECASE
)
_SALUTE = re.compile(rf"^(?:{_NAMES}*(?:{_HELLO}|收到|好的)[了啊呀,。!~、\s]+)+", re.IGNORECASE)

# Questions.
_WHAT = any_of(
    "多少 几个 几号 几天 几家 几条 哪些 哪个 哪里 哪 什么 啥 谁 怎么样 怎样 如何 怎么办 咋办",
    "咋样 何时",
)
_DONE_OR_NOT = any_of(
    "完成 开展 启动 报 好 到位 落实 走访 弄 办 交 有 做 结束 发放 解决 批 通过 是 行 可以 对 够 算",
)
_ENDS_ASKING = re.compile(
    rf"\?\s*$|[吗么呢嘛][。!~\s]*$|{_WHAT}{_END}|{_DONE_OR_NOT}(?:了|完)?(?:没有?|不|否){_END}"
    rf"|[能要有是行用会让可][^,。;!]{{0,14}}不{_END}"
)
_STATES_NOTHING = re.compile(rf"(?:还|也|都|一个|一点|尚|暂|目前)没有?{_END}")
_NOT_ASKING = re.compile(
    any_of(
        "哪怕 没有?什么 什么的 多少有 无论如何 不管 不论 无论 不知道?怎么 不清楚怎么 不知道?如何",
        "没几 好几 十几",
        "几十 几百 几千 几万 (?:还有|剩|有|走访了?|这|那|前|后|近|过|就|只)几 关于如何 研究如何",
        "如何做好 是否符合",
        "多少钱都 怎么也 什么都[没不] 谁都[没不] 哪儿都 任何",
    )
)
_SURELY_ASKS = any_of(
    "谁 哪 多少 什么时候 何时 是否 请问 为什么 想问 问一?下 咨询 能不能 能否 可不可以 有没有",
    "几号 请教 告诉我",
    "发我 给我(?:发|看|一份) 发一份",
)
_ASKS = any_of(
    "几时 为何 几月 第几 咋 啥 什么 怎么 怎样 如何 是不是 可否 要不要 需不需要 有无 会不会",
    "用不用 算不算 行不行",
    "该不该 得不得 包不包括 何 几[个条天家人次项] 多久 多长 查一下 查询 查看 看一?下 看看 想知道",
    "想了解",
    "介绍一下 解释 讲讲 说说 完没 成没",
)
_QUESTION = re.compile(rf"{_SURELY_ASKS}|{_ASKS}")
_FIRM_QUESTION = re.compile(_SURELY_ASKS)
_TOPIC = re.compile(
    any_of(
        "的 内容 原文 全文 要求 责任单位 牵头单位 配合单位 牵头 配合 责任 时限 完成时限 期限",
        "标准 完成标准 任务",
        "分工 要点 工作 具体 是 详情 说明 依据 政策 条文 截止时间 截止日期 负责人 联系人 情况",
        "进展 进度",
        "完成情况 文件 电话 联系方式 解读 [。!\\s]",
    )
    + "*$"
)


_REQUEST = re.compile(
    r"\0*\s*(?:请|麻烦)?(?:你|您)?(?:帮我|帮忙|给我|替我|教我|告诉我|跟我说|说说|讲讲)"
)
"""Somebody wants something of the bot; a report tells what was done."""


def strip_salute(plain: str) -> str:
    """Blank out a greeting that opens a longer message; lengths stay."""
    salute = _SALUTE.match(plain)
    if salute is None or salute.end() == len(plain):
        return plain
    return "\0" * salute.end() + plain[salute.end() :]


def is_command(plain: str) -> bool:
    """Whether the message is one of the words of contract.md section 5, with what they need."""
    text = plain.strip("\0")
    if _TALK_OF_COMMANDS.match(text) or _ENDS_ASKING.search(text):
        return False
    return bool(_COMMAND.match(text))


def is_greeting(plain: str) -> bool:
    """Whether the message only greets or thanks."""
    return bool(_GREETING.match(plain))


def is_question(plain: str, *, states: bool) -> bool:
    """Whether the message asks. `states`: it also says where the work stands."""
    text = _NOT_ASKING.sub("", plain)
    if _ENDS_ASKING.search(text) and not _STATES_NOTHING.search(text):
        return True
    if not states and _REQUEST.match(text):
        return True
    pattern = _FIRM_QUESTION if states else _QUESTION
    return bool(pattern.search(text))


def is_bare_topic(rest: str) -> bool:
    """Whether only a topic is left beside the point numbers: 第11条, 第11条牵头单位."""
    return bool(_TOPIC.fullmatch(rest.strip(" ,:。、\0")))
