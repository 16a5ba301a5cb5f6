"""Answers carry their sources word for word; what is not in the documents is refused."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.answer import Answer
from bot.knowledge.answers import Answerer
from bot.knowledge.articles import read_policy
from bot.knowledge.library import Library
from bot.knowledge.quoting import MESSAGE_CAP
from bot.knowledge.synonyms import load_synonyms
from bot.texts.question import OFFICE
from tests.support.plan import SYNONYMS_FILE, plan_2021

LAW = """军人抚恤优待条例
2024年8月5日修订
第一条　为了保障国家对军人的抚恤优待，制定本条例。
第二条　烈士遗属领取一次性抚恤金，标准为上一年度全国城镇居民人均可支配收入的30倍。
第三条　现役军人凭有效证件免费乘坐市内公共汽车。
"""
PLAN = plan_2021()
SYNONYMS = load_synonyms(SYNONYMS_FILE)
PLAN_ONLY = Answerer(Library([PLAN]), SYNONYMS)
WITH_LAW = Answerer(Library([PLAN], [read_policy(LAW, "条例.txt")]), SYNONYMS)
TEXTS = {passage.id: passage.text for passage in Library([PLAN]).passages}


def labels(answer: Answer) -> list[str]:
    return [citation.label for citation in answer.citations]


def test_a_point_by_number_is_shown_whole() -> None:
    answer = PLAN_ONLY.ask("第11条")
    assert answer.answer.endswith(PLAN.points[10].text)
    assert "【第11条】" in answer.answer
    assert [(c.kind, c.number, c.quote) for c in answer.citations] == [
        ("work_point", 11, PLAN.points[10].text)
    ]


def test_json_has_the_fields_of_the_contract() -> None:
    found = PLAN_ONLY.ask("八一走访慰问有什么要求", top=3).as_json()
    assert json.loads(json.dumps(found, ensure_ascii=False)) == found
    assert list(found) == ["question", "answer", "refused", "citations", "hits"]
    citations, hits = found["citations"], found["hits"]
    assert isinstance(citations, list)
    assert isinstance(hits, list)
    assert list(citations[0]) == ["document", "label", "kind", "number", "id", "quote"]
    assert citations[0]["id"] == "2021年吕梁市双拥工作要点#第11条"
    assert [list(hit) for hit in hits] == [["id", "document", "label", "score"]] * 3
    assert hits[0]["label"] == "第11条"


def test_facts_of_the_document() -> None:
    assert "吕拥办发〔2021〕4号" in PLAN_ONLY.ask("文号").answer
    assert "2021年7月28日" in PLAN_ONLY.ask("什么时候印发的").answer
    assert "吕梁市双拥工作领导小组办公室" in PLAN_ONLY.ask("谁发的").answer
    assert "共 20 条，分 4 个部分" in PLAN_ONLY.ask("一共几条").answer
    assert PLAN_ONLY.ask("文号").citations[0].kind == "fact"


def test_a_section_lists_its_points() -> None:
    answer = PLAN_ONLY.ask("第二部分有哪些要点")
    assert labels(answer) == [f"第{n}条" for n in range(6, 12)]
    assert all(c.quote in TEXTS[c.id] for c in answer.citations)


def test_several_points_fit_one_message() -> None:
    answer = PLAN_ONLY.ask("第1到20条")
    assert labels(answer) == [f"第{n}条" for n in range(1, 21)]
    assert len(answer.answer.encode()) <= MESSAGE_CAP


@pytest.mark.parametrize("question", ["第21条", "第0条", "第4、25条", "第九部分"])
def test_a_number_outside_the_plan_is_refused(question: str) -> None:
    answer = PLAN_ONLY.ask(question)
    assert (answer.refused, answer.citations) == (True, ())
    assert "没有第" in answer.answer


@pytest.mark.parametrize(
    ("question", "point"),
    [("第9条谁负责", 9), ("随军家属就业由谁牵头", 9), ("八一慰问什么时候完成", 11)],
)
def test_who_and_when_are_left_to_the_office(question: str, point: int) -> None:
    answer = PLAN_ONLY.ask(question)
    assert (answer.refused, answer.citations) == (True, ())
    assert f"【第{point}条】" in answer.answer
    assert "文件未明确，待双拥办确认" in answer.answer
    assert answer.responsibility is not None
    assert answer.responsibility.points == (point,)


def test_the_offices_assignments_answer_with_the_point() -> None:
    answer = PLAN_ONLY.assigned(PLAN_ONLY.ask("第9条谁负责"), "牵头单位是市人社局。")
    assert (answer.answer, answer.refused) == ("牵头单位是市人社局。", False)
    assert labels(answer) == ["第9条"]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("明天天气怎么样", "没有写到"),
        ("2023年工作要点第5条", "2023年"),
        ("太原市的双拥工作要点", "太原"),
        ("清徐县的双拥要点有几条", "清徐县"),
        ("某部队番号是多少", "军事秘密"),
        ("双拥办主任的电话", "个人信息"),
        ("春节慰问金每人多少钱", "没有写明"),
        ("第11条慰问金多少钱", "没有写明"),
        ("随军家属落户怎么办", "“落户”"),
        ("劳动法第三条", "劳动法"),
        ("双拥", "没有写到"),
        ("", "请直接写下"),
    ],
)
def test_what_the_documents_lack_is_refused(question: str, named: str) -> None:
    answer = PLAN_ONLY.ask(question)
    assert (answer.refused, answer.citations) == (True, ())
    assert named in answer.answer


@pytest.mark.parametrize("question", ["明天天气", "2023年工作要点", "太原市的双拥要点", "第30条呢"])
def test_a_refusal_says_where_to_turn(question: str) -> None:
    said = PLAN_ONLY.ask(question).answer
    assert OFFICE in said or "请核对序号" in said


@pytest.mark.parametrize(
    "question",
    ["我家孩子在西藏当兵，过年有人慰问家属吗", "2021年八一慰问要求", "临县的军嫂就业怎么扶持"],
)
def test_a_place_or_year_that_is_no_other_papers_is_answered(question: str) -> None:
    assert not PLAN_ONLY.ask(question).refused


def test_a_policy_answers_what_the_plan_does_not_say() -> None:
    assert PLAN_ONLY.ask("烈士遗属抚恤金标准").refused
    assert labels(WITH_LAW.ask("烈士遗属一次性抚恤金标准是多少")) == ["第二条"]
    assert labels(WITH_LAW.ask("军人坐公交车免费吗")) == ["第三条"]
    assert labels(WITH_LAW.ask("抚恤条例第一条")) == ["第一条"]


def test_without_documents_everything_is_refused() -> None:
    answer = Answerer(Library(), SYNONYMS).ask("第11条")
    assert answer.refused
    assert "还没有导入文件" in answer.answer


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=80) | st.text("第一二三四1234条点要、，到和年《》谁负责什么时候", max_size=30)
)
def test_any_question_gets_an_honest_answer(question: str) -> None:
    answer = PLAN_ONLY.ask(question)
    assert answer.question == question
    assert answer.answer.strip()
    assert len(answer.answer.encode()) <= MESSAGE_CAP
    assert not (answer.refused and answer.citations)
    assert answer.refused or answer.citations
    assert all(c.quote in TEXTS[c.id] for c in answer.citations if c.kind == "work_point")
