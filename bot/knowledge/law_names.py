"""The names people give to laws: 抚恤条例 for 军人抚恤优待条例."""

import re
from collections.abc import Iterable

from bot.knowledge.tokens import plain

_STATE = re.compile(r"^(?:中华人民共和国|中国人民解放军|全国人民代表大会常务委员会关于)")
_LEAD_IN = re.compile(
    r"^(?:请问|想问|问一下|查一下|查查|查询|查|看看|看一下|看|帮我|一下|根据|按照|依据|依照|我国|国家|"
    r"按|新的|新版|现行|最新的|最新|关于)+"
)
_SHORTEST_LOOSE = 3
"""A loose match needs so many characters: 动法 is not 国防动员法."""


class LawNames:
    """Finds the title that a short name means."""

    def __init__(self, titles: Iterable[str]) -> None:
        self.titles = frozenset(titles)
        self._short = {title: plain(_STATE.sub("", title)) for title in self.titles}

    def find(self, name: str) -> str | None:
        """Return the title meant by `name`, or None when no document here is meant.

        Exact short names first, then the shortest title that holds the name's characters in
        order and ends alike.
        """
        wanted = plain(_LEAD_IN.sub("", _STATE.sub("", plain(name))))
        exact = [title for title, short in self._short.items() if wanted in {short, plain(title)}]
        if exact:
            return exact[0]
        if len(wanted) < _SHORTEST_LOOSE:
            return None
        loose = [title for title in self.titles if _abbreviates(wanted, self._short[title])]
        return min(loose, key=lambda title: (len(title), title), default=None)

    def mentioned(self, question: str) -> str | None:
        """Return the title whose short name stands in `question`, the longest first."""
        text = plain(question)
        named = [title for title, short in self._short.items() if short in text]
        return max(named, key=len, default=None)


def _abbreviates(name: str, title: str) -> bool:
    if not title.endswith(name[-1]) or name[0] not in title:
        return False
    rest = iter(title)
    return all(character in rest for character in name)
