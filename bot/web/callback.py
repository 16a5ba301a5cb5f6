"""WeCom's callback as an adapter: it takes body and query, and knows nothing else."""

import logging

from flask import Blueprint, Response, request

from bot.conversation.door import Door
from bot.wecom.crypto import MAX_BODY
from bot.wecom.rejection import CallbackRejected

log = logging.getLogger(__name__)
PATH = "/wecom/callback"


def blueprint(door: Door) -> Blueprint:
    """Return the two routes of the callback. Every rejection is the same 403."""
    routes = Blueprint("callback", __name__)

    @routes.get(PATH)
    def verify() -> Response:
        return Response(door.verify(request.args.to_dict()), mimetype="text/plain")

    @routes.post(PATH)
    def receive() -> Response:
        body = request.stream.read(MAX_BODY + 1)
        return Response(door.answer(request.args.to_dict(), body), mimetype="text/xml")

    @routes.errorhandler(CallbackRejected)
    def reject(error: CallbackRejected) -> Response:
        log.warning("callback rejected: %s", error.reason)
        return Response("forbidden", status=403, mimetype="text/plain")

    return routes
