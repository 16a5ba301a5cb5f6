"""A policy document → one passage an article (第X条), or grouped paragraphs where it has none."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.errors import InputError
from bot.knowledge.numerals import NUMERAL, spaced
from bot.knowledge.passages import Passage, passage
from bot.knowledge.printed_lines import Line, printed_lines
from bot.language.numbers import whole
from bot.texts import question as texts

GROUP_CAP = 600
"""Characters of a passage in a document without articles."""

_ARTICLE = spaced(
    r"_第_(" + NUMERAL + r")_条(?:之(" + NUMERAL + r"))?"
    r"(?![规所、的和至到第与及或，,。；]|之外|款|中|修改|改为)[\s\u3000:：]*(.*)"
)
_CHAPTER = spaced(r"_第_" + NUMERAL + r"_([编章节])(?:[\s\u3000]+(.{1,30})|(.{1,20}))")
_DAY = re.compile(r"(\d{4})\s*[年-]\s*(\d{1,2})\s*[月-]\s*(\d{1,2})")
_BRACKETED_DATE = re.compile(r"\s*[（(]\s*\d{4}-\d{2}-\d{2}\s*[)）]\s*$")
_CHAPTER_RANKS = {"编": 0, "章": 1, "节": 2}
_TITLE_CAP = 80
_SENTENCE_ENDS = ("。", "；", "：", ":", "！", "？")


@dataclass(frozen=True)
class Policy:
    """A law, regulation or notice. `dated` is the last day its head names: its version."""

    title: str
    dated: date | None
    passages: tuple[Passage, ...]


def read_policy(text: str, source: str) -> Policy:
    """Read the text of a policy document; `source` is the file's name, without folder.

    A document with articles gives one passage an article, path = its chapter; one without gives
    paragraphs grouped to at most GROUP_CAP characters. Raises InputError, naming the line, when
    article numbers don't rise one by one.
    """
    lines = list(printed_lines(text))
    if not lines:
        raise InputError(texts.file_empty(source))
    first = next((i for i, line in enumerate(lines) if _article_number(line) == (1, 0)), None)
    title = _title(lines if first is None else lines[:first], source)
    dated = _dated(lines[:first] if first is not None else lines[:10], source)
    if first is None:
        return Policy(title, dated, tuple(_grouped(title, lines)))
    return Policy(title, dated, tuple(_Articles(title, source).read(lines)))


def read_jsonl(text: str, source: str) -> tuple[Passage, ...]:
    """Read one article a line: {"id", "title", "text"}. Raises InputError naming bad lines."""
    passages: list[Passage] = []
    problems: list[str] = []
    seen: set[str] = set()
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            found = _json_passage(line)
            if found is None or found.id in seen:
                problems.append(texts.jsonl_line_wrong(number, doubled=found is not None))
            else:
                seen.add(found.id)
                passages.append(found)
    if problems:
        raise InputError(texts.jsonl_wrong(source), tuple(problems[:20]))
    return tuple(passages)


def _json_passage(line: str) -> Passage | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(row, dict):
        return None
    key, title, body = (row.get(name) for name in ("id", "title", "text"))
    if not (isinstance(key, str | int) and isinstance(title, str) and isinstance(body, str)):
        return None
    if not (str(key).strip() and title.strip() and body.strip()):
        return None
    match = _ARTICLE.match(body.split("\n", 1)[0])
    label = f"第{match[1]}条" + (f"之{match[2]}" if match[2] else "") if match else title
    number = whole(match[1]) if match else None
    return Passage(str(key), title, label, "article", number, body)


def _article_number(line: Line) -> tuple[int, int] | None:
    match = _ARTICLE.fullmatch(line.text)
    if match is None:
        return None
    return whole(match[1]) or 0, whole(match[2]) or 0 if match[2] else 0


class _Articles:
    """Reads articles in order; a number that does not follow is a cross reference or a fault."""

    def __init__(self, title: str, source: str) -> None:
        self._title = title
        self._source = source
        self._chapters: dict[int, str] = {}
        self._last = (0, 0)
        self._label = ""
        self._path = ""
        self._text: list[str] = []
        self._last_line: str = ""

    def read(self, lines: Sequence[Line]) -> Iterator[Passage]:
        """Yield one passage an article."""
        for line in lines:
            if self._follows(_article_number(line)):
                yield from self._finished()
                self._begin(line)
            elif not self._chapter(line):
                self._refuse_leap(line)
                self._text.append(line.text)
        yield from self._finished()

    def _follows(self, number: tuple[int, int] | None) -> bool:
        if number is None:
            return False
        return number in {(self._last[0] + 1, 0), (self._last[0], self._last[1] + 1)}

    def _begin(self, line: Line) -> None:
        number, match = _article_number(line), _ARTICLE.fullmatch(line.text)
        assert number is not None, "asked for by _follows"
        assert match is not None, "it has a number"
        self._last = number
        self._label = f"第{match[1]}条" + (f"之{match[2]}" if match[2] else "")
        self._path = "　".join(self._chapters[rank] for rank in sorted(self._chapters))
        self._text = [match[3]] if match[3] else []

    def _chapter(self, line: Line) -> bool:
        match = _CHAPTER.fullmatch(line.text)
        if match is None or line.text.endswith(_SENTENCE_ENDS):
            return False
        rank = _CHAPTER_RANKS[match[1]]
        self._chapters = {r: t for r, t in self._chapters.items() if r < rank}
        self._chapters[rank] = re.sub(r"[\s\u3000]+", " ", line.text)
        return True

    def _refuse_leap(self, line: Line) -> None:
        """Missing articles must not disappear inside the one before: the next number says so."""
        number = _article_number(line)
        if number is None or self._last[0] == 0 or number[1]:
            return
        ended = not self._text or self._text[-1].endswith("。")
        if ended and number[0] == self._last[0] + 2:
            raise InputError(
                texts.article_missing(self._source, line.number, self._last[0] + 1, number[0])
            )

    def _finished(self) -> Iterator[Passage]:
        if self._label and self._text:
            body = "\n".join(self._text)
            yield Passage(
                id=f"{self._title}#{self._label}",
                document=self._title,
                label=self._label,
                kind="article",
                number=self._last[0],
                text=body,
                path=self._path,
            )


def _title(head: Sequence[Line], source: str) -> str:
    """Take the head's first line that can be a title, else the file's name."""
    for line in head[:8]:
        text = _BRACKETED_DATE.sub("", line.text)
        if len(text) <= _TITLE_CAP and not text.endswith(_SENTENCE_ENDS) and "号" not in text[-1:]:
            return re.sub(r"[\s\u3000]+", "", text).strip("《》")
    return _BRACKETED_DATE.sub("", source.rsplit(".", 1)[0])


def _dated(head: Sequence[Line], source: str) -> date | None:
    days = [day for text in (*(line.text for line in head), source) for day in _days(text)]
    return max(days, default=None)


def _days(text: str) -> Iterator[date]:
    for year, month, day in _DAY.findall(text):
        try:
            yield date(int(year), int(month), int(day))
        except ValueError:
            continue


def _grouped(title: str, lines: Sequence[Line]) -> Iterator[Passage]:
    group: list[str] = []
    count = 0
    for line in lines:
        for piece in _pieces(line.text):
            if group and sum(map(len, group)) + len(piece) > GROUP_CAP:
                count += 1
                yield passage(title, f"第{count}段", "article", "\n".join(group))
                group = []
            group.append(piece)
    yield passage(title, f"第{count + 1}段", "article", "\n".join(group))


def _pieces(text: str) -> Iterator[str]:
    for start in range(0, len(text), GROUP_CAP):
        yield text[start : start + GROUP_CAP]
