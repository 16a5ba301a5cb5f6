import pytest

from bot.language.counts import find_counts
from bot.language.script import script


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("走访部队5个", [(5, "个", "走访部队", False)]),
        ("慰问优抚对象120余人次", [(120, "人次", "慰问优抚对象", True)]),
        ("3场次", [(3, "场次", "", False)]),
        ("两个村", [(2, "个", "村", False)]),
        ("分成3组", [(3, "组", "分成", False)]),
        ("走访了5个部队", [(5, "个", "走访部队", False)]),
        ("１２户", [(12, "户", "", False)]),
        ("第3次", []),
        ("3个月", []),
        ("两周", []),
        ("四个不摘", []),
        ("一批企业", []),
        ("一个部队也没走访", []),
        ("几十人", []),
        ("三四十人", []),
        ("3-5个", []),
        ("216次常委会", []),
    ],
)
def test_counted_things(text: str, expected: list[tuple[int, str, str, bool]]) -> None:
    found = find_counts(script(text).plain)
    assert [(one.value, one.unit, one.what, one.approximate) for one in found] == expected
