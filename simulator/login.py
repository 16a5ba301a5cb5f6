"""WeCom's OAuth page: who is on this phone comes back to the bot's web pages as a code."""

from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from simulator.errcodes import MESSAGES
from simulator.world import World

COOKIE = "simulator_userid"
"""The chat page puts the chosen person here."""

NOBODY = (
    '<!doctype html><title>登录</title><p>请先在<a href="/">聊天页</a>上选一个人，再回到这里。</p>'
)


def make_login(world: World) -> Blueprint:
    """Return the blueprint; the trusted host (可信域名, with port) is the only way back."""
    blueprint = Blueprint("login", __name__)

    @blueprint.get("/connect/oauth2/authorize")
    def authorize() -> AnyResponse:
        target = request.args.get("redirect_uri", "")
        if not world.trusted_host or urlsplit(target).netloc != world.trusted_host:
            return Response(f"50001 {MESSAGES[50001]}", status=400)
        person = world.members.find(request.cookies.get(COOKIE, ""))
        if person is None:
            return Response(NOBODY, status=400, content_type="text/html; charset=utf-8")
        code = world.issue_login_code(person.userid)
        query = urlencode({"code": code, "state": request.args.get("state", "")})
        return redirect(f"{target}{'&' if '?' in target else '?'}{query}")

    return blueprint
