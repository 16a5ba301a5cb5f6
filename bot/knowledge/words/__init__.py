"""Word lists that judge a question; plain text files beside this one, parted by spaces."""

from pathlib import Path


def _load(name: str) -> frozenset[str]:
    lines = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


GENERAL = _load("general")
"""General words: verbs, times, relatives. They hardly count when the documents lack them."""

SUBJECTS = _load("subjects")
"""Subjects of other papers. A passage that lacks the word does not answer a question about it."""

HOME = _load("home")
"""Words which show that a question comes from the office's field, or names its paper."""

PHRASES = _load("silent")
"""Words that ask, link or are polite: they say nothing about what is asked for."""

OTHER_PLACES = _load("places")
"""Provinces and prefectures whose papers are not this office's, without 省 and 市."""

OWN_PLACES = _load("own-places")
"""The city and its counties."""

ALWAYS_SILENT = frozenset("的吗呢么啊呀吧嘛哦哈啥咱我你您他她它们这那哪谁")
"""Single characters that never belong to what is asked for."""

SILENT_ALONE = frozenset(
    "了是在有和与或及对为被把让给要能会可该应得到去来做搞办弄干说讲问看找想请就也都还又再才很"
    "太更最不没无别上下里中前后时个些种次件条点项号份从向往以于由按如何怎多少名几算属归写用"
)
"""Single characters that count only inside a pair that the documents know (和谐, 为民)."""
