import pytest

from bot.language.amounts import find_money
from bot.language.script import script


def fen(text: str) -> list[tuple[int, bool]]:
    return [(one.fen, one.approximate) for one in find_money(script(text).plain).amounts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24万元", [(24_000_000, False)]),
        ("1.5万余元", [(1_500_000, True)]),
        ("约24万元", [(24_000_000, True)]),
        ("近24万元", [(24_000_000, True)]),
        ("24万元左右", [(24_000_000, True)]),
        ("壹拾贰万元整", [(12_000_000, False)]),
        ("壹拾贰万圆整", [(12_000_000, False)]),
        ("８，０００元", [(800_000, False)]),
        ("3块5", [(350, False)]),
        ("3元5角", [(350, False)]),
        ("12.50元", [(1250, False)]),
        ("￥1,200,000.50", [(120_000_050, False)]),
        ("投入86.5万", [(86_500_000, False)]),
        ("慰问金24w", [(24_000_000, False)]),
        ("每人500元，共1.8万元", [(50_000, False), (1_800_000, False)]),
        ("走访1.2万人次", []),
        ("20至30万元", []),
        ("十分重视", []),
        ("圆满完成", []),
    ],
)
def test_money_in_fen(text: str, expected: list[tuple[int, bool]]) -> None:
    assert fen(text) == expected


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("发放慰问金24万元", "慰问金"),
        ("24万元慰问金", "慰问金"),
        ("慰问品折合1.2万元", "慰问品"),
        ("花了300元", ""),
    ],
)
def test_what_the_money_is_for(text: str, what: str) -> None:
    assert [one.what for one in find_money(text).amounts] == [what]


def test_a_sum_without_a_unit_is_doubtful_not_guessed() -> None:
    money = find_money("慰问金24")
    assert money.amounts == ()
    assert len(money.doubtful) == 1


@pytest.mark.parametrize("text", ["慰问金" + "9" * 400 + "万元", "9" * 30 + "元", "1亿亿亿亿元"])
def test_more_money_than_there_is_is_no_sum(text: str) -> None:
    assert fen(text) == []
