"""The configuration: config.toml, overridden by the environment (`BOT_WECOM__SECRET=…`).

An unknown or wrong key stops the start with one Chinese sentence that names it
(contract.md section 4). Every key is explained in config.example.toml and docs/settings.md.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings.exceptions import SettingsError

from bot.errors import ConfigError

DATA = Path(__file__).parents[1] / "data"
PREFIX = "BOT_"
OWN_VARIABLES = ("BOT_CONFIG", "BOT_TEST_", "BOT_FAULT_")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Office(_Part):
    """How the office calls itself, and whom a stranger may ask."""

    name: str = "双拥办"
    telephone: str = ""


class WeCom(_Part):
    """The self-built app (自建应用) through which the bot speaks."""

    corp_id: str = ""
    agent_id: int = 0
    secret: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    encoding_aes_key: SecretStr = SecretStr("")
    previous_token: SecretStr = SecretStr("")
    previous_encoding_aes_key: SecretStr = SecretStr("")
    api_base_url: str = "https://qyapi.weixin.qq.com"
    cards: bool = False
    timestamp_window_minutes: int = Field(default=0, ge=0, le=1440)

    @field_validator("api_base_url")
    @classmethod
    def _is_http(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("应以 http:// 或 https:// 开头")
        return value.rstrip("/")


class DatabasePart(_Part):
    """Where the bot remembers."""

    url: str = Field(default="sqlite:///var/bot.db", repr=False)
    """It may hold a password."""


class Server(_Part):
    """Where the bot listens."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str = ""
    threads: int = Field(default=32, ge=1, le=256)


class Schedule(_Part):
    """When the bot acts by itself."""

    timezone: str = "Asia/Shanghai"
    quiet_from: time = time(20, 0)
    quiet_until: time = time(8, 0)
    pulse_seconds: float = Field(default=1.0, ge=0.05, le=60)
    holiday_rules: Path = DATA / "holiday-rules.toml"

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("不是有效的时区名，例如 Asia/Shanghai") from None
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.timezone)


class Knowledge(_Part):
    """What helps the bot understand questions."""

    synonyms: Path = DATA / "synonyms.csv"


class Log(_Part):
    """What the bot writes about itself."""

    level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")


class Settings(BaseSettings):
    """All settings, read once at the start and never changed."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True
    )

    office: Office = Office()
    wecom: WeCom = WeCom()
    database: DatabasePart = DatabasePart()
    server: Server = Server()
    schedule: Schedule = Schedule()
    knowledge: Knowledge = Knowledge()
    log: Log = Log()

    def secrets(self) -> list[str]:
        """Return what must never be shown; the database keeps its own password out."""
        kept = [getattr(self.wecom, name) for name in WeCom.model_fields]
        return [value.get_secret_value() for value in kept if isinstance(value, SecretStr)]


def load(path: Path | None = None) -> Settings:
    """Read the settings from `path` (else `$BOT_CONFIG`, else ./config.toml) and the environment.

    A file that was named but is missing raises ConfigError; without any file the defaults and
    the environment are used.
    """
    named = path or (Path(os.environ["BOT_CONFIG"]) if os.environ.get("BOT_CONFIG") else None)
    if named is not None and not _is_file(named):
        raise ConfigError(f"找不到配置文件 {named}，请检查 --config 或 BOT_CONFIG。")
    source = named or Path("config.toml")
    _check_environment(os.environ)
    try:
        return _reader(source)()
    except ValidationError as error:
        raise ConfigError(_explain(error, source)) from None
    except SettingsError:
        raise ConfigError("环境变量 BOT_… 的写法有误，应形如 BOT_WECOM__SECRET=值。") from None
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        place = f"第 {line[1]} 行附近写法有误" if line else "文件末尾不完整"
        raise ConfigError(f"配置文件 {source} 不是有效的 TOML：{place}。") from None
    except (ValueError, OSError):
        raise ConfigError(f"配置文件 {source} 读不出来：应为 UTF-8 编码的文本文件。") from None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # for example a name of 300 letters
        return False


def _reader(source: Path) -> type[Settings]:
    class FileSettings(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            del init_settings, dotenv_settings, file_secret_settings
            assert isinstance(env_settings, EnvSettingsSource)
            return env_settings, TomlConfigSettingsSource(settings_cls, toml_file=source)

    return FileSettings


def keys() -> dict[str, str]:
    """Return every known key as `part.name` with the name of its environment variable."""
    found: dict[str, str] = {}
    for part, field in Settings.model_fields.items():
        annotation = field.annotation
        assert isinstance(annotation, type)
        assert issubclass(annotation, BaseModel)
        for name in annotation.model_fields:
            found[f"{part}.{name}"] = f"{PREFIX}{part}__{name}".upper()
    return found


def _check_environment(environment: Mapping[str, str]) -> None:
    known = set(keys().values())
    for name in sorted(environment):
        if not name.startswith(PREFIX) or name.startswith(OWN_VARIABLES) or name in known:
            continue
        hint = _nearest(name, known)
        raise ConfigError(f"环境变量 {name} 不是双拥通的配置项{hint}。")


def _explain(error: ValidationError, source: Path) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    key = ".".join(str(step) for step in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"配置项 {key} 不认识{_nearest(key, _names(key))}（配置文件 {source}）。"
    return f"配置项 {key} 的值不对：{_reason(dict(first))}（配置文件 {source} 或环境变量）。"


def _names(key: str) -> set[str]:
    return set(keys()) if "." in key else set(Settings.model_fields)


def _nearest(name: str, known: set[str]) -> str:
    close = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"，是不是 {close[0]}" if close else "，可用的配置项见 config.example.toml"


_REASONS = {
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "bool_parsing": "应为 true 或 false",
    "bool_type": "应为 true 或 false",
    "float_parsing": "应为数字",
    "float_type": "应为数字",
    "string_type": "应为文字",
    "time_parsing": "应为时刻，例如 08:00",
    "path_type": "应为文件路径",
    "model_type": "应为一节配置，例如 [wecom]",
}


def _reason(problem: dict[str, Any]) -> str:
    kind = str(problem["type"])
    context = problem.get("ctx") or {}
    if kind == "value_error":
        return str(context.get("error", "不符合要求"))
    if kind in {"greater_than_equal", "less_than_equal"}:
        bound = context.get("ge", context.get("le"))
        return f"应{'不小于' if 'ge' in context else '不大于'} {bound}"
    if kind == "string_pattern_mismatch":
        return "只能是 DEBUG、INFO、WARNING、ERROR 之一"
    return _REASONS.get(kind, "不符合要求")
