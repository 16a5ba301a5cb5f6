"""The JSON through which the chat page and the tests hold the phones and set faults."""

import base64
import binascii
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from simulator.callback import Delivery
from simulator.clock import SHANGHAI
from simulator.errcodes import WecomError
from simulator.faults import Fault, FaultError
from simulator.moments import moments
from simulator.people import Person
from simulator.phone import Click, PhoneError, Phones
from simulator.photo import sample_photo
from simulator.world import World

MAX_WAIT = 20.0
"""Seconds that a page may wait for news in one request."""

TimeMachine = Callable[[datetime], None]
"""Moves the clock, and whatever must see the new time; TimeError when that fails."""


class TimeError(Exception):
    """The clock could not be moved; the message is one Chinese sentence."""


class AskError(Exception):
    """A request of the page that makes no sense; the message is one Chinese sentence."""


def make_control(world: World, phones: Phones, move: TimeMachine) -> Blueprint:
    """Return the blueprint under /simulator."""
    blueprint = Blueprint("control", __name__, url_prefix="/simulator")
    _reading(blueprint, world)
    _doing(blueprint, world, phones)
    _clock(blueprint, world, move)
    _faults(blueprint, world)
    for error in (AskError, PhoneError, FaultError, TimeError):
        blueprint.register_error_handler(error, _refuse)
    return blueprint


def _refuse(error: Exception) -> tuple[Response, int]:
    return jsonify(error=str(error)), 400


def _reading(blueprint: Blueprint, world: World) -> None:
    @blueprint.get("/people")
    def people() -> Response:
        everyone = [
            {"userid": one.userid, "name": one.name, "unit": one.unit, "role": one.role}
            for one in world.members.all()
        ]
        return jsonify(people=everyone, received=world.conversations.received())

    @blueprint.get("/conversations/<userid>")
    def conversation(userid: str) -> Response:
        _person(world, userid)
        after = request.args.get("after", 0, type=int)
        wait = min(request.args.get("wait", 0.0, type=float), MAX_WAIT)
        changed = world.conversations.wait(after, wait) if wait > 0 else world.conversations.changed
        entries = world.conversations.entries(userid, after)
        return jsonify(
            entries=[entry.as_json() for entry in entries],
            received=world.conversations.received(after),
            changed=changed,
            now=world.now(),
        )

    @blueprint.get("/calls")
    def calls() -> Response:
        silent = {"dropped": dict(world.rate.dropped), "suppressed": world.duplicates.suppressed}
        return jsonify({**world.calls.as_json(), **silent})

    @blueprint.get("/menu")
    def menu() -> Response:
        return jsonify(world.menu or {"button": []})

    @blueprint.get("/media/<media_id>")
    def media(media_id: str) -> Response:
        try:
            medium = world.media.get(media_id)
        except WecomError:
            return Response("文件已过期（临时素材只保留三天）。", status=404)
        inline = medium.kind == "image" and medium.mimetype in {"image/png", "image/jpeg"}
        response = Response(
            medium.content,
            content_type=medium.mimetype if inline else "application/octet-stream",
        )
        response.headers.set(
            "Content-Disposition", "inline" if inline else "attachment", filename=medium.name
        )
        return response


def _doing(blueprint: Blueprint, world: World, phones: Phones) -> None:
    @blueprint.post("/say")
    def say() -> Response:
        data = _asked()
        text = str(data.get("text", ""))
        if not text.strip():
            raise AskError("请先输入内容。")
        return _told(phones.say(_asking(world, data).userid, text))

    @blueprint.post("/click")
    def click() -> Response:
        data = _asked()
        chosen = data.get("selections") or {}
        number = data.get("entry")
        press = Click(
            key=str(data.get("key", "")),
            selections={str(key): [str(one) for one in chosen[key]] for key in chosen},
            entry=int(number) if number is not None else None,
        )
        return _told(phones.click(_asking(world, data).userid, press))

    @blueprint.post("/photo")
    def photo() -> Response:
        data = _asked()
        name, content = str(data.get("name") or "现场照片.png"), _picture(data)
        base_url = request.host_url.rstrip("/")
        return _told(phones.photo(_asking(world, data).userid, name, content, base_url))

    @blueprint.post("/menu")
    def press_menu() -> Response:
        data = _asked()
        return _told(phones.press_menu(_asking(world, data).userid, str(data.get("key", ""))))

    @blueprint.post("/enter")
    def enter() -> Response:
        return _told(phones.enter(_asking(world, _asked()).userid))

    @blueprint.post("/subscribe")
    def subscribe() -> Response:
        return _told(phones.subscribe(_asking(world, _asked()).userid))


def _clock(blueprint: Blueprint, world: World, move: TimeMachine) -> None:
    @blueprint.get("/clock")
    def clock() -> Response:
        return jsonify(now=world.clock.now().isoformat())

    @blueprint.post("/clock")
    def move_clock() -> Response:
        move(_moment(_asked(), world.clock.now()))
        return jsonify(now=world.clock.now().isoformat())

    @blueprint.get("/moments")
    def named_moments() -> Response:
        now = world.clock.now()
        return jsonify(now=now.isoformat(), moments=[one.as_json() for one in moments(now)])


def _faults(blueprint: Blueprint, world: World) -> None:
    @blueprint.get("/faults")
    def faults() -> Response:
        return jsonify(faults=world.faults.as_json())

    @blueprint.post("/faults")
    def add_fault() -> Response:
        world.faults.add(Fault.read(_asked()))
        return jsonify(faults=world.faults.as_json())

    @blueprint.delete("/faults")
    def clear_faults() -> Response:
        world.faults.clear()
        return jsonify(faults=[])


def _asked() -> dict[str, Any]:
    try:
        data = request.get_json()
    except HTTPException:
        data = None
    if not isinstance(data, dict):
        raise AskError("请求应为一个 JSON 对象。")
    return data


def _asking(world: World, data: dict[str, Any]) -> Person:
    return _person(world, str(data.get("userid", "")))


def _person(world: World, userid: str) -> Person:
    person = world.members.find(userid)
    if person is None:
        raise AskError("名册里没有这个人。")
    return person


def _told(delivery: Delivery) -> Response:
    return jsonify(reply=delivery.text, attempts=len(delivery.attempts), problem=delivery.problem)


def _picture(data: dict[str, Any]) -> bytes:
    encoded = data.get("data")
    if encoded is None:
        return sample_photo()
    try:
        content = base64.b64decode(str(encoded), validate=True)
    except binascii.Error:
        raise AskError("图片读不出来。") from None
    if not 5 < len(content) <= 10 << 20:
        raise AskError("图片应小于 10 MB。")
    return content


def _moment(data: dict[str, Any], now: datetime) -> datetime:
    try:
        if "seconds" in data:
            return now + timedelta(seconds=float(data["seconds"]))
        at = datetime.fromisoformat(str(data["at"]))
    except (KeyError, ValueError, OverflowError):
        raise AskError("时间看不懂，请按“2021-07-28 09:00”填写。") from None
    if not 2000 <= at.year <= 2099:
        raise AskError("时间应在 2000 年到 2099 年之间。")
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)
