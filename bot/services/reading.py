"""How a sentence is read: the language rules with the office's calendar and today's date."""

from datetime import date, datetime
from itertools import pairwise

from bot.language.points import find_points
from bot.language.reading import Reading, read
from bot.language.script import script
from bot.language.when import When, when
from bot.services.base import Service


class ReadingService(Service):
    """Reads; books nothing."""

    def read(self, text: str, today: date | None = None) -> Reading:
        """Return what a careful clerk would read in `text`, on `today` unless told another day."""
        return read(text, today or self.today, self.all.calendar.current())

    def differs_by_point(self, text: str) -> bool:
        """Whether `text` reports different states of work on different points."""
        starts = [span.start for span in find_points(script(text).plain).spans]
        pieces = [text[a:b] for a, b in pairwise([*starts, len(text)])]
        return len({self.read(piece).status for piece in pieces} - {None}) > 1

    def points(self, text: str) -> list[int]:
        """Return the numbers of the points that `text` names."""
        return list(find_points(script(text).plain).numbers)

    def when(self, text: str, base: datetime | None = None) -> When:
        """Return the days that a Chinese time expression means, seen from `base`."""
        return when(text, base or self.now, self.all.calendar.current())
