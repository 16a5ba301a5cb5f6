"""The API that the bot calls, under /cgi-bin; errors are HTTP 200 with an errcode, as WeCom's."""

import time

from flask import Blueprint, Response, jsonify, request

from simulator.api import app, contacts, messages
from simulator.api.endpoint import ENDPOINTS, OPEN, Answer, Call, Upload
from simulator.errcodes import WecomError
from simulator.faults import Effect, Fault
from simulator.world import World

__all__ = ["LostAnswer", "app", "contacts", "make_api", "messages"]

NOTHING = Fault("", Effect.DELAY, 0)


class LostAnswer(ConnectionError):
    """Makes the server close the connection without an answer (an OSError does that)."""


def make_api(world: World) -> Blueprint:
    """Return the blueprint of the API over one world."""
    blueprint = Blueprint("api", __name__)

    @blueprint.route("/cgi-bin/<path:endpoint>", methods=["GET", "POST"])
    def answer(endpoint: str) -> Response:
        call = _read()
        fault = world.faults.take(endpoint) or NOTHING
        outcome, response = _meet(world, endpoint, fault, call)
        world.calls.add(world.now(), endpoint, outcome, call.logged())
        if fault.effect in {Effect.LOSE, Effect.REFUSE}:
            raise LostAnswer
        return response

    return blueprint


def _read() -> Call:
    if request.mimetype != "multipart/form-data":
        return Call(request.args, request.get_data())
    file = request.files.get("media")
    if file is None:
        return Call(request.args, b"")
    mimetype = file.mimetype or "application/octet-stream"
    return Call(request.args, b"", Upload(file.filename or "file", file.read(), mimetype))


def _meet(world: World, endpoint: str, fault: Fault, call: Call) -> tuple[str, Response]:
    if fault.effect is Effect.HTTP:
        status = int(fault.value)
        return f"http {status}", Response("simulated fault", status=status)
    if fault.effect is Effect.REFUSE:
        return "refused", Response()
    if fault.effect is Effect.EXPIRE:
        world.tokens.expire_all()
    if fault.effect is Effect.DELAY:
        time.sleep(fault.value)
    answer = _answer(world, endpoint, fault, call)
    if isinstance(answer, Response):
        return str(answer.status_code), answer
    outcome = "lost" if fault.effect is Effect.LOSE else str(answer["errcode"])
    return outcome, jsonify(answer)


def _answer(world: World, endpoint: str, fault: Fault, call: Call) -> Answer:
    if fault.effect is Effect.ERRCODE:
        return WecomError(int(fault.value)).answer()
    try:
        return _carry_out(world, endpoint, call)
    except WecomError as error:
        return error.answer()


def _carry_out(world: World, endpoint: str, call: Call) -> Answer:
    function = ENDPOINTS.get(endpoint)
    if function is None:
        return Response("404 page not found", status=404)
    if endpoint not in OPEN:
        world.tokens.check(call.query.get("access_token", ""))
    return function(world, call)
