"""Questions: quoted, with their source; or the admission that the documents are silent."""

import pytest

from tests.support.office import Desk, Office

POINT_11 = "精心组织“八一”、春节等节日期间走访慰问部队和优抚对象"


@pytest.mark.parametrize(
    "asked", ["第11条", "第十一条", "要点11", "11", "１１", "第 11 条是什么？"]
)
def test_a_point_by_its_number_in_any_form(linxian: Desk, asked: str) -> None:
    answer = linxian.says(asked)
    assert "【第11条】" in answer
    assert POINT_11 in answer


@pytest.mark.parametrize(
    ("asked", "point"),
    [
        ("随军家属就业怎么办", 9),
        ("孩子上学有什么优待吗", 9),
        ("双清单制度是怎么说的？", 18),
        ("企业拥军怎么搞", 19),
        ("抗疫经验怎么用", 8),
    ],
)
def test_a_free_question_is_answered_from_the_right_point(
    linxian: Desk, asked: str, point: int
) -> None:
    assert f"【第{point}条】" in linxian.says(asked)


@pytest.mark.parametrize(
    ("asked", "fact"),
    [
        ("文号是什么", "吕拥办发〔2021〕4号"),
        ("什么时候印发的", "2021年7月28日"),
        ("谁发的文", "吕梁市双拥工作领导小组办公室"),
        ("一共多少条", "20 条"),
    ],
)
def test_facts_of_the_document(stranger: Desk, asked: str, fact: str) -> None:
    assert fact in stranger.says(asked)


@pytest.mark.parametrize("asked", ["今天天气怎么样", "帮我写一段代码", "2023年工作要点有哪些"])
def test_what_the_documents_do_not_cover_is_refused(linxian: Desk, asked: str) -> None:
    answer = linxian.says(asked)
    assert "【第" not in answer
    assert "双拥办" in answer


def test_who_and_until_when_come_only_from_the_office(linxian: Desk) -> None:
    answer = linxian.says("第17条由谁负责？")
    assert "双拥办登记，非文件原文" in answer
    assert "牵头：市双拥办" in answer


def test_what_the_office_has_not_entered_stays_unknown(empty_office: Office) -> None:
    answer = empty_office.person("linxian").says("第11条谁负责，什么时候完成？")
    assert "文件未明确，待双拥办确认" in answer
    assert "临县" not in answer
