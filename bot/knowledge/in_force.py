"""Which of several versions of a law an answer may quote."""

import re
from collections.abc import Iterable
from datetime import date

from bot.knowledge.articles import Policy

_REPEALED = re.compile(r"[^。\n]*(?:同时废止|即行废止|自行失效|予以废止)")
_NAMED = re.compile(r"《([^《》]+)》")
_LAST_ARTICLES = 3


def in_force(policies: Iterable[Policy]) -> tuple[Policy, ...]:
    """Keep the newest version of each title, without what a newer one says it repeals."""
    newest: dict[str, Policy] = {}
    for policy in policies:
        known = newest.get(policy.title)
        if known is None or _day(policy) > _day(known):
            newest[policy.title] = policy
    gone = {
        title
        for policy in newest.values()
        for title in repeals(policy)
        if title in newest and title != policy.title and _day(newest[title]) < _day(policy)
    }
    return tuple(policy for title, policy in newest.items() if title not in gone)


def repeals(policy: Policy) -> frozenset[str]:
    """Titles that the closing articles of `policy` put out of force (同时废止)."""
    closing = "\n".join(passage.text for passage in policy.passages[-_LAST_ARTICLES:])
    return frozenset(
        title for clause in _REPEALED.findall(closing) for title in _NAMED.findall(clause)
    )


def _day(policy: Policy) -> date:
    return policy.dated or date.min
