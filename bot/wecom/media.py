"""Files to and from WeCom: what may be uploaded, and under which name."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath

from bot.errors import InputError

_MB = 1024 * 1024
_LEAST = 6  # bytes; WeCom refuses 5 and fewer


class MediaKind(StrEnum):
    """The kinds of temporary media (official page 90253)."""

    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    FILE = "file"


_MOST = {
    MediaKind.IMAGE: (10 * _MB, "图片不能超过 10 MB，请压缩后再发。"),
    MediaKind.VOICE: (2 * _MB, "语音不能超过 2 MB，请分段再发。"),
    MediaKind.VIDEO: (10 * _MB, "视频不能超过 10 MB，请压缩后再发。"),
    MediaKind.FILE: (20 * _MB, "文件不能超过 20 MB，请压缩或拆分后再发。"),
}


@dataclass(frozen=True)
class Media:
    """A downloaded file; `filename` is "" where WeCom names none."""

    content: bytes = field(repr=False)
    content_type: str
    filename: str


def check_size(kind: MediaKind, content: bytes) -> None:
    """Raise InputError if WeCom would not take that many bytes."""
    most, sentence = _MOST[kind]
    if len(content) > most:
        raise InputError(sentence)
    if len(content) < _LEAST:
        raise InputError("文件是空的或内容太少，企业微信不接收，请检查后再发。")


def wire_name(filename: str) -> str:
    """Return an ASCII name with the same extension.

    Whether WeCom reads a name that is not ASCII depends on how the HTTP library writes it, so
    none is sent (protocol notes, section 4.4).
    """
    path = PurePath(filename)
    stem = re.sub(r"[^0-9A-Za-z_\-]+", "", path.stem) or "file"
    extension = re.sub(r"[^0-9A-Za-z.]+", "", path.suffix)
    return f"{stem[:64]}{extension[:16]}"
