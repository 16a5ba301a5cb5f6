"""Policy documents become one passage an article; what cannot be cut safely is refused."""

import csv
import json
from datetime import date

import pytest

from bot.errors import InputError
from bot.knowledge.articles import GROUP_CAP, Policy, read_jsonl, read_policy
from bot.knowledge.files import read_text
from bot.knowledge.in_force import in_force
from bot.knowledge.law_names import LawNames
from tests.support.shared import shared

LAW = """军人优待办法
（2020年1月2日公布　2024年3月4日修订）
第一章　总则
第一条　为了优待军人，制定本办法。
第二条　军人子女入学，依照
第二十三条的规定办理。
第四条第二款所列情形除外。
第二章　子女
第一节　入学
第三条　入学优待包括：
（一）就近入学；
（二）优先入园。
第四条　本办法自公布之日起施行。
"""


def test_one_passage_an_article_with_its_chapter() -> None:
    policy = read_policy(LAW, "办法.txt")
    assert (policy.title, policy.dated) == ("军人优待办法", date(2024, 3, 4))
    assert [(p.id, p.number, p.path) for p in policy.passages] == [
        ("军人优待办法#第一条", 1, "第一章 总则"),
        ("军人优待办法#第二条", 2, "第一章 总则"),
        ("军人优待办法#第三条", 3, "第二章 子女　第一节 入学"),
        ("军人优待办法#第四条", 4, "第二章 子女　第一节 入学"),
    ]


def test_cross_reference_at_the_start_of_a_line_is_no_heading() -> None:
    second = read_policy(LAW, "办法.txt").passages[1]
    assert "第二十三条的规定办理。\n第四条第二款所列情形除外。" in second.text


def test_missing_article_is_refused() -> None:
    with pytest.raises(InputError, match=r"第 10 行是第 4 条，前面缺第 3 条|前面缺第 3 条"):
        read_policy(LAW.replace("第三条　入学优待包括", "入学优待包括"), "办法.txt")


def test_document_without_articles_is_grouped() -> None:
    text = "关于做好慰问工作的通知\n" + "\n".join("各单位要组织慰问。" * 20 for _ in range(9))
    policy = read_policy(text, "通知.txt")
    assert policy.title == "关于做好慰问工作的通知"
    assert len(policy.passages) > 2
    assert all(len(p.text) <= GROUP_CAP + 20 for p in policy.passages)
    assert "".join(p.text for p in policy.passages).replace("\n", "") == text.replace("\n", "")


def test_official_texts_are_cut_as_their_list_says() -> None:
    manifest = shared("qa/laws/MANIFEST.tsv")
    with manifest.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    for row in rows:
        path = manifest.parent / row["file"]
        policy = read_policy(read_text(path), path.name)
        numbered = [p for p in policy.passages if p.number is not None]
        assert (policy.title, len(numbered)) == (row["title"], int(row["articles"]))


def test_only_the_newest_version_is_in_force() -> None:
    old = read_policy(LAW.replace("　2024年3月4日修订", ""), "旧.txt")
    new = read_policy(LAW, "新.txt")
    assert in_force([new, old]) == (new,)
    assert in_force([old, new]) == (new,)


def test_a_newer_paper_puts_others_out_of_force() -> None:
    old = Policy("退役士兵安置办法", date(2011, 1, 1), ())
    text = LAW.replace("施行。", "施行。《退役士兵安置办法》同时废止。")
    new = read_policy(text, "新.txt")
    assert in_force([old, new]) == (new,)


def line(**fields: object) -> str:
    return json.dumps(fields, ensure_ascii=False)


def test_jsonl_keeps_ids_and_reads_article_numbers() -> None:
    rows = line(id="a1", title="国防法", text="第十二条　公民有义务。") + "\n\n"
    rows += line(id="a2", title="问答", text="双拥是什么？")
    first, second = read_jsonl(rows, "x.jsonl")
    assert (first.id, first.label, first.number) == ("a1", "第十二条", 12)
    assert (second.id, second.label, second.number) == ("a2", "问答", None)


@pytest.mark.parametrize(
    "bad", ["{", "[1]", line(id="b", title="t"), line(id="", title="t", text="x"), "[" * 9999]
)
def test_every_bad_jsonl_line_is_named(bad: str) -> None:
    good = line(id="a", title="t", text="x")
    with pytest.raises(InputError) as caught:
        read_jsonl(f"{good}\n{bad}\n{good}", "x.jsonl")
    assert [p[:5] for p in caught.value.problems] == ["第 2 行", "第 3 行"]
    assert "重复" in caught.value.problems[1]


TITLES = (
    "军人抚恤优待条例",
    "中华人民共和国国防法",
    "中华人民共和国国防动员法",
    "中华人民共和国退役军人保障法",
    "中华人民共和国军人地位和权益保障法",
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("抚恤条例", "军人抚恤优待条例"),
        ("国防法", "中华人民共和国国防法"),
        ("请问国防动员法", "中华人民共和国国防动员法"),
        ("动员法", "中华人民共和国国防动员法"),
        ("退役军人法", "中华人民共和国退役军人保障法"),
        ("军人权益保障法", "中华人民共和国军人地位和权益保障法"),
        ("劳动法", None),
        ("民法典", None),
    ],
)
def test_short_names_of_laws(said: str, meant: str | None) -> None:
    assert LawNames(TITLES).find(said) == meant
