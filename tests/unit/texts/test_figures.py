"""Money, counts and dates as Chinese offices write them."""

from datetime import date

import pytest

from bot.domain.progress import Count, Figures, Money
from bot.texts import figures


@pytest.mark.parametrize(
    ("entry", "written"),
    [
        (Money(24_000_000, "慰问金"), "慰问金 24 万元"),
        (Money(1_500_000, "慰问金", approximate=True), "慰问金 1.5 万余元"),
        (Money(86_500_000), "86.5 万元"),
        (Money(800_000, "慰问品"), "慰问品 8,000 元"),
        (Money(12_345_678, "慰问金"), "慰问金 123,456.78 元"),
        (Money(1_000_000), "1 万元"),
        (Money(50), "0.5 元"),
        (Money(0), "0 元"),
        (Money(20_000_000_000), "20,000 万元"),
    ],
)
def test_money(entry: Money, written: str) -> None:
    assert figures.money(entry) == written


@pytest.mark.parametrize(
    ("entry", "written"),
    [
        (Count(5, "个", "走访部队"), "走访部队 5 个"),
        (Count(120, "人次"), "120 人次"),
        (Count(1200, "户", "慰问", approximate=True), "慰问 1,200 余户"),
    ],
)
def test_counts(entry: Count, written: str) -> None:
    assert figures.count(entry) == written


def test_a_day_names_its_year_only_when_it_is_another() -> None:
    assert figures.day(date(2021, 8, 5), date(2021, 7, 28)) == "8月5日"
    assert figures.day(date(2022, 2, 11), date(2021, 7, 28)) == "2022年2月11日"


def test_a_correction_replaces_only_figures_on_the_same_thing() -> None:
    before = Figures((Money(100, "慰问金"),), (Count(5, "个", "走访部队"), Count(3, "户", "慰问")))
    after = before.corrected_by(Figures((), (Count(6, "个", "走访部队"),)))
    assert after.money == before.money
    assert set(after.counts) == {Count(6, "个", "走访部队"), Count(3, "户", "慰问")}
