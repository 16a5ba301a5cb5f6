"""Each command of the contract: what it prints, and how it ends."""

from pathlib import Path

import pytest

from tests.cli.conftest import DATA, Shell, shell_in

ASK_KEYS = ["question", "answer", "refused", "citations", "hits"]
CITATION_KEYS = ["document", "label", "kind", "number", "id", "quote"]
HIT_KEYS = ["id", "document", "label", "score"]
UNDERSTAND_KEYS = [
    "text", "intent", "points", "status", "percent", "money_yuan", "counts", "date", "missing",
]  # fmt: skip

LAW = """# 某市优待办法

第一条 为了做好优待工作，制定本办法。

第二条 现役军人凭证件免费乘坐市内公共汽车。
"""
ARTICLE = '{"id": "a-7", "title": "测试条例", "text": "第七条 优抚医院应当优先收治。"}\n'


def test_ask(loaded: Shell) -> None:
    [answer] = loaded("ask", "--json", "--top", "2", "随军家属就业怎么办").objects()
    assert list(answer) == ASK_KEYS
    assert answer["refused"] is False
    [citation] = answer["citations"]
    assert list(citation) == CITATION_KEYS
    assert (citation["kind"], citation["label"], citation["number"]) == ("work_point", "第9条", 9)
    assert citation["id"] == "2021年吕梁市双拥工作要点#第9条"
    assert len(answer["hits"]) == 2
    assert all(list(hit) == HIT_KEYS for hit in answer["hits"])


def test_ask_refuses_what_is_not_covered(loaded: Shell) -> None:
    [answer] = loaded.here("ask", "--json", "今天股票怎么样").objects()
    assert answer["refused"] is True
    assert answer["citations"] == []
    assert "双拥办" in answer["answer"]


def test_ask_reads_a_question_a_line(loaded: Shell) -> None:
    done = loaded("ask", "--json", "-", stdin="第1条\n\n第二条\n")
    assert [one["citations"][0]["number"] for one in done.objects()] == [1, 2]
    assert "\\u" not in done.out


def test_understand(loaded: Shell) -> None:
    text = "第11条 已完成，走访部队5个，慰问金24.5万元，7月30日办结"
    [reading] = loaded("understand", "--json", "--today", "2021-08-02", text).objects()
    assert list(reading) == UNDERSTAND_KEYS
    assert reading == {
        "text": text,
        "intent": "report",
        "points": [11],
        "status": "done",
        "percent": None,
        "money_yuan": [245000],
        "counts": [{"value": 5, "unit": "个"}],
        "date": "2021-07-30",
        "missing": [],
    }


def test_understand_books_nothing(loaded: Shell) -> None:
    loaded.here("understand", "--user", "linxian", "第11条 已完成")
    assert "已报 0" in loaded.here("say", "bangongshi", "汇总").out


def test_when(loaded: Shell) -> None:
    done = loaded("when", "--json", "--base", "2021-07-20T09:00:00+08:00", "-",
                  stdin="八一前三个工作日\n月底前\n不知道哪天\n")  # fmt: skip
    first, second, unknown = done.objects()
    assert first == {
        "text": "八一前三个工作日",
        "start": "2021-07-28",
        "end": "2021-07-28",
        "tentative": False,
        "reason": None,
    }
    assert (second["start"], second["end"]) == ("2021-07-31", "2021-07-31")
    assert (unknown["start"], unknown["end"]) == (None, None)
    assert unknown["reason"]


def test_when_says_what_is_tentative(loaded: Shell) -> None:
    [found] = loaded.here("when", "--json", "--base", "2029-03-01", "十个工作日内").objects()
    assert found["tentative"] is True


def test_calendar(loaded: Shell) -> None:
    stages = loaded("calendar", "--year", "2021", "--json").objects()
    assert all(
        list(stage) == ["holiday", "date", "stage", "at", "audience", "tentative"]
        for stage in stages
    )
    army = {one["stage"]: one["at"] for one in stages if one["holiday"] == "八一"}
    assert army["前三个工作日"] == "2021-07-28T09:07:00+08:00"
    assert army["报结果"] == "2021-08-02T09:07:00+08:00"
    assert sorted(one["at"] for one in stages) == [one["at"] for one in stages]


def test_a_year_without_notice_is_never_certain(loaded: Shell) -> None:
    stages = loaded.here("calendar", "--year", "2030", "--json").objects()
    assert stages
    assert all(stage["tentative"] for stage in stages)


def test_say_in_one_go_and_line_by_line(empty: Shell) -> None:
    shell = empty
    for command in (
        ["init"],
        ["import", "plan", DATA / "work-points-2021.txt"],
        ["import", "roster", DATA / "roster-sample.csv"],
    ):
        assert shell.here(*command).code == 0
    assert "（临县）" in shell("say", "linxian", "第11条 已完成").out
    lines = shell("say", "linxian", stdin="撤回\n\n我的任务\n").out
    assert "已撤回" in lines
    assert "临县" in lines


def test_import_is_repeatable(empty: Shell) -> None:
    assert empty("init").code == 0
    assert empty.here("init").code == 0
    plan: list[str | Path] = ["import", "plan", DATA / "work-points-2021.txt"]
    assert "20 条要点" in empty(*plan).out
    assert "没有改动" in empty.here(*plan).out


def test_import_policy_and_ask_it(empty: Shell, tmp_path: Path) -> None:
    empty.here("init")
    law = tmp_path / "某市优待办法.md"
    law.write_text(LAW, encoding="utf-8")
    lines = tmp_path / "articles.jsonl"
    lines.write_text(ARTICLE, encoding="utf-8")
    assert empty("import", "policy", law, lines).code == 0
    [answer] = empty.here("ask", "--json", "某市优待办法第二条").objects()
    assert answer["citations"][0]["kind"] == "article"
    [hit] = empty.here("ask", "--json", "--top", "1", "优抚医院优先收治").objects()[0]["hits"]
    assert hit["id"] == "a-7"


def test_backup_and_restore(loaded: Shell, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    assert loaded("backup", file).code == 0
    assert "已存在" in loaded.here("backup", file).sentence()
    assert "已经有内容" in loaded.here("restore", file).sentence()
    other = shell_in(tmp_path)
    assert other("restore", file).code == 0
    assert other.here("say", "bangongshi", "第11条 汇总") == loaded.here(
        "say", "bangongshi", "第11条 汇总"
    )


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["import", "plan", "没有.txt"], "没有.txt"),
        (["import", "roster", "没有.csv"], "没有.csv"),
        (["import", "policy", "没有.docx"], "没有.docx"),
        (["import", "calendar", "没有.txt"], "没有.txt"),
        (["backup", "/nowhere/at/all.zip"], "/nowhere/at/all.zip"),
        (["restore", "没有.zip"], "没有.zip"),
        (["calendar", "--year", "1800"], "年份"),
        (["when", "--base", "昨天", "明天"], "--base"),
        (["serve", "--start-at", "昨天"], "--start-at"),
        (["serve", "--role", "web"], "PostgreSQL"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    loaded: Shell, arguments: list[str], named: str
) -> None:
    assert named in loaded.here(*arguments).sentence()


def test_serving_needs_the_keys_of_wecom(loaded: Shell) -> None:
    assert "wecom.corp_id" in loaded("serve").sentence()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", b"no word file"),
        ("a.pdf", b"%PDF-1.4 broken"),
        ("a.txt", b""),
        ("a.txt", "没有要点".encode()),
        ("a.exe", b"MZ"),
    ],
)
def test_a_bad_document_is_named_and_changes_nothing(
    loaded: Shell, tmp_path: Path, name: str, content: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert name in loaded.here("import", "plan", file).sentence()
    assert "20 条" in loaded.here("ask", "一共多少条").out


def test_every_bad_row_of_a_roster_is_named_and_none_is_taken(
    loaded: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "roster.csv"
    file.write_text(
        "单位,单位类别,上级单位,姓名,企业微信账号,角色\n"
        "新单位,成员单位,,张三,zhangsan,联络员\n"
        "新单位,成员单位,,李四,li si,联络员\n"
        "新单位,成员单位,,王五,wangwu,书记\n",
        encoding="utf-8",
    )
    said = loaded.here("import", "roster", file).sentence()
    assert "3" in said
    assert "4" in said
    assert "还没有登记为联络员" in loaded.here("say", "zhangsan", "我的任务").out


@pytest.mark.parametrize(
    "arguments", [["nothing"], [], ["import"], ["ask"], ["calendar"], ["ask", "--top", "x", "问"]]
)
def test_wrong_usage_ends_with_2(loaded: Shell, arguments: list[str]) -> None:
    assert loaded.here(*arguments).code == 2


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('[wecom]\nsecert = "x"\n', "wecom.secret"),
        ("[server]\nport = 99999\n", "server.port"),
        ('[server]\nport = "x"\n', "server.port"),
        ("[sever]\nport = 1\n", "server"),
        ("[server\n", "第 1 行"),
        ('[schedule]\ntimezone = "Mars/Base"\n', "schedule.timezone"),
        ('[wecom]\napi_base_url = "qyapi"\n', "wecom.api_base_url"),
        ('[database]\nurl = "mysql://x/y"\n', "database.url"),
    ],
)
def test_a_wrong_key_stops_the_start_and_is_named(empty: Shell, content: str, named: str) -> None:
    empty.config.write_text(content, encoding="utf-8")
    assert named in empty.here("init").sentence()


def test_the_environment_wins_and_is_checked_too(empty: Shell) -> None:
    assert "BOT_WECOM__SECRET" in empty("init", BOT_WECOM__SECERT="x").sentence()
    assert "server.port" in empty("init", BOT_SERVER__PORT="x").sentence()
    other = empty.folder / "other.db"
    assert empty("init", BOT_DATABASE__URL=f"sqlite:///{other}").code == 0
    assert other.exists()


def test_a_configuration_that_is_named_must_be_there(empty: Shell) -> None:
    empty.config.unlink()
    assert "找不到配置文件" in empty("init").sentence()


def test_without_a_database_it_says_what_to_run(empty: Shell) -> None:
    assert "init" in empty.here("say", "linxian", "你好").sentence()


def test_doctor_names_what_is_missing_and_what_to_do(empty: Shell, loaded: Shell) -> None:
    bare = empty("doctor")
    assert bare.code == 1
    assert "[问题] database" in bare.out
    assert "python -m bot init" in bare.out
    full = loaded.here("doctor")
    assert "[问题] config.wecom" in full.out
    assert "wecom.corp_id" in full.out
    assert "[正常] content.plan" in full.out
