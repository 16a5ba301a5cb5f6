"""What needs no search: numbers, laws, sections, facts of the document, who and until when."""

import pytest

from bot.knowledge.articles import read_policy
from bot.knowledge.library import Library
from bot.knowledge.requests import (
    Asked,
    ByArticle,
    ByFact,
    ByNumber,
    BySection,
    Fact,
    Responsibility,
)
from bot.knowledge.rules import read_request
from tests.support.plan import plan_2021

LAW = "军人抚恤优待条例\n2024年8月5日修订\n第一条　为了优待。\n第二条　军人受优待。"
LIBRARY = Library([plan_2021()], [read_policy(LAW, "条例.txt")])


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("第11条", (11,)),
        ("第十一条", (11,)),
        ("第１１条", (11,)),
        ("要点11", (11,)),
        ("11", (11,)),
        ("第 11 点", (11,)),
        ("要点第十一条说什么", (11,)),
        ("第4、5条", (4, 5)),
        ("第4条和第5条分别是什么", (4, 5)),
        ("第三到第五条", (3, 4, 5)),
        ("11是什么", (11,)),
        ("最后一条讲什么", (20,)),
        ("《2021年吕梁市双拥工作要点》第3条", (3,)),
        ("第二十一条", (21,)),
        ("第11条里春节要干什么", (11,)),
    ],
)
def test_by_number(question: str, numbers: tuple[int, ...]) -> None:
    assert read_request(question, LIBRARY) == ByNumber(numbers)


@pytest.mark.parametrize(
    ("question", "title", "number"),
    [
        ("《军人抚恤优待条例》第二条", "军人抚恤优待条例", 2),
        ("抚恤条例第2条怎么说", "军人抚恤优待条例", 2),
        ("抚恤优待条例的第二十条", "军人抚恤优待条例", 20),
        ("劳动法第十一条", None, 11),
    ],
)
def test_by_law(question: str, title: str | None, number: int) -> None:
    request = read_request(question, LIBRARY)
    assert isinstance(request, ByArticle)
    assert (request.title, request.number) == (title, number)


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("第二部分", 2),
        ("第二章有哪些要点", 2),
        ("第2节讲什么", 2),
        ("服务备战打仗那部分", 2),
        ("最后一个部分", 4),
        ("加强双拥基础建设这块有哪些", 4),
        ("第九部分", 9),
    ],
)
def test_by_section(question: str, number: int) -> None:
    assert read_request(question, LIBRARY) == BySection(number)


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("文号是多少", Fact.NUMBER),
        ("这个文件的发文字号", Fact.NUMBER),
        ("什么时候印发的", Fact.DATE),
        ("发文日期", Fact.DATE),
        ("要点是哪天发的", Fact.DATE),
        ("谁发的", Fact.ISSUER),
        ("发文机关是哪里", Fact.ISSUER),
        ("文件是哪个单位印发的", Fact.ISSUER),
        ("一共几条", Fact.COUNT),
        ("要点有多少条", Fact.COUNT),
        ("分几个部分", Fact.SECTIONS),
        ("今年双拥有哪些工作？", Fact.SECTIONS),
        ("文件的标题是什么", Fact.TITLE),
    ],
)
def test_by_fact(question: str, fact: Fact) -> None:
    assert read_request(question, LIBRARY) == ByFact(fact)


@pytest.mark.parametrize(
    ("question", "asked", "points"),
    [
        ("第9条谁负责", Asked.WHO, (9,)),
        ("第9点由谁牵头", Asked.WHO, (9,)),
        ("第11条是哪个单位的", Asked.WHO, (11,)),
        ("第九条的责任单位", Asked.WHO, (9,)),
        ("第11条什么时候完成", Asked.WHEN, (11,)),
        ("第7条完成时限", Asked.WHEN, (7,)),
        ("第4条截止到哪天", Asked.WHEN, (4,)),
        ("随军家属就业谁负责", Asked.WHO, ()),
        ("支前方案几号前要报", Asked.WHEN, ()),
    ],
)
def test_responsibility(question: str, asked: Asked, points: tuple[int, ...]) -> None:
    request = read_request(question, LIBRARY)
    assert isinstance(request, Responsibility)
    assert (request.asked, request.points) == (asked, points)


@pytest.mark.parametrize(
    "question",
    [
        "市委216次常委会精神怎么落实",
        "建党100周年要做什么",
        "四个不摘是什么",
        "互联网双拥阵地这一条在哪",
        "军烈属过年慰问在文件第几条",
        "重点任务的责任分工和时限要求怎么明确",
        "双拥文化建设包括什么",
        "困难了找谁帮忙",
    ],
)
def test_left_to_the_search(question: str) -> None:
    assert read_request(question, LIBRARY) is None
