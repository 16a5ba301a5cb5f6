"""gettoken, agent/get, getcallbackip, menu/*, media/*: the app itself."""

from urllib.parse import quote

from flask import Response

from simulator.api.endpoint import Answer, Call, endpoint
from simulator.errcodes import OK, WecomError
from simulator.world import World

TOKEN_SECONDS = 7200


@endpoint("gettoken")
def get_token(world: World, call: Call) -> Answer:
    """Return an access token for the app's secret."""
    query = call.query
    token = world.tokens.issue(query.get("corpid", ""), query.get("corpsecret", ""))
    return {**OK, "access_token": token, "expires_in": TOKEN_SECONDS}


@endpoint("agent/get")
def get_agent(world: World, call: Call) -> Answer:
    """Return the app's name and who may see it."""
    if call.needed("agentid") != str(world.corp.agent_id):
        raise WecomError(40056)
    seen = [{"userid": person.userid} for person in world.members.all()[:1000]]
    return {
        **OK,
        "agentid": world.corp.agent_id,
        "name": "双拥通",
        "close": 0,
        "allow_userinfos": {"user": seen},
    }


@endpoint("getcallbackip")
def get_callback_ip(world: World, call: Call) -> Answer:
    """Return where callbacks come from: this machine."""
    del world, call
    return {**OK, "ip_list": ["127.0.0.1"]}


@endpoint("menu/create")
def create_menu(world: World, call: Call) -> Answer:
    """Put a menu under the conversation."""
    buttons = call.data.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise WecomError(40058)
    if any(len(button.get("sub_button") or []) > 5 for button in buttons):
        raise WecomError(40058)
    world.menu = {"button": buttons}
    return OK


@endpoint("menu/get")
def get_menu(world: World, call: Call) -> Answer:
    """Return the menu."""
    del call
    if world.menu is None:
        raise WecomError(46003)
    return {**OK, **world.menu}


@endpoint("menu/delete")
def delete_menu(world: World, call: Call) -> Answer:
    """Take the menu away."""
    del call
    world.menu = None
    return OK


@endpoint("media/upload")
def upload(world: World, call: Call) -> Answer:
    """Keep a file for three days."""
    if call.upload is None:
        raise WecomError(44001)
    kind = call.query.get("type", "")
    file = call.upload
    media_id = world.media.put(kind, file.name, file.content, file.mimetype)
    created_at = str(int(world.clock.now().timestamp()))
    return {**OK, "type": kind, "media_id": media_id, "created_at": created_at}


@endpoint("media/get")
def download(world: World, call: Call) -> Answer:
    """Return a file's bytes."""
    medium = world.media.get(call.needed("media_id", 41006))
    response = Response(medium.content, content_type=medium.mimetype)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(medium.name)}"
    return response
