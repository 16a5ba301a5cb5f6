"""`python -m simulator`: the ready line, and one sentence for each mistake."""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
import requests

from simulator.__main__ import main
from simulator.corp import random_corp

PROJECT = Path(__file__).parents[2]


@pytest.mark.slow
def test_serve_says_when_it_is_ready(tmp_path: Path) -> None:
    config = tmp_path / "simulator.json"
    config.write_text(json.dumps({**asdict(random_corp()), "people": 1500}), encoding="utf-8")
    command = [sys.executable, "-m", "simulator", "serve", "--config", str(config)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as process:
        assert process.stdout is not None
        ready, url = process.stdout.readline().split()
        people = requests.get(f"{url}/simulator/people", timeout=5).json()["people"]
        process.terminate()
        assert process.wait(timeout=10) == 0
    assert ready == "ready"
    assert len(people) == 1501


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "应为 JSON 文件"),
        ("[]", "应为一个 JSON 对象"),
        ("{}", "配置缺少 corp_id、agent_id、secret、token、encoding_aes_key"),
        ({"encoding_aes_key": "short"}, "应为 43 个字母和数字"),
        ({"roster": "nowhere.csv"}, "读不了名册"),
        ({"moment": "yesterday"}, "应为时刻"),
    ],
)
def test_a_wrong_configuration_is_one_sentence(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: str | dict[str, str] | None,
    sentence: str,
) -> None:
    config = tmp_path / "simulator.json"
    if isinstance(content, dict):
        content = json.dumps({**asdict(random_corp()), **content})
    if content is not None:
        config.write_text(content, encoding="utf-8")
    assert main(["serve", "--config", str(config)]) == 1
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1
