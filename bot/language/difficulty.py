"""What hinders the work, in the reporter's own words."""

import re

from bot.language.script import Script, clauses

STOPPED = (
    r"卡住|卡壳|卡在|卡着|推不[动下]|推进不[下动了去]|搞不(?:下去|了|成)|干不(?:下去|了|成)|办不(?:下去|了|成)"
    r"|(?:进行|开展|实施|落实|走访|组织|联系|协调)不(?:下去|了|成|上|到)|动不了|停滞|停工|停摆|搁置|搁浅|中断|暂停|暂缓|叫停|受阻"
    r"|陷入僵局|停了下来|停下来|被迫(?:停|中止|取消)|毫无进展"
    r"|(?:无法|没法|没办法|不能|难以|未能|没能)(?:正常|继续|按.{0,3}|有效|顺利|如期|组织|进一步|往下|再)*(?:开展|推进|进行|实施|落实|启动|走访|推动|召开|继续|进营|入营|进入|对接)"
    r"|等[^,。;!?\n]{0,14}(?:才能|才可以?|后再|之后再)"
)
TROUBLE = (
    r"(?:遇到|遇上|碰到|存在|面临|出现|有)(?:了|着)?(?:[^,。;!?\n]{0,6})?(?:困难(?!的|退役|家庭|群众|职工|党员|军人|优抚)|阻力|障碍|瓶颈|难题|难处|难度)"
    r"|(?:存在|遇到|碰到|出现|面临)(?:了|着)?(?:[^,。;!?\n]{0,6})?问题"
    r"|(?:经费|资金|人手|人员|车辆|物资|场地|手续|审批|材料|款|钱|力量|预算|指标|名额|批复)(?:都|也|一直|仍|还|迟迟|严重|明显|比较|有点|暂)*"
    r"(?:不足|不够|紧张|短缺|紧缺|缺乏|没到位|未到位|不到位|没有到位|没有着落|没着落|没落实|未落实|没下来|没批|未批|没有批|没到账|未到账|跟不上|没拨|未拨|有限|欠缺|下不来|批不下来)"
    r"|缺(?:少|乏)?(?:经费|资金|人手|人员|钱|车辆|场地|人|物资)|困难(?:很|较|比较|非常|太)?[大多]|难度(?:很|较|比较|太)?大|协调(?:难|困难)|没人手|没钱|没经费"
)
CAUSE = r"因为?(?![此地人]|公|病|素)|由于|受[^,。;!?\n]{1,10}影响|鉴于"
RESOLVED = (
    r"(?:已经?|均|都|全部|得到|现已|目前已|基本)[^,。;!?\n没未待正]{0,4}(?:解决|克服|化解|协调好|协调到位|消除|排除)"
    r"|(?:解决|克服|化解)了|克服[^,。;!?\n]{0,10}(?:困难|影响|难题|不利)|(?:困难|问题|难题)[^,。;!?\n没未待正]{0,4}(?:解决|克服|化解)(?!中)"
)
NO_TROUBLE = (
    r"(?:没有?|无|暂无|未遇到|没遇到|不存在)(?:什么|任何|其他|其它|太?大的?|明显)*(?:困难|问题|难题)|没问题"
    r"|(?:存在|有|解决|化解)[^,。;!?\n]{0,4}(?:困难|问题)\d|实际困难|(?:困难|问题)(?:退役|家庭|群众|职工|党员|军人|优抚|帮扶|补助|对象)|有困难的"
)
_LABEL = re.compile(r"(?:存在的?)?(?:困难|问题|原因|难点)(?:是|在于|为|:|主要是|主要|有)+")
_HINDRANCE = re.compile(rf"{STOPPED}|{TROUBLE}|{_LABEL.pattern}")
_CAUSE = re.compile(CAUSE)
_NO_TROUBLE = re.compile(NO_TROUBLE)


def find_difficulty(source: Script, *, stalled: bool) -> str | None:
    """Return the clauses that state a difficulty, in the user's words; None when there are none.

    `stalled`: the work stands still, so that a stated cause (因部队外训) is its difficulty.
    """
    told = [
        source.original(span)
        for span in clauses(source.plain)
        if _tells(_NO_TROUBLE.sub("", source.plain[span.start : span.end]), stalled=stalled)
    ]
    return ",".join(told).replace(",", "，") or None


def _tells(clause: str, *, stalled: bool) -> bool:
    return bool(_HINDRANCE.search(clause)) or (stalled and bool(_CAUSE.search(clause)))
