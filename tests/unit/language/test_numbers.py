from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.numbers import read_number, whole

DIGITS = "零一二三四五六七八九"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("24", "24"),
        ("8,000", "8000"),
        ("十一", "11"),
        ("二十", "20"),
        ("廿三", "23"),
        ("一百二十", "120"),
        ("一百零二", "102"),
        ("一百二", "120"),
        ("两万三", "23000"),
        ("壹拾贰万", "120000"),
        ("1.5万", "15000"),
        ("24万5千", "245000"),
        ("24万5", "245000"),
        ("12万3456", "123456"),
        ("1万2千", "12000"),
        ("两亿三千万", "230000000"),
        ("二〇二一", "2021"),
    ],
)
def test_numerals(text: str, value: str) -> None:
    number = read_number(text)
    assert number is not None
    assert (number.value, number.approximate) == (Decimal(value), False)


@pytest.mark.parametrize(
    ("text", "value"), [("1.5万余", 15000), ("120多", 120), ("二十余万", 200000)]
)
def test_an_approximate_numeral_says_so(text: str, value: int) -> None:
    number = read_number(text)
    assert number is not None
    assert (int(number.value), number.approximate) == (value, True)


@pytest.mark.parametrize("text", ["千", "百", "万", "三四十", "两三", "一二", "余", ""])
def test_words_and_vague_numbers_are_no_numerals(text: str) -> None:
    assert read_number(text) is None


def written(number: int) -> str:
    """Write 1–99 as Chinese does."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else DIGITS[tens]) + "十" if tens else ""
    return head + (DIGITS[ones] if ones else "")


@given(st.integers(min_value=1, max_value=99))
def test_every_small_number_is_read_back(number: int) -> None:
    assert whole(written(number)) == whole(str(number)) == number


@pytest.mark.parametrize("text", ["9" * 16, "9" * 400, "九" * 2000, "1" + "0" * 15, "9千万亿亿"])
def test_what_no_report_counts_is_no_number(text: str) -> None:
    assert read_number(text) is None
