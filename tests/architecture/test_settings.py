"""Every setting can be given in the file and in the environment, and means the same in both."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot import settings
from tests.support.process import write_config

SAMPLES: dict[str, Any] = {
    "office.name": "临县双拥办",
    "office.telephone": "0358-1234567",
    "wecom.corp_id": "ww1",
    "wecom.agent_id": 1000002,
    "wecom.secret": "s",
    "wecom.token": "t",
    "wecom.encoding_aes_key": "k",
    "wecom.previous_token": "pt",
    "wecom.previous_encoding_aes_key": "pk",
    "wecom.api_base_url": "https://wecom.example.gov.cn",
    "wecom.cards": True,
    "wecom.timestamp_window_minutes": 30,
    "database.url": "postgresql://a@b/c",
    "server.host": "0.0.0.0",
    "server.port": 9000,
    "server.public_url": "https://sy.example.gov.cn",
    "server.threads": 3,
    "schedule.timezone": "Asia/Urumqi",
    "schedule.quiet_from": "21:30",
    "schedule.quiet_until": "07:15",
    "schedule.pulse_seconds": 2.5,
    "schedule.holiday_rules": "rules.toml",
    "knowledge.synonyms": "words.csv",
    "log.level": "DEBUG",
}
KEYS = settings.keys()


def shown(loaded: settings.Settings, key: str) -> str:
    part, name = key.split(".")
    value = getattr(getattr(loaded, part), name)
    return str(value.get_secret_value() if isinstance(value, SecretStr) else value)


def test_there_is_a_sample_for_every_setting() -> None:
    assert set(SAMPLES) == set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_a_setting_takes_effect_from_both_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.chdir(tmp_path)
    part, name = key.split(".")
    default = shown(settings.load(), key)
    told = settings.load(write_config(tmp_path / "own.toml", **{part: {name: SAMPLES[key]}}))
    monkeypatch.setenv(KEYS[key], str(SAMPLES[key]))
    assert shown(settings.load(), key) == shown(told, key) != default


@pytest.mark.parametrize("key", KEYS)
def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    part, name = key.split(".")
    default = getattr(getattr(settings.Settings(), part), name)
    written = shown(settings.Settings(), key) if not isinstance(default, int | float) else default
    file = write_config(tmp_path / "own.toml", **{part: {name: written}})
    monkeypatch.setenv(KEYS[key], str(SAMPLES[key]))
    assert shown(settings.load(file), key).startswith(str(SAMPLES[key]))


def test_the_file_in_the_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_config(tmp_path / "config.toml", server={"port": 4711})
    monkeypatch.chdir(tmp_path)
    assert settings.load().server.port == 4711
    other = write_config(tmp_path / "other.toml", server={"port": 4712})
    monkeypatch.setenv("BOT_CONFIG", str(other))
    assert settings.load().server.port == 4712


def test_no_secret_is_shown_by_accident() -> None:
    named = settings.WeCom.model_validate(
        dict.fromkeys(("secret", "token", "encoding_aes_key", "previous_token"), "geheim")
    )
    assert "geheim" not in repr(named)
    assert "geheim" not in str(settings.Settings(wecom=named))
