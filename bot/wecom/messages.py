"""What people send: the decrypted XML as frozen dataclasses (official page 90239)."""

from dataclasses import dataclass

from bot.wecom.events import EVENTS
from bot.wecom.inbound import Builder, Inbound, Unknown, read_head
from bot.wecom.markup import MarkupError, read
from bot.wecom.rejection import CallbackRejected


@dataclass(frozen=True, slots=True)
class TextMessage(Inbound):
    """Something typed."""

    content: str


@dataclass(frozen=True, slots=True)
class ImageMessage(Inbound):
    """A picture; `media_id` can be fetched for three days."""

    media_id: str
    url: str


@dataclass(frozen=True, slots=True)
class VoiceMessage(Inbound):
    """A recording (amr or speex); `recognition` is "" unless WeCom sends one."""

    media_id: str
    format: str
    recognition: str


@dataclass(frozen=True, slots=True)
class VideoMessage(Inbound):
    """A video and its preview picture."""

    media_id: str
    thumb_media_id: str


@dataclass(frozen=True, slots=True)
class LocationMessage(Inbound):
    """A place that somebody chose on the map; degrees."""

    latitude: float
    longitude: float
    scale: int
    label: str


@dataclass(frozen=True, slots=True)
class LinkMessage(Inbound):
    """A shared page."""

    title: str
    description: str
    url: str
    picture_url: str


@dataclass(frozen=True, slots=True)
class FileMessage(Inbound):
    """A file. The official list lacks it for self-built apps; private deployments send it."""

    media_id: str
    file_name: str


_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r"))
"""XML cannot hold them, yet a text pasted from a word processor may."""


def parse(plaintext: bytes) -> Inbound:
    """Return what the decrypted XML says.

    What is no WeCom message at all raises CallbackRejected; a message of an unknown kind, with
    unreadable numbers or without a sender is `Unknown` and never raises.
    """
    try:
        root = read(plaintext.translate(None, _CONTROLS))
    except MarkupError:
        raise CallbackRejected("message") from None
    if root.tag != "xml":
        raise CallbackRejected("message")
    head = read_head(root, plaintext)
    try:
        return _builder(head.kind)(head, root) if head.sender else Unknown(head)
    except ValueError:
        return Unknown(head)


def _builder(kind: str) -> Builder:
    name = kind.lower()
    return MESSAGES.get(name) or EVENTS.get(name) or (lambda head, _root: Unknown(head))


MESSAGES: dict[str, Builder] = {
    "text": lambda head, root: TextMessage(head, root.text("Content")),
    "image": lambda head, root: ImageMessage(head, root.text("MediaId"), root.text("PicUrl")),
    "voice": lambda head, root: VoiceMessage(
        head, root.text("MediaId"), root.text("Format"), root.text("Recognition")
    ),
    "video": lambda head, root: VideoMessage(head, root.text("MediaId"), root.text("ThumbMediaId")),
    "location": lambda head, root: LocationMessage(
        head,
        float(root.text("Location_X")),
        float(root.text("Location_Y")),
        int(root.text("Scale") or 0),
        root.text("Label"),
    ),
    "link": lambda head, root: LinkMessage(
        head, root.text("Title"), root.text("Description"), root.text("Url"), root.text("PicUrl")
    ),
    "file": lambda head, root: FileMessage(
        head, root.text("MediaId"), root.text("FileName") or root.text("Title")
    ),
}
