"""Which of the times in a message is the day of completion, done or promised."""

import re
from datetime import date

from bot.language.anchors import Kind
from bot.language.mentions import Mention
from bot.language.script import clause_at
from bot.language.status import Status

_FINISH = re.compile(
    r"完|办结|报送|上报|报|走访|慰问|发放|落实|到位|交|搞定|弄好|收尾|结束|销号|印发|办好|截稿|截止|拿出|做好|搞好|召开|举办|出台"
)
_START = re.compile(r"启动|开始|开展|着手|动工|开工")
_ONLY_START = re.compile(r"完|办结|结束|到位|交|报")
_AS_OF = re.compile(r"截[至止]到?$")


def completion_day(
    plain: str, mentions: tuple[Mention, ...], status: Status | None, today: date
) -> date | None:
    """Return the day on which the work was, or is promised to be, completed; None if in doubt."""
    sound = tuple(
        mention
        for mention in mentions
        if mention.period.flaw is None and not _AS_OF.search(plain[: mention.span.start])
    )
    if status == "done":
        return _last_done(plain, sound, today)
    if status is None:
        return _only_day(sound)
    return _last_promised(plain, sound, today)


def _last_done(plain: str, mentions: tuple[Mention, ...], today: date) -> date | None:
    # 月底前已完成 does not tell the day, and a day still to come is not the day it was done.
    days = [mention for mention in mentions if _is_day(mention) and mention.period.last <= today]
    beside = [mention for mention in days if _FINISH.search(_clause(plain, mention))]
    chosen = beside or days
    return chosen[-1].period.last if chosen else None


def _is_day(mention: Mention) -> bool:
    exact = mention.period.single or (mention.kind is Kind.PERIOD and _ends_in_day(mention))
    topic = mention.kind is Kind.FEAST and mention.relation == ""
    return exact and not (mention.deadline or topic or mention.period.open_ended)


def _ends_in_day(mention: Mention) -> bool:
    return mention.text.endswith(("日", "号"))


def _only_day(mentions: tuple[Mention, ...]) -> date | None:
    days = {mention.period.last for mention in mentions if _is_day(mention) or mention.deadline}
    return days.pop() if len(days) == 1 else None


def _last_promised(plain: str, mentions: tuple[Mention, ...], today: date) -> date | None:
    promised = [
        mention
        for mention in mentions
        if mention.period.last >= today
        and not mention.period.open_ended
        and _promises_end(plain, mention)
    ]
    return promised[-1].period.last if promised else None


def _promises_end(plain: str, mention: Mention) -> bool:
    clause = _clause(plain, mention)
    if _START.search(clause) and not _ONLY_START.search(clause):
        return False
    topic = mention.kind is Kind.FEAST and mention.relation in {"", "during"}
    if topic and not mention.promised:
        return False
    return mention.deadline or mention.promised or bool(_FINISH.search(clause))


def _clause(plain: str, mention: Mention) -> str:
    clause = clause_at(plain, mention.span.start)
    return plain[clause.start : clause.end]
