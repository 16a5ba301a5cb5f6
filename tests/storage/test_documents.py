"""Policy documents: the same file changes nothing, another version replaces or stands beside."""

from datetime import date

from bot.knowledge.articles import read_jsonl, read_policy
from bot.services.documents import DocumentImported
from bot.storage import audit, documents
from tests.support.use_cases import UseCases

LAW = """双拥工作条例

（2020年1月1日印发）

第一条 为了做好双拥工作，制定本条例。

第二条 各级人民政府应当做好拥军优属工作。
"""


def imported(use: UseCases, text: str, name: str = "tiaoli.txt") -> DocumentImported:
    return use(
        lambda services: services.documents.import_policy(read_policy(text, name), name, "t")
    )


def passages(use: UseCases) -> list[str]:
    return [row.text for row in use(lambda services: documents.passages(services.session))]


def test_a_document_is_kept_by_its_articles(use: UseCases) -> None:
    done = imported(use, LAW)
    assert (done.title, done.passages, done.changed) == ("双拥工作条例", 2, True)
    assert [text[-13:] for text in passages(use)] == [
        "为了做好双拥工作，制定本条例。"[-13:],
        "各级人民政府应当做好拥军优属工作。"[-13:],
    ]


def test_the_same_document_again_changes_nothing(use: UseCases) -> None:
    imported(use, LAW)
    before = use(lambda services: services.versions)
    assert not imported(use, LAW).changed
    assert use(lambda services: services.versions) == before
    [row] = use(lambda services: documents.documents(services.session))
    assert len(use(lambda s: audit.of_subject(s.session, f"document:{row.id}"))) == 1


def test_a_corrected_document_takes_the_place_of_the_old_one(use: UseCases) -> None:
    imported(use, LAW)
    use.clock.set(use.clock.now().replace(hour=10))
    assert imported(use, LAW.replace("拥军优属", "双拥")).changed
    assert len(use(lambda services: documents.documents(services.session))) == 1
    assert len(passages(use)) == 2
    assert not any("拥军优属" in text for text in passages(use))


def test_what_is_asked_is_answered_from_the_new_wording(use: UseCases) -> None:
    imported(use, LAW)
    asked = "双拥工作条例第二条是什么"
    assert "拥军优属" in use(lambda services: services.question.answer(asked))
    use.clock.set(use.clock.now().replace(hour=10))
    imported(use, LAW.replace("拥军优属", "优待抚恤"))
    assert "优待抚恤" in use(lambda services: services.question.answer(asked))


def test_another_date_is_another_version_beside_the_first(use: UseCases) -> None:
    imported(use, LAW)
    imported(use, LAW.replace("2020年1月1日", "2021年5月1日"))
    rows = use(lambda services: documents.documents(services.session))
    assert {row.dated for row in rows} <= {date(2020, 1, 1), date(2021, 5, 1), None}
    assert len(rows) == 2
    assert use(lambda s: documents.find(s.session, "双拥工作条例", "1999-01-01")) is None


def test_a_file_of_lines_is_one_document_by_its_name(use: UseCases) -> None:
    lines = '{"id": "a-1", "title": "优待", "text": "军人凭证免费乘车。"}\n'

    def load(text: str) -> DocumentImported:
        found = read_jsonl(text, "qa.jsonl")
        return use(lambda services: services.documents.import_lines(found, "qa.jsonl", "t"))

    assert load(lines).changed
    assert not load(lines).changed
    use.clock.set(use.clock.now().replace(hour=10))
    assert load(lines.replace("免费", "半价")).changed
    [row] = use(lambda services: documents.passages(services.session))
    assert (row.key, row.text) == ("a-1", "军人凭证半价乘车。")
