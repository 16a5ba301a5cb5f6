"""The file from which the next start goes on."""

import json
import os
from pathlib import Path
from typing import Any


class StoreError(Exception):
    """The file cannot be read; the message is one Chinese sentence."""


def save(path: Path, data: dict[str, Any]) -> None:
    """Write `data` so that a crash leaves either the old file or the new one."""
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(data, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def load(path: Path) -> dict[str, Any] | None:
    """Return what was saved, None when nothing was; StoreError when the file is damaged."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        data = None
    if not isinstance(data, dict):
        raise damaged(path)
    return data


def damaged(path: Path) -> StoreError:
    """Return the error for a file that is not what was saved."""
    return StoreError(f"文件 {path} 已损坏，请删除它后重新启动。")
