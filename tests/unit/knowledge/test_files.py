"""Text out of the files an office has; what cannot be read is refused in one sentence."""

import io
import zipfile
from collections.abc import Callable, Sequence

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from bot.errors import InputError
from bot.knowledge.files import SIZE_CAP, read_text, text_of
from bot.knowledge.plan_document import read_plan
from tests.support.pdf import scanned_pdf, text_pdf
from tests.support.plan import PLAN_FILE, plan_2021, plan_text
from tests.support.word import numbered_word, table_word, word

TEXT = "第一条　为了双拥工作，制定本办法。\n第二条　本办法适用于本市。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, ends: str) -> None:
    assert text_of("办法.txt", TEXT.replace("\n", ends).encode(encoding)) == TEXT


def test_markdown_marks_are_left_out() -> None:
    marked = "---\nsidebar: auto\n---\n# 标题\n\n**第一条**　正文见[附件](a.docx)。<!-- 注 -->"
    assert text_of("a.md", marked.encode()).split() == ["标题", "第一条", "正文见附件。"]


def plan_lines() -> list[str]:
    return [line for line in plan_text().split("\n") if line.strip()]


def whole_lines() -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Head, and sections with whole points, without their numbers."""
    lines, plan = plan_lines(), plan_2021()
    head = lines[: next(i for i, line in enumerate(lines) if line.startswith("一、"))]
    sections = [
        (s.title, [p.text for p in plan.points if p.section == s.number]) for s in plan.sections
    ]
    return head, sections


def test_plan_in_word_with_typed_numbers_is_the_same_plan() -> None:
    assert read_plan(text_of("要点.docx", word(plan_lines())), "要点.docx") == plan_2021()


@pytest.mark.parametrize("by_style", [False, True])
def test_plan_in_word_with_automatic_numbers_is_the_same_plan(by_style: bool) -> None:
    head, sections = whole_lines()
    text = text_of("要点.docx", numbered_word(head, sections, by_style=by_style))
    assert read_plan(text, "要点.docx") == plan_2021()


def test_plan_in_pdf_is_the_same_plan() -> None:
    lines = plan_lines()
    narrow = [line[at : at + 38] for line in lines for at in range(0, len(line), 38)]
    pages = [
        ["吕梁市双拥工作要点汇编", *narrow[at : at + 25], f"- {at // 25 + 1} -"]
        for at in range(0, len(narrow), 25)
    ]
    assert len(pages) > 2
    plan = read_plan(text_of("要点.pdf", text_pdf(pages)), "要点.pdf")
    assert_same(plan.points, plan_2021().points)
    assert (plan.title, plan.number, plan.issued_on) == (
        plan_2021().title,
        plan_2021().number,
        plan_2021().issued_on,
    )


def assert_same(found: Sequence[object], wanted: Sequence[object]) -> None:
    """A PDF does not keep blanks at the edge of a line; every other character must agree."""
    assert [str(item).replace(" ", "") for item in found] == [
        str(item).replace(" ", "") for item in wanted
    ]


def test_tables_stand_where_they_stand() -> None:
    text = text_of("表.docx", table_word([["单位", "任务"], ["教育局", "子女入学"]]))
    assert text.split("\n") == ["表前", "单位\t任务", "教育局\t子女入学", "表后"]


def test_deleted_text_is_left_out_and_inserted_text_kept() -> None:
    document = Document()
    paragraph = document.add_paragraph("走访")
    for xml in (
        f"<w:ins {nsdecls('w')}><w:r><w:t>慰问</w:t></w:r></w:ins>",
        f"<w:del {nsdecls('w')}><w:r><w:delText>取消</w:delText></w:r></w:del>",
    ):
        paragraph._p.append(parse_xml(xml))
    out = io.BytesIO()
    document.save(out)
    assert text_of("a.docx", out.getvalue()) == "走访慰问"


def encrypted_pdf() -> bytes:
    writer = PdfWriter(PdfReader(io.BytesIO(text_pdf([["要点"]]))))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "unknown kind": ("a.xls", lambda: b"x", "格式读不了"),
    "empty": ("a.txt", lambda: b" \n", "没有文字"),
    "picture named txt": ("a.txt", lambda: b"\x89PNG\r\n\x1a\n", "不是文字文件"),
    "binary": ("a.txt", lambda: b"\x00\x01\x02" * 9, "不是文字文件"),
    "too large": ("a.txt", lambda: b"x" * (SIZE_CAP + 1), "20 MB"),
    "broken word": ("a.docx", lambda: b"PK\x03\x04garbage", "已损坏"),
    "zip that is no word": ("a.docx", lambda: zipped("a.txt", b"x"), "已损坏"),
    "old word": ("a.docx", lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "旧版 Word"),
    "zip bomb": ("a.docx", lambda: zipped("word/document.xml", bytes(210_000_000)), "解压后"),
    "broken pdf": ("a.pdf", lambda: b"%PDF-1.7 garbage", "已损坏"),
    "scan": ("a.pdf", scanned_pdf, "扫描件"),
    "encrypted pdf": ("a.pdf", encrypted_pdf, "密码"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_unreadable_file_is_refused_in_one_sentence(fault: str) -> None:
    name, make, reason = REFUSED[fault]
    with pytest.raises(InputError) as caught:
        text_of(name, make())
    said = str(caught.value)
    assert reason in said
    assert f"“{name}”" in said
    assert said.count("。") == 1


def test_missing_file_is_refused() -> None:
    with pytest.raises(InputError, match="找不到或打不开"):
        read_text(PLAN_FILE.with_name("没有这个文件.txt"))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["a.docx", "a.pdf", "a.txt", "a.md"]), st.binary(max_size=300))
def test_any_bytes_give_text_or_one_sentence(name: str, data: bytes) -> None:
    try:
        said = text_of(name, data)
    except InputError as refused:
        said = str(refused).replace(f"“{name}”", "")
        said = said if len(said) < 80 else ""
    assert said.strip()
