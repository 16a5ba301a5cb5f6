"""The expressions that tell where work stands. Data: one row is one way of saying it.

Rows are tried in order and blank out what they read, so that 没完成 is not also 完成.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

from bot.language.difficulty import CAUSE, NO_TROUBLE, RESOLVED, STOPPED, TROUBLE
from bot.language.needed import needed, possible
from bot.language.script import Span, masked
from bot.language.words import any_of


class Cue(Enum):
    """What one expression says about the work."""

    NEUTRAL = auto()
    RESOLVED = auto()
    STOPPED = auto()
    TROUBLE = auto()
    CAUSE = auto()
    UNFINISHED = auto()  # begun and expressly not finished: 没完成, 基本完成, 还差两个
    PROMISED = auto()  # its end is promised: 预计月底前完成
    NOT_BEGUN = auto()
    PLANNED = auto()  # its beginning is promised: 计划8月启动
    DONE = auto()
    FINISHES = auto()  # a bare 完成: done, unless its day is still to come
    GOING = auto()  # 正在, 推进中
    ACTED = auto()  # something was done (已拨付, 报了): no status by itself
    BEGUN = auto()  # 已启动, 有序推进: gives way to a later 完成


@dataclass(frozen=True)
class Sign:
    """A cue and where it stands."""

    cue: Cue
    span: Span


_IN = r"[^,。;!?\n]"
_NOT = any_of(
    "尚未 还未 仍未 均未 暂未 并未 未能 没能 还没有? 仍没有? 一直没有? 都没有? 没有 没"
    " 未(?!来|婚|成年) 不曾 还不算 不算"
)
_FULLY = any_of("全部 全面 完全 按期 按时 如期 及时 最终 彻底 真正 都 能 有 正式 最后 完整") + "*"
_WHOLLY = r"完(?![善整全美])"
_FINISH = any_of(
    "完成 办结 办好 做好 搞定 弄好 落实到位 落实 结束 到位 报送 上报 收尾 达标 齐 销号 交 兑现"
    " 汇总 报(?!名|纸|道)"
    f" {_WHOLLY}"
)
_START = any_of(
    "开展 启动 开始 开工 动工 动手 着手 实施 部署 行动 走访 慰问 组织 安排 召开 举办 动(?!态) 做"
    " 办(?!法|公) 弄 搞 干"
    " 落地 推进 推动 开(?!通) 制定 上手 展开 铺开 摆上 进行 破题 布置 发放 下发 印发 建 联系 去"
    " 制作 拍 写 签 选 评"
)
_PROMISE = any_of(
    "预计 预期 计划 拟 力争 争取 确保 保证 尽快 尽早 尽量 抓紧 加快 及早 马上 随后 稍后 立即"
    " 立刻 打算 准备 有望 预定"
    " 估计 应该 应当 可望 希望"
    " 承诺 务必 必须 将 能够? 可以? (?<![谈议委大员联])会 定于 要在 需 想"
)
_ALMOST = any_of(
    "基本上? 大体上? 大致 即将 快要?(?![速捷递报]) 接近 临近 马上 就要 差不多 部分 初步"
    " 绝?大部分? 大多数? 多数 主体"
    " 阶段性 将近 (?<!最)近(?![期日来年]) 陆续 一半 过半 眼看 整体"
)
_MONEY_IN = r"(?<!经费)(?<!资金)(?<!款)(?<!人员)(?<!部)到位"
_ENDED = any_of(
    "完成 办结 落实 结束 完毕 报送 上报 呈报 报(?=$|[,。;!?\\n了]) 印发 出台 兑现 搞定 收官 建成"
    " 建立 成立 签订 签署 制定"
    f" 交付 上线 开通 送达 办妥 弄好 做好 销号 齐备 验收 挂牌 {_MONEY_IN} {_WHOLLY}"
)
_OVER = any_of(
    "完成 做完 办完 搞定 走访完 慰问完 发完 发放完 结束 办结 落实 搞好 弄好 办好 做好 弄完 干完"
    " 报完 整完 忙完 送完"
    " 报送 上报 交"
)
_ALL_DONE = any_of(f"完成 办结 落实 搞定 结束 走完 好了 弄完 做完 走访到 报送 {_WHOLLY}")
_PLAIN_END = any_of(
    f"完成 办结 完结 搞定 搞掂 办妥 收官 完工 竣工 {_MONEY_IN}"
    " (?:走访|慰问|发放|看望|拜访|对接|[送发走跑开报做办弄干整搞忙写评])完(?![善整全美])"
)

_ROWS: tuple[tuple[Cue, str], ...] = (
    (Cue.NEUTRAL, r"完成(?:时限|标准|情况|率|时间|质量|日期|期限|度|任务数|目标|比例|要求)"),
    (Cue.NEUTRAL, r"落实(?:情况|中央|省|市|《|会议|文件|精神|要求)|(?:进展|推进|开展|工作)情况"),
    (
        Cue.NEUTRAL,
        r"未完成(?:原因|的)|[按依]照?(?:计划|要求|方案)(?=[^,。;推进]*[完办结])|计划内|工作计划",
    ),
    (Cue.NEUTRAL, r"准备工作|启动(?:资金|仪式)|(?<=[前好])期准备"),
    (Cue.NEUTRAL, NO_TROUBLE),
    (
        Cue.UNFINISHED,
        (
            rf"(?:(?:预计|恐怕|可能|估计|怕){_IN}{{0,14}}|前|按期|按时|如期|及时)"
            r"(?:无法|没法|不能|难以)?(?:完不成|完成不了|赶不出来)"
        ),
    ),
    (
        Cue.UNFINISHED,
        rf"(?:无法|不能|难以|没法)(?:按期|按时|如期|及时|在.{{0,12}}前){_IN}{{0,6}}(?:完成|办结)|来不及|赶不上",
    ),
    (Cue.STOPPED, r"(?:无法|没法|不能|难以|没办法)(?:继续)?完成|完不成|完成不了"),
    (Cue.RESOLVED, RESOLVED),
    (Cue.STOPPED, STOPPED),
    (Cue.TROUBLE, TROUBLE),
    (Cue.CAUSE, CAUSE),
    (
        Cue.UNFINISHED,
        rf"(?:还有|尚有|仍有|只有|仅有|个别|少数|部分|有)(?!没有|的){_IN}{{1,14}}?(?:没|未|待|在办|需要){_IN}{{0,4}}",
    ),
    (
        Cue.UNFINISHED,
        rf"(?:还|只|就|仅|尚)(?:剩|差|缺|欠){_IN}*|剩下{_IN}*|差(?:一点|一些|点|最后|[一两二三四五六七八九十\d]+[个户家项份])|(?:剩余|余下){_IN}*",
    ),
    (Cue.UNFINISHED, rf"{_NOT}{_FULLY}[^,。;!?\n已]{{0,5}}?{_FINISH}"),
    (
        Cue.UNFINISHED,
        rf"{_NOT}(?:最后|最终|正式)?(?:有|得到|拿到|收到|等到)?(?:着落|结果|眉目|头绪|消息|定论|答复|回复|回音|敲定|定(?!期)|批)",
    ),
    (
        Cue.NOT_BEGUN,
        rf"{_NOT}(?:正式|实质性|全面|具体|有效|能|有|来得及|顾得?上|轮到|怎么)*[^,。;!?\n已]{{0,3}}?{_START}",
    ),
    (
        Cue.NOT_BEGUN,
        (
            r"(?:还没有?|尚未|暂未|仍未|还未|迟迟未|迟迟没有?)(?=[\u4e00-\u9fff])|没(?:什么)?动静|零进展|无动作|未动|没顾上|还没轮到|进度为零|还没呢"
            r"|(?<!等)待(?:启动|开展|实施|走访|安排|组织|开始|召开)"
        ),
    ),
    (
        Cue.PLANNED,
        (
            r"(?:预计|计划|拟|打算|准备|将|定于|争取|力争)[^,。;!?\n完]{0,14}"
            rf"(?:启动|开始|开展|着手|动工|开工|组织|实施)(?!{_IN}{{0,8}}完)"
        ),
    ),
    (
        Cue.UNFINISHED,
        (
            rf"{_ALMOST}{_IN}{{0,3}}?(?:已经?|都|就|能|可以?)?"
            rf"(?:完成|办结|做完|搞定|结束|到位|落实|收尾|弄好|好了|成型|{_WHOLLY})"
        ),
    ),
    (
        Cue.UNFINISHED,
        r"(?:完成|做|办|走访|干|弄|搞)了?(?:一半|一部分|大半|过半|大部分|部分|多半|小半|阶段性|前期|初稿|初步|不少|一些|几)",
    ),
    (
        Cue.UNFINISHED,
        r"(?:初稿|草稿|草案|讨论稿|征求意见稿)[^,。;!?\n没未]{0,4}(?:完成|好|出来?|形成)了?",
    ),
    (Cue.UNFINISHED, r"收尾|扫尾|尾声|差不多了|快了|过半|大头"),
    (Cue.PROMISED, rf"{_PROMISE}[^,。;!?\n已]{{0,18}}?{_FINISH}"),
    (
        Cue.GOING,
        r"完成[到至]|正在|(?<![更改修真])正(?=[推组筹开抓办落协走联对整准制起草按逐稳有加积])|进行中|过程中|还在|仍在",
    ),
    (
        Cue.GOING,
        r"(?!其中|当中|之中|集中|高中|初中|手中|心中|途中|家中|空中|军中|营中)[\u4e00-\u9fff]{2}中(?=$|[,。;!?\n])",
    ),
    (Cue.GOING, r"[推办筹整落走实协制建申审]\w?[进理备改实访施调定设报批]中"),
    (
        Cue.GOING,
        r"在(?:推进|办|做|走|抓|弄|搞|筹备|准备|协调|整改|组织|落实|制作|赶|忙|路上|联系|走访|进行)",
    ),
    (Cue.DONE, rf"(?:已经?|现已|正式|全面|刚刚?|陆续|如期|按时)[^,。;!?\n没未]{{0,12}}?{_ENDED}"),
    (
        Cue.DONE,
        (
            r"(?:已经?(?:全部|悉数|逐一|均|都)|(?:均|都)已)(?!启动|开展|部署|开始|安排|进入|纳入)[\u4e00-\u9fff]{2}"
            r"|(?:全部|悉数|逐一)(?:发放|走访|慰问|送达|拨付|兑现|安置|签约|通过|整改|到账|办理|销号)"
        ),
    ),
    (Cue.DONE, r"已经?报(?!名|警|考)|(?:走访|慰问|报|开|做|办|弄|发|送|搞|联系|对接)过了"),
    (Cue.DONE, rf"{_OVER}了|完毕|圆满(?:完成|结束|落幕|收官)|(?:全部?|均|都)(?:已经?)?{_ALL_DONE}"),
    (Cue.DONE, r"妥了|(?:OK|ok|Ok)了?|好了(?=$|[,。;!?\n])|完了|走访了一遍"),
    (Cue.FINISHES, rf"(?:按期|顺利)?{_PLAIN_END}"),
    (
        Cue.BEGUN,
        r"有序|稳步|持续|抓紧|加快|推进|着手|启动|开始|部署|筹备|继续|常态|陆续|逐步|进入|起草|酝酿",
    ),
    (
        Cue.BEGUN,
        r"(?:已经?|现已)[^,。;!?\n没未]{0,4}(?:开展|安排|动员|下发通知)|进展(?:顺利|正常|良好)|按计划|[对协][接调]中",
    ),
    (Cue.ACTED, r"(?:已经?|现已)(?=[\u4e00-\u9fff])|[\u4e00-\u9fff]了(?=$|[,。;!?\n\d一两二三])"),
)
_PATTERNS = tuple(
    (cue, pattern, needed(pattern)) for cue, pattern in ((c, re.compile(p)) for c, p in _ROWS)
)


def find_signs(plain: str) -> tuple[Sign, ...]:
    """Return the cues of a text in reading order."""
    found: list[Sign] = []
    rest = plain
    letters = frozenset(plain)
    for cue, pattern, characters in _PATTERNS:
        if not possible(characters, letters):
            continue
        spans = tuple(Span(match.start(), match.end()) for match in pattern.finditer(rest))
        free = tuple(span for span in spans if "\0" not in rest[span.start : span.end])
        rest = masked(rest, free) if free else rest
        found.extend(Sign(cue, span) for span in free if cue is not Cue.NEUTRAL)
    return tuple(sorted(found, key=lambda sign: sign.span.start))
