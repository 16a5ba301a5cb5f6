"""Where the work stands, as a careful clerk would book it: the cues of a text, weighed."""

import re
from typing import Literal

from bot.language.cues import Cue, Sign, find_signs
from bot.language.script import Span, clause_at

Status = Literal["done", "in_progress", "not_started", "blocked"]

_NEXT_STEP = re.compile(r"下一步|下步|接下来|今后|下阶段|下一阶段")
_BEFORE_NOW = re.compile(r"原来|之前|此前|起初|一开始|开始时|前段时间|上周|昨天|前几天|早先|原先")
_NOW = re.compile(r"现在|目前|现已|终于|如今|今天|这周|本周|刚刚|后来|最终")
_ANCILLARY = re.compile(
    r"资料|材料|总结|台账|照片|图片|佐证|信息|简报|影像|档案|报道|新闻稿|发票|报账|凭证"
)


def read_status(
    plain: str,
    *,
    ahead: tuple[Span, ...],
    due: tuple[Span, ...],
    parts: tuple[Span, ...],
    percent: int | None,
) -> Status | None:
    """Return the status that a text states, or None when it states none.

    `ahead` are times still to come: a bare 完成 beside one is a promise; `due` are those of them
    by which something is to be ready. `parts` are counts of
    what is done out of a larger number. `percent` is the progress stated in figures.
    """
    signs = _essential(plain, _present(plain, _relevant(plain, find_signs(plain))))
    partly = tuple(Sign(Cue.UNFINISHED, span) for span in parts)
    status = _weigh((*_promises(plain, signs, ahead), *partly), percent)
    if status is None and (due or (ahead and any(sign.cue is Cue.ACTED for sign in signs))):
        return "in_progress"
    return status


def _essential(plain: str, signs: tuple[Sign, ...]) -> tuple[Sign, ...]:
    """Leave out paperwork under way (资料正在整理) where the work itself is done."""
    kept = tuple(sign for sign in signs if not _is_paperwork(plain, sign))
    return kept if {sign.cue for sign in kept} & {Cue.DONE, Cue.FINISHES} else signs


def _is_paperwork(plain: str, sign: Sign) -> bool:
    clause = clause_at(plain, sign.span.start)
    under_way = sign.cue in {Cue.GOING, Cue.PROMISED, Cue.BEGUN}
    return under_way and bool(_ANCILLARY.search(plain, clause.start, clause.end))


def _relevant(plain: str, signs: tuple[Sign, ...]) -> tuple[Sign, ...]:
    step = _NEXT_STEP.search(plain)
    if step is None:
        return signs
    before = tuple(sign for sign in signs if sign.span.start < step.start())
    return before or signs


def _present(plain: str, signs: tuple[Sign, ...]) -> tuple[Sign, ...]:
    past, now = _BEFORE_NOW.search(plain), _NOW.search(plain)
    if past is None or now is None or now.start() < past.start():
        return signs
    current = tuple(sign for sign in signs if sign.span.end > now.start())
    return current or signs


def _promises(plain: str, signs: tuple[Sign, ...], ahead: tuple[Span, ...]) -> tuple[Sign, ...]:
    return tuple(
        Sign(Cue.PROMISED, sign.span)
        if sign.cue is Cue.FINISHES and _beside(plain, sign, ahead)
        else sign
        for sign in signs
    )


def _beside(plain: str, sign: Sign, ahead: tuple[Span, ...]) -> bool:
    clause = clause_at(plain, sign.span.start)
    return any(clause.overlaps(span) for span in ahead)


def _weigh(signs: tuple[Sign, ...], percent: int | None) -> Status | None:
    cues = {sign.cue for sign in signs}
    if _hindered(cues):
        return "blocked"
    return _by_cues(signs, cues, percent)


def _hindered(cues: set[Cue]) -> bool:
    if Cue.RESOLVED in cues:
        return False
    if Cue.STOPPED in cues:
        return True
    moving = {Cue.GOING, Cue.BEGUN, Cue.PROMISED, Cue.UNFINISHED, Cue.DONE, Cue.FINISHES}
    hindrance = {Cue.TROUBLE, Cue.CAUSE} & cues
    if Cue.NOT_BEGUN in cues and hindrance:
        return not moving & cues - {Cue.PROMISED}
    return Cue.TROUBLE in cues and not moving & cues


def _by_cues(signs: tuple[Sign, ...], cues: set[Cue], percent: int | None) -> Status | None:
    finished = bool({Cue.DONE, Cue.FINISHES} & cues)
    going = bool({Cue.GOING, Cue.UNFINISHED} & cues) or _begun_last(signs)
    if percent == 0 and not going:
        return "not_started"
    if percent is not None and percent < 100 and (percent > 0 or finished or going):
        return "in_progress"
    if {Cue.NOT_BEGUN, Cue.PLANNED} & cues:
        return (
            "in_progress" if finished or going or {Cue.BEGUN, Cue.ACTED} & cues else "not_started"
        )
    if going or Cue.PROMISED in cues:
        return "in_progress"
    if finished or percent == 100 or Cue.RESOLVED in cues:
        return "done"
    return "in_progress" if Cue.BEGUN in cues else None


def _begun_last(signs: tuple[Sign, ...]) -> bool:
    """已部署,已完成 is done; 方案已制定,启动走访 is not."""
    begun = [sign.span.start for sign in signs if sign.cue is Cue.BEGUN]
    ended = [sign.span.start for sign in signs if sign.cue in {Cue.DONE, Cue.FINISHES}]
    return bool(begun) and bool(ended) and begun[-1] > ended[-1]
