"""Reading a 放假调休 notice: its own wording of many years, and the .csv form."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.domain.calendar import Calendar, DayFact
from bot.errors import InputError
from bot.services.calendar import BoraxLunar, build_calendar, load_calendar
from bot.services.holiday_notice import read_notice, read_notice_file
from tests.support.calendars import DATA, shipped

# The operative lines only, as the State Council's office worded them in that year.
NOTICES = {
    2008: """国务院办公厅关于2008年部分节假日安排的通知
一、元旦：2007年12月30日－2008年1月1日放假，共3天。其中，1月1日（星期二）为法定节假日，12月30日（星期日）为公休日，12月29日（星期六）公休日调至12月31日（星期一），12月29日（星期六）上班。
二、春节：2月6日－12日（农历除夕至正月初六）放假，共7天。2月2日（星期六）、2月3日（星期日）上班。
三、清明节：4月4日－6日放假，共3天。
四、“五一”国际劳动节：5月1日－3日放假，共3天。5月4日（星期日）上班。
五、端午节：6月7日－9日放假，共3天。
六、中秋节：9月13日－15日放假，共3天。
七、国庆节：9月29日－10月5日放假，共7天。9月27日（星期六）、9月28日（星期日）上班。""",
    2010: """国务院办公厅关于2010年部分节假日安排的通知 国办发明电〔2009〕27号
一、元旦:1月1日至3日放假公休,共3天。
二、春节:2月13日至19日放假调休,共7天。2月20日(星期六)、21日(星期日)上班。
三、清明节:4月3日至5日放假公休,共3天。
四、劳动节:5月1日至3日放假公休,共3天。
五、端午节:6月14日至16日放假调休,共3天。6月12日(星期六)、13日(星期日)上班。
六、中秋节:9月22日至24日放假调休,共3天。9月19日(星期日)、25日(星期六)上班。
七、国庆节:10月1日至7日放假调休,共7天。9月26日(星期日)、10月9日(星期六)上班。""",
    2014: """国务院办公厅关于2014年部分节假日安排的通知
一、元旦：1月1日放假1天。
二、春节：1月31日至2月6日放假调休，共7天。1月26日（星期日）、2月8日（星期六）上班。
三、清明节：4月5日放假，4月7日（星期一）补休。
四、劳动节：5月1日至3日放假调休，共3天。5月4日（星期日）上班。
五、端午节：6月2日放假，与周末连休。
六、中秋节：9月8日放假，与周末连休。
七、国庆节：10月1日至7日放假调休，共7天。9月28日（星期日）、10月11日（星期六）上班。""",
    2018: """国务院办公厅关于2018年部分节假日安排的通知
一、元旦：1月1日放假，与周末连休。
二、春节：2月15日至21日放假调休，共7天。2月11日（星期日）、2月24日（星期六）上班。
三、清明节：4月5日至7日放假调休，共3天。4月8日（星期日）上班。
四、劳动节：4月29日至5月1日放假调休，共3天。4月28日（星期六）上班。
五、端午节：6月18日放假，与周末连休。
六、中秋节：9月24日放假，与周末连休。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期六）、9月30日（星期日）上班。""",
    2024: """国务院办公厅关于2024年部分节假日安排的通知
一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。""",
    2025: """国务院办公厅关于2025年部分节假日安排的通知
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。""",
    2026: """国务院办公厅关于2026年部分节假日安排的通知
国办发明电〔2025〕7号
一、元旦：2026年1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
国务院办公厅
2025年11月4日""",
}
# 2019's notice sets two days of the December before.
ACROSS_NEW_YEAR = (
    "一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。"
)

NOTICE_2027 = """关于2027年部分节假日安排的通知
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕、周五）至12日（周五）放假调休，共8天。1月31日（周日）、2月13日（周六）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）上班。
五、端午节：6月9日（周三）放假，共1天。
六、中秋节：9月15日（周三）放假，共1天。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。"""


def working_days(calendar: Calendar, year: int) -> list[date]:
    every = (date(year, 1, 1) + timedelta(days=at) for at in range(360))
    return [day for day in every if calendar.is_working_day(day)]


@pytest.mark.parametrize("year", NOTICES)
def test_a_year_read_from_its_notice_equals_the_shipped_year(year: int) -> None:
    read = build_calendar(read_notice(NOTICES[year]))
    assert working_days(read, year) == working_days(shipped(), year)
    assert not read.is_tentative(date(year, 7, 1))


def test_new_year_across_the_turn_of_the_year() -> None:
    found = {str(fact.day): fact.working for fact in read_notice(ACROSS_NEW_YEAR)}
    assert found == {
        "2018-12-29": True,
        "2018-12-30": False,
        "2018-12-31": False,
        "2019-01-01": False,
    }


def test_the_eve_that_units_may_give_is_no_day_off() -> None:
    assert date(2024, 2, 9) not in {fact.day for fact in read_notice(NOTICES[2024])}


def test_each_day_names_its_paper() -> None:
    (first, *_) = read_notice(NOTICES[2026])
    expected = "国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）"
    assert first == DayFact(date(2026, 1, 1), False, "元旦", expected)


def test_blanks_line_breaks_and_full_width_digits_do_not_matter() -> None:
    broken = NOTICES[2026].replace("日", " 日 ").replace("放假调休", "放假\n调休")
    wide = broken.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert read_notice(wide) == read_notice(NOTICES[2026])


def test_the_notice_turns_tentative_days_into_certain_ones() -> None:
    before = load_calendar(DATA / "calendar.csv")
    after = load_calendar(DATA / "calendar.csv", read_notice(NOTICE_2027))
    spring = date(2027, 2, 6)
    assert (str(before.shift(date(2027, 2, 8), 1).day), before.is_tentative(spring)) == (
        "2027-02-09",
        True,
    )
    assert after.holiday_break("春节", 2027) == (date(2027, 2, 5), date(2027, 2, 12))
    assert not after.is_tentative(spring)
    assert not after.is_tentative(date(2026, 12, 31))


@pytest.mark.parametrize(
    ("wrong", "right", "sentence"),
    [
        ("9月26日（周日）", "9月26日（周六）", "国庆节：2027年9月26日是星期日，不是周六。"),
        ("共8天", "共7天", "春节：写的是共7天，按日期数是8天。"),
        ("（周三）放假，共1天", "（周三）放假3天", "端午节：写的是共3天，按日期数是1天。"),
        ("2月13日（周六）上班", "2月30日上班", "春节：没有“2月30日”这一天。"),
        ("2月13日（周六）上班", "2月22日上班", "春节：2月22日（星期一）本来就是工作日"),
        ("2月13日（周六）上班", "2月7日（周日）上班", "2月7日（星期日）又放假又上班。"),
        ("2月13日（周六）上班", "2月13日（周六）", "2月13日(周六)”没有写明放假还是上班。"),
        ("至7日（周四）放假", "至放假", "没有写到哪天为止"),
        ("10月1日（周五）至7日", "13月1日至7日", "国庆节：没有“13月1日”这一天。"),
        ("10月1日（周五）至7日", "10.1至7日", "里的日期读不懂"),
        ("10月1日（周五）至7日（周四）", "10月7日至1日", "先后或长短不对"),
        ("1月1日（周五）至3日", "1日至3日", "元旦：“1日”没有写明月份。"),
        ("5月1日（周六）至5日（周三）放假调休，共5天。", "", "劳动节：没有读到哪天放假。"),
        ("六、中秋节：9月15日（周三）放假，共1天。", "", "没有读到中秋节的安排。"),
    ],
)
def test_what_cannot_be_right_is_named(wrong: str, right: str, sentence: str) -> None:
    assert wrong in NOTICE_2027
    with pytest.raises(InputError) as caught:
        read_notice(NOTICE_2027.replace(wrong, right))
    assert sentence in str(caught.value)


def test_all_faults_are_named_at_once() -> None:
    text = NOTICE_2027.replace("共8天", "共7天").replace("9月26日（周日）", "9月26日（周六）")
    with pytest.raises(InputError) as caught:
        read_notice(text)
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "没有找到年份"),
        ("今天天气很好", "没有找到年份"),
        ("关于2027年部分节假日安排的通知，另行发布。", "没有读到"),
        ("一、元旦：1月1日放假。", "没有找到年份"),
    ],
)
def test_what_is_no_notice(text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        read_notice(text)


CSV = "日期,上班或放假,节日,依据\n"


def test_the_csv_form() -> None:
    found = read_notice(CSV + "2027-02-20,上班,春节,市通知\n2027/2/5,放假,春节,市通知\n")
    assert found == (
        DayFact(date(2027, 2, 5), False, "春节", "市通知"),
        DayFact(date(2027, 2, 20), True, "春节", "市通知"),
    )


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("2027-02-30,放假,春节,通知", "第2行：日期“2027-02-30”读不懂"),
        ("2027-02-05,休息,春节,通知", "第2行：“上班或放假”一列只能写上班或放假。"),
        ("2027-02-05,放假,,通知", "第2行：没有写节日。"),
        ("2027-02-05,放假,春节,", "第2行：没有写依据"),
        ("2027-02-05,放假,春节,甲\n2027/2/5,上班,春节,乙", "第3行：2027-02-05与第2行重复。"),
    ],
)
def test_a_bad_line_of_the_csv_form_is_named(line: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        read_notice(CSV + line)
    assert sentence in str(caught.value)


def test_a_csv_without_its_source_column() -> None:
    with pytest.raises(InputError, match="缺少列：依据"):
        read_notice("日期,上班或放假,节日\n2027-02-05,放假,春节\n")


def test_a_notice_file_saved_by_an_old_program(tmp_path: Path) -> None:
    path = tmp_path / "2026年放假通知.txt"
    path.write_bytes(NOTICES[2026].encode("gb18030"))
    assert read_notice_file(path) == read_notice(NOTICES[2026])


def test_the_almanac_knows_its_limits() -> None:
    almanac = BoraxLunar()
    assert almanac.solar_term(2021, "清明") == date(2021, 4, 4)
    assert almanac.solar_term(2200, "清明") is None
    assert almanac.solar_term(2021, "不是节气") is None
    assert almanac.solar(2101, 1, 1) is None
