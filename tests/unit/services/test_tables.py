"""Tables as people hand them in: Excel, WPS, old programs, and files made to hurt."""

import io
import zipfile
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import InputError
from bot.services.tables import Table, parse_table, read_table
from tests.support.workbooks import workbook

COLUMNS = ("单位", "姓名")
PLAIN = "单位,姓名\n临县,甲\n兴县,乙\n"


def csv(text: str, encoding: str = "utf-8") -> Table:
    return parse_table("表.csv", text.encode(encoding), COLUMNS)


def lines(table: Table) -> list[tuple[int, str, str]]:
    return [(row.number, row.text("单位"), row.text("姓名")) for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_usual_way_to_save_a_csv(encoding: str, delimiter: str, newline: str) -> None:
    text = PLAIN.replace(",", delimiter).replace("\n", newline)
    assert lines(csv(text, encoding)) == [(2, "临县", "甲"), (3, "兴县", "乙")]


def test_titles_empty_lines_extra_columns_and_order_do_not_matter() -> None:
    table = csv(
        "吕梁市双拥联络员花名册\n\n 姓 名*,备注,单位\n\n甲,x, 临县\u3000\n,,\n乙\u200b,,兴县\n"
    )
    assert lines(table) == [(5, "临县", "甲"), (7, "兴县", "乙")]
    assert table.header == ("姓名", "备注", "单位")


def test_a_cell_may_hold_the_delimiter_and_a_line_break() -> None:
    assert lines(csv('单位,姓名\n"临县,\n兴县",甲\n岚县,乙\n')) == [
        (2, "临县,\n兴县", "甲"),
        (3, "岚县", "乙"),
    ]


def test_a_short_row_has_empty_cells() -> None:
    assert lines(csv("单位,姓名\n临县\n")) == [(2, "临县", "")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "是空的"),
        (b"\n\n , \n", "是空的"),
        ("单位,姓名\n".encode(), "只有表头"),
        ("单位,电话\n临县,1\n".encode(), "缺少列：姓名。表头应为：单位、姓名"),
        ("甲,乙\n1,2\n".encode(), "缺少列：单位、姓名"),
        ("单位,姓名,姓名\n临县,甲,乙\n".encode(), "列重复了：姓名"),
        ('单位,姓名\n"临县,甲\n'.encode(), "引号不成对"),
        ('单位,姓名\n"临县"x,甲\n'.encode(), "第2行的引号不成对"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "不是文字文件"),
        (b"\xff\xfe\x00\xd8\x00", "不是文字文件"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 .xls 或加了密码"),
        (b"PK\x03\x04 not really a zip", "不是完好的 Excel 表格"),
        (b"x" * (10 * 1024 * 1024 + 1), "超过 10 MB"),
        (("单位,姓名\n" + "临县,甲\n" * 20_001).encode(), "超过 20000 行"),
    ],
    ids=range(14),
)
def test_a_file_that_cannot_be_used_gets_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        parse_table("表.csv", content, COLUMNS)
    assert str(caught.value).startswith("文件 表.csv ")
    assert "\n" not in str(caught.value)


def test_the_largest_table_that_is_accepted() -> None:
    assert len(csv("单位,姓名\n" + "临县,甲\n" * 20_000).rows) == 20_000


def test_a_missing_file_a_folder_and_a_file_too_large(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"找不到文件 无\.csv"):
        read_table(tmp_path / "无.csv", COLUMNS)
    with pytest.raises(InputError, match="打不开"):
        read_table(tmp_path, COLUMNS)
    (tmp_path / "大.csv").write_bytes(b"x" * (10 * 1024 * 1024 + 1))
    with pytest.raises(InputError, match="超过 10 MB"):
        read_table(tmp_path / "大.csv", COLUMNS)


def test_a_workbook_with_dates_and_numbers(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    moment = datetime(2021, 8, 5)  # noqa: DTZ001 - Excel knows no zones
    path.write_bytes(
        workbook([["单位", "姓名", "时限"], ["临县", 1001, moment], ["兴县", 2.5, None]])
    )
    first, second = read_table(path, COLUMNS).rows
    assert (first.number, first.text("姓名"), first.cell("时限")) == (2, "1001", date(2021, 8, 5))
    assert (second.number, second.cell("姓名"), second.text("时限")) == (3, 2.5, "")


def test_merged_cells_hold_for_all_their_rows() -> None:
    rows: list[list[object]] = [
        ["花名册", None],
        ["单位", "姓名"],
        ["临县", "甲"],
        [None, "乙"],
        [None, "丙"],
        ["兴县", "丁"],
    ]
    table = parse_table("表.xlsx", workbook(rows, ["A1:B1", "A3:A5"]), COLUMNS)
    assert lines(table) == [
        (3, "临县", "甲"),
        (4, "临县", "乙"),
        (5, "临县", "丙"),
        (6, "兴县", "丁"),
    ]


def test_an_empty_cell_that_is_not_merged_stays_empty() -> None:
    table = parse_table(
        "表.xlsx", workbook([["单位", "姓名"], ["临县", "甲"], [None, "乙"]]), COLUMNS
    )
    assert lines(table)[1] == (3, "", "乙")


def rezipped(content: bytes, name: str, change: bytes) -> bytes:
    """Return the workbook with one part replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, change if part == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, change)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
ROW = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>x</t></is></c></row>'
TAIL = b"</sheetData></worksheet>"
GOOD = workbook([["单位", "姓名"], ["临县", "甲"]])


@pytest.mark.parametrize(
    ("part", "content", "sentence"),
    [
        ("xl/media/bomb.bin", b"\0" * (65 * 1024 * 1024), "展开后太大"),
        (SHEET, b'<!DOCTYPE x [<!ENTITY a "b">]>' + HEAD + TAIL, "不该有的声明"),
        (SHEET, HEAD + ROW % (999_999_999, 999_999_999) + TAIL, "行数太多"),
        (SHEET, b"<worksheet", "不是完好的 Excel 表格"),
        (SHEET, HEAD + TAIL, "是空的"),
        ("xl/workbook.xml", b"<workbook/>", "不是完好的 Excel 表格"),
    ],
    ids=["bomb", "entities", "far row", "cut off", "no rows", "no sheet"],
)
def test_a_workbook_made_to_hurt(part: str, content: bytes, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        parse_table("表.xlsx", rezipped(GOOD, part, content), COLUMNS)


def test_merged_ranges_made_to_hurt() -> None:
    sheet = HEAD + b"".join(ROW % (at, at) for at in range(1, 1001)) + b"</sheetData><mergeCells>"
    sheet += b'<mergeCell ref="A1:XFD1048576"/>' * 2000 + b"</mergeCells></worksheet>"
    with pytest.raises(InputError, match="合并的单元格太多"):
        parse_table("表.xlsx", rezipped(GOOD, SHEET, sheet), COLUMNS)


def test_another_kind_of_zip_archive() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(InputError, match="不是 Excel 表格"):
        parse_table("表.docx", out.getvalue(), COLUMNS)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=30))
def test_a_damaged_workbook_is_read_or_refused_but_never_breaks(at: int, noise: bytes) -> None:
    with suppress(InputError):
        parse_table("表.xlsx", GOOD[:at] + noise + GOOD[at + len(noise) :], COLUMNS)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        parse_table("表.csv", content, COLUMNS)
