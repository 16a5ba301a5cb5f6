"""The calendar that the product ships, for every test that needs working days."""

from functools import cache
from pathlib import Path

from bot.domain.calendar import Calendar
from bot.services.calendar import load_calendar

DATA = Path(__file__).parents[2] / "data"


@cache
def shipped() -> Calendar:
    """Return the calendar of `data/calendar.csv`, read once."""
    return load_calendar(DATA / "calendar.csv")
