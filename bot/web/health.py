"""Is the process alive, can it take callbacks, and what does it count?"""

from flask import Blueprint, Response

from bot.services.health import Health


def blueprint(health: Health) -> Blueprint:
    """Return /healthz, /readyz and /metrics."""
    routes = Blueprint("health", __name__)

    @routes.get("/healthz")
    def alive() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @routes.get("/readyz")
    def ready() -> Response:
        reason = health.ready()
        return Response(f"{reason or 'ok'}\n", status=503 if reason else 200, mimetype="text/plain")

    @routes.get("/metrics")
    def metrics() -> Response:
        return Response(health.metrics(), mimetype="text/plain; version=0.0.4")

    return routes
