"""What happens around the app: events as frozen dataclasses (official page 90240)."""

from dataclasses import dataclass
from datetime import datetime

from bot.wecom.card_events import CARD_EVENTS
from bot.wecom.contact_events import contact_changed
from bot.wecom.inbound import Builder, Head, Inbound, moment
from bot.wecom.markup import Node


@dataclass(frozen=True, slots=True)
class Subscribed(Inbound):
    """The person can see the app from now on."""


@dataclass(frozen=True, slots=True)
class Unsubscribed(Inbound):
    """The person left, was disabled or lost sight of the app: deactivate the contact."""


@dataclass(frozen=True, slots=True)
class AgentEntered(Inbound):
    """The chat was opened; comes at every opening, so never greet each time."""


@dataclass(frozen=True, slots=True)
class LocationReported(Inbound):
    """The phone's position at opening; degrees, precision in metres."""

    latitude: float
    longitude: float
    precision: float


@dataclass(frozen=True, slots=True)
class MenuClicked(Inbound):
    """A menu button with a key was pressed."""

    key: str


@dataclass(frozen=True, slots=True)
class PageOpened(Inbound):
    """A menu button opened a page or a mini program; `target` is its URL or path."""

    target: str


@dataclass(frozen=True, slots=True)
class CodeScanned(Inbound):
    """A menu button scanned a code."""

    key: str
    scan_type: str
    result: str


@dataclass(frozen=True, slots=True)
class PicturesChosen(Inbound):
    """A menu button announces pictures, which then come as messages."""

    key: str
    count: int
    md5s: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceChosen(Inbound):
    """A menu button let somebody choose a place; degrees."""

    key: str
    latitude: float
    longitude: float
    label: str
    name: str


@dataclass(frozen=True, slots=True)
class BatchFinished(Inbound):
    """An asynchronous contact job is done."""

    job_id: str
    job_type: str
    errcode: int
    errmsg: str


@dataclass(frozen=True, slots=True)
class ApprovalChanged(Inbound):
    """An approval of the corp moved on."""

    number: str
    template_name: str
    status: str


@dataclass(frozen=True, slots=True)
class SharingChanged(Inbound):
    """The app was shared with, or withdrawn from, another corp."""


@dataclass(frozen=True, slots=True)
class AppStateChanged(Inbound):
    """WeCom warns that it will disable the app for inactivity, did so, or took it back.

    The office must hear of every one of these. `effective_at` is None where none is sent.
    """

    state: str
    effective_at: datetime | None


def _app_state(head: Head, root: Node) -> Inbound:
    seconds = root.text("EffectTime")
    return AppStateChanged(head, root.text("Event"), moment(seconds) if seconds else None)


def _location(head: Head, root: Node) -> Inbound:
    return LocationReported(
        head,
        float(root.text("Latitude")),
        float(root.text("Longitude")),
        float(root.text("Precision") or 0),
    )


def _scanned(head: Head, root: Node) -> Inbound:
    info = root.child("ScanCodeInfo")
    return CodeScanned(head, root.text("EventKey"), info.text("ScanType"), info.text("ScanResult"))


def _pictures(head: Head, root: Node) -> Inbound:
    info = root.child("SendPicsInfo")
    items = [item for pictures in info.all("PicList") for item in pictures.all("item")]
    return PicturesChosen(
        head,
        root.text("EventKey"),
        int(info.text("Count") or 0),
        tuple(item.text("PicMd5Sum") for item in items),
    )


def _place(head: Head, root: Node) -> Inbound:
    info = root.child("SendLocationInfo")
    return PlaceChosen(
        head,
        root.text("EventKey"),
        float(info.text("Location_X")),
        float(info.text("Location_Y")),
        info.text("Label"),
        info.text("Poiname"),
    )


def _batch(head: Head, root: Node) -> Inbound:
    job = root.child("BatchJob")
    return BatchFinished(
        head,
        job.text("JobId"),
        job.text("JobType"),
        int(job.text("ErrCode") or 0),
        job.text("ErrMsg"),
    )


def _approval(head: Head, root: Node) -> Inbound:
    info = root.child("ApprovalInfo")
    return ApprovalChanged(
        head,
        info.text("ThirdNo") or info.text("SpNo"),
        info.text("OpenSpName") or info.text("SpName"),
        info.text("OpenSpStatus") or info.text("SpStatus"),
    )


def _page(head: Head, root: Node) -> Inbound:
    return PageOpened(head, root.text("EventKey"))


_BY_NAME: dict[str, Builder] = {
    "subscribe": lambda head, _root: Subscribed(head),
    "unsubscribe": lambda head, _root: Unsubscribed(head),
    "enter_agent": lambda head, _root: AgentEntered(head),
    "location": _location,
    "click": lambda head, root: MenuClicked(head, root.text("EventKey")),
    "view": _page,
    "view_miniprogram": _page,
    "scancode_push": _scanned,
    "scancode_waitmsg": _scanned,
    "pic_sysphoto": _pictures,
    "pic_photo_or_album": _pictures,
    "pic_weixin": _pictures,
    "location_select": _place,
    "batch_job_result": _batch,
    "change_contact": contact_changed,
    "open_approval_change": _approval,
    "sys_approval_change": _approval,
    "share_agent_change": lambda head, _root: SharingChanged(head),
    "share_chain_change": lambda head, _root: SharingChanged(head),
    "inactive_alert": _app_state,
    "low_active_alert": _app_state,
    "close_inactive_agent": _app_state,
    "reopen_inactive_agent": _app_state,
    "low_active": _app_state,
    "active_restored": _app_state,
    **CARD_EVENTS,
}
EVENTS: dict[str, Builder] = {f"event.{name}": build for name, build in _BY_NAME.items()}
