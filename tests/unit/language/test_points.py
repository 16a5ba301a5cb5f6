import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.points import find_points
from bot.language.script import script


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("第11条", (11,)),
        ("第十一条", (11,)),
        ("第１１条", (11,)),
        ("要点11", (11,)),
        ("要点七", (7,)),
        ("第4、5、19条", (4, 5, 19)),
        ("4-6条都完成了", (4, 5, 6)),
        ("第4条和第9条", (4, 9)),
        ("第4条至第6条", (4, 5, 6)),
        ("11 已完成", (11,)),
        ("11已完成", (11,)),
        ("11、12条已完成", (11, 12)),
        ("催办 11", (11,)),
        ("第20条", (20,)),
        ("第99条", (99,)),
        ("第11条第3项", (11,)),
        ("第11条，第11条", (11,)),
        ("吕拥办发〔2021〕4号", ()),
        ("国防法第11条", ()),
        ("《退役军人保障法》第20条", ()),
        ("11月底前完成", ()),
        ("11个部队", ()),
        ("11万元", ()),
        ("11号完成", ()),
        ("8.10前完成", ()),
        ("8月10日", ()),
        ("收到建议20条", ()),
        ("第三季度", ()),
        ("第二次走访", ()),
        ("1、走访部队5个；2、慰问金24万元", ()),
    ],
)
def test_points_named(text: str, numbers: tuple[int, ...]) -> None:
    assert find_points(script(text).plain).numbers == numbers


@given(st.lists(st.integers(1, 30), min_size=1, max_size=5, unique=True))
def test_every_list_of_points_is_read(numbers: list[int]) -> None:
    text = "第" + "、".join(str(number) for number in numbers) + "条已完成"
    assert find_points(text).numbers == tuple(numbers)
