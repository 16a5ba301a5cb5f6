"""What the bot says about documents: answers, refusals, and files that cannot be read."""

from collections.abc import Sequence
from datetime import date

OFFICE = "双拥办"

# --- files ---


def file_too_large(name: str, megabytes: int) -> str:
    """The file is over the cap."""
    return f"文件“{name}”超过 {megabytes} MB，请去掉图片或拆成几个文件后再导入。"


def file_unreadable(name: str) -> str:
    """There is no such file, or it may not be read."""
    return f"找不到或打不开文件“{name}”，请检查文件名和位置后重试。"


def file_kind_unknown(name: str) -> str:
    """The name's ending is none that can be read."""
    return f"文件“{name}”的格式读不了，请另存为 .docx、.pdf、.txt 或 .md 后再导入。"


def file_empty(name: str) -> str:
    """The file holds no text."""
    return f"文件“{name}”里没有文字，请检查是否选错了文件。"


def file_not_text(name: str) -> str:
    """The content is no text, whatever its name says."""
    return f"文件“{name}”不是文字文件或编码读不了，请用 UTF-8 编码另存后再导入。"


def file_broken(name: str) -> str:
    """The parser gave up."""
    return f"文件“{name}”已损坏或格式不对，请重新另存一份后再导入。"


def file_encrypted(name: str) -> str:
    """The file needs a password."""
    return f"文件“{name}”有密码，请去掉密码另存后再导入。"


def file_old_or_encrypted_word(name: str) -> str:
    """An OLE file: old .doc, or a .docx under a password."""
    return f"文件“{name}”是旧版 Word 文件或设有密码，请去掉密码并另存为 .docx 后再导入。"


def file_bomb(name: str) -> str:
    """The archive unpacks to far more than any document."""
    return f"文件“{name}”解压后大得不正常，为安全起见没有读取，请重新另存一份后再导入。"


def file_scanned(name: str) -> str:
    """A PDF of pictures."""
    return f"文件“{name}”里没有文字，像是扫描件，请先做文字识别或改用 Word 原稿再导入。"


def file_too_many_pages(name: str, cap: int) -> str:
    """More pages than are read."""
    return f"文件“{name}”超过 {cap} 页，请拆成几个文件后再导入。"


# --- the work plan's document ---


def plan_without_sections(source: str) -> str:
    """No line begins with 一、."""
    return f"“{source}”里找不到“一、”开头的部分标题，请检查是不是工作要点文件。"


def plan_without_points(source: str) -> str:
    """No line begins with 1."""
    return f"“{source}”里找不到“1.”开头的要点，请检查序号后重试。"


def plan_without_number(source: str) -> str:
    """The 文号 is missing."""
    return f"“{source}”里没有文号（如“吕拥办发〔2021〕4号”），请补上后重试。"


def plan_without_date(source: str) -> str:
    """The date under the signature is missing."""
    return f"“{source}”里没有单独成行的成文日期（如“2021年7月28日”），请补上后重试。"


def plan_date_impossible(source: str, written: str) -> str:
    """Such a day does not exist."""
    return f"“{source}”里的成文日期“{written}”不存在，请改正后重试。"


def plan_without_title(source: str) -> str:
    """The title line is missing."""
    return f"“{source}”里没有单独成行的标题（如“2021年吕梁市双拥工作要点”），请补上后重试。"


def plan_number_out_of_turn(
    source: str, noun: str, line: int, found: int, expected: int, before: str
) -> str:
    """A section or point has another number than its place demands."""
    fault = "重复或倒退" if found < expected else "跳号"
    return (
        f"“{source}”第 {line} 行序号{fault}：应为第 {expected} {noun}，"
        f"写的是第 {found} {noun}（前文是“{before}”），请改正后重试。"
    )


def plan_section_empty(source: str, section: int) -> str:
    """A section without points."""
    return f"“{source}”第 {section} 部分下面没有要点，请检查后重试。"


def plan_point_empty(source: str, number: int) -> str:
    """A number without text."""
    return f"“{source}”里序号 {number} 后面没有文字，请检查后重试。"


# --- policy documents ---


def article_missing(source: str, line: int, missing: int, found: int) -> str:
    """An article is missing between two others."""
    return f"“{source}”第 {line} 行是第 {found} 条，前面缺第 {missing} 条，请补上后重试。"


def jsonl_wrong(source: str) -> str:
    """Head of the list of bad lines."""
    return f"“{source}”没有导入，请改正下面各行后重试："


_JSONL_FAULTS = {
    True: "编号重复",
    False: "应为一行一个 JSON，含 id、title、text 三项且都不为空",
}


def jsonl_line_wrong(line: int, *, doubled: bool) -> str:
    """One bad line of a .jsonl file."""
    return f"第 {line} 行：{_JSONL_FAULTS[doubled]}。"


def synonyms_wrong(name: str) -> str:
    """Head of the list of bad rows."""
    return f"同义词表“{name}”没有载入，请改正下面各行后重试："


def synonym_row_wrong(row: int) -> str:
    """One bad row."""
    return f"第 {row} 行：每行应为一个词和至少一个同义词，词不能重复。"


# --- answers ---


def named(document: str) -> str:
    """The document's name in its marks."""
    return document if document.startswith("《") else f"《{document}》"


def cite(label: str) -> str:
    """How a source is marked in an answer."""
    return f"【{label}】"


def quoted(document: str, label: str, quote: str) -> str:
    """One source and its words."""
    return f"{named(document)}{cite(label)}：\n{quote}"


def several(sources: Sequence[tuple[str, str, str]]) -> str:
    """Several sources, each (document, label, quote), the best first."""
    lines = [f"有 {len(sources)} 处写到："]
    lines += [f"{named(document)}{cite(label)}：\n{quote}" for document, label, quote in sources]
    return "\n".join(lines)


def you_may_mean(labels: Sequence[str]) -> str:
    """Other points that the question may mean."""
    listed = "、".join(labels)
    return f"您可能还想问：{listed}。回复“{labels[0]}”可看原文。"


def section(document: str, title: str, quotes: Sequence[tuple[str, str]]) -> str:
    """A section of the plan with the beginnings of its points."""
    first, last = quotes[0][0], quotes[-1][0]
    lines = [f"{named(document)}{title}，共 {len(quotes)} 条（{first}至{last}）："]
    lines += [f"{cite(label)}{quote}" for label, quote in quotes]
    lines.append(f"回复“{first}”可看原文。")
    return "\n".join(lines)


def no_such_section(document: str, number: int, count: int) -> str:
    """The plan has fewer sections."""
    return f"{named(document)}共 {count} 个部分，没有第 {number} 部分。"


def no_such_points(document: str, numbers: Sequence[int], count: int) -> str:
    """The plan has fewer points."""
    listed = "、".join(f"第{number}条" for number in numbers)
    return f"{named(document)}共 {count} 条，没有{listed}。请核对序号，或直接说您想问的事。"


def no_such_article(document: str, number: int) -> str:
    """The law has no such article."""
    return f"{named(document)}里没有第 {number} 条，请核对条号，或向{OFFICE}询问。"


def law_unknown(name: str) -> str:
    """The law is not among the documents."""
    return f"现有文件里没有{named(name)}，不能回答它的条文。请向{OFFICE}询问。"


def day_in_words(day: date) -> str:
    """A date as documents print it."""
    return f"{day.year}年{day.month}月{day.day}日"


def structure(points: int, sections: Sequence[tuple[str, str]]) -> str:
    """The plan's make-up: its sections with the labels of their first and last points."""
    lines = [f"共 {points} 条，分 {len(sections)} 个部分："]
    lines += [f"{title}（{span}）" for title, span in sections]
    return "\n".join(lines)


_FACTS = {
    "文号": "{document}的文号是{value}。",
    "发文日期": "{document}于{value}印发。",
    "发文机关": "{document}由{value}印发。",
    "标题": "文件的标题是{document}。",
    "条数": "{document}{value}",
    "部分": "{document}{value}",
}


def fact(label: str, document: str, value: str) -> str:
    """A fact of the document in a sentence."""
    return _FACTS[label].format(document=named(document), value=value)


def overall(document: str, quote: str) -> str:
    """The plan's preamble."""
    return f"{named(document)}的总体要求：\n{quote}"


# --- refusals ---


def nothing_asked() -> str:
    """An empty question."""
    return "请直接写下您想问的事，例如“八一走访慰问有什么要求”，或回复“第11条”。"


def no_documents() -> str:
    """Nothing has been imported yet."""
    return f"还没有导入文件，暂时不能回答。请向{OFFICE}询问。"


def not_covered(documents: Sequence[str]) -> str:
    """The documents are silent."""
    where = named(documents[0]) if len(documents) == 1 else "现有文件"
    return f"{where}没有写到这个问题，我不能随意回答。请向{OFFICE}询问。"


def perhaps(labels: Sequence[str]) -> str:
    """Points near a question that is not answered."""
    return f"您可能想问：{'、'.join(labels)}。回复“{labels[0]}”可看原文。"


def not_stated(what: str, label: str) -> str:
    """A point fits the subject but does not hold what is asked for."""
    return f"文件没有写明“{what}”，不能随意回答，请向{OFFICE}询问。相关内容可回复“{label}”查看。"


_OUTSIDE = {
    "secret": "这个问题可能涉及军事秘密，按保密规定不能回答，也请不要在这里发送这类信息。"
    "确有工作需要，请当面向{office}询问。",
    "personal": "我这里没有个人信息和联系方式，不能提供。请向{office}询问。",
    "other_place": "我只有本市的文件，没有{named}的文件，不能回答。请向{named}的双拥办询问，"
    "本市的事可问{office}。",
    "other_year": "现有文件里没有{named}年的工作要点，不能用其他年份的文件代替回答。"
    "请向{office}询问。",
}


def outside(reason: str, named_thing: str) -> str:
    """Why a question is not answered: secret, personal, another place or year."""
    return _OUTSIDE[reason].format(office=OFFICE, named=named_thing)


_SILENT_ON = {"who": "由谁负责", "when": "完成时限"}


def unassigned(asked: str, labels: Sequence[str]) -> str:
    """Neither the document nor the office has said who, or until when."""
    points = "、".join(cite(label) for label in labels)
    where = f"{points}没有写{_SILENT_ON[asked]}：" if labels else ""
    return f"{where}文件未明确，待{OFFICE}确认。"
