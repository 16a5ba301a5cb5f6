"""The Flask application: which rooms it has and what all its answers share."""

import logging

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from bot.conversation.door import Door
from bot.services.health import Health
from bot.web import callback, health

log = logging.getLogger(__name__)


def create(door: Door, state: Health) -> Flask:
    """Return the application. A failure inside is a bare 500: WeCom then delivers again."""
    app = Flask("bot")
    app.register_blueprint(callback.blueprint(door))
    app.register_blueprint(health.blueprint(state))

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        if isinstance(error, HTTPException):
            return Response(f"{error.code}\n", status=error.code, mimetype="text/plain")
        log.error("request failed", exc_info=error)
        return Response("500\n", status=500, mimetype="text/plain")

    return app
