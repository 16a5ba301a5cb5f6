"""message/send, message/update_template_card, message/recall."""

import secrets
from datetime import timedelta
from typing import Any

from simulator.api.contents import read_content
from simulator.api.endpoint import Answer, Call, endpoint
from simulator.api.recipients import Recipients, resolve
from simulator.card_rules import check_card
from simulator.cards import gets_code
from simulator.conversations import Entry, Kind, Message
from simulator.errcodes import OK, WecomError
from simulator.world import World

DEFAULT_INTERVAL = 1800
MAX_INTERVAL = 14400
"""Seconds of the duplicate check."""
RECALL_LIFE = timedelta(hours=24)


@endpoint("message/send")
def send(world: World, call: Call) -> Answer:
    """Deliver a message to up to 1,000 people [O 90236]."""
    data = call.data
    _check_agent(world, data)
    interval = _interval(data)
    earlier = world.duplicates.find(call.raw, interval) if interval else None
    if earlier is not None:
        return earlier
    answer = _deliver(world, data, resolve(world, data))
    if interval:
        world.duplicates.remember(call.raw, answer)
    return answer


@endpoint("message/update_template_card")
def update_template_card(world: World, call: Call) -> Answer:
    """Change cards for the named people, once per response_code [O 94888]."""
    data = call.data
    _check_agent(world, data)
    change = _change(data)
    recipients = _card_owners(world, data)
    msgid = world.cards.spend(str(data.get("response_code", "")))
    world.cards.update(recipients.userids, msgid, change)
    return {**OK, **recipients.report()}


@endpoint("message/recall")
def recall(world: World, call: Call) -> Answer:
    """Take a message back from every screen within 24 hours [O 94867]."""
    msgid = str(call.data.get("msgid", ""))
    sent = world.sent.get(msgid)
    if sent is None:
        raise WecomError(40058)
    at, userids = sent
    if world.clock.now() - at > RECALL_LIFE:
        raise WecomError(42052)
    for userid in userids:
        for entry in world.conversations.entries(userid):
            if entry.message.msgid == msgid:
                world.conversations.change(userid, entry, _mark_recalled)
    return OK


def _mark_recalled(entry: Entry) -> None:
    entry.recalled = True


def _check_agent(world: World, data: dict[str, Any]) -> None:
    if data.get("agentid") != world.corp.agent_id:
        raise WecomError(40056)


def _interval(data: dict[str, Any]) -> timedelta:
    if not data.get("enable_duplicate_check"):
        return timedelta(0)
    seconds = data.get("duplicate_check_interval", DEFAULT_INTERVAL)
    if not isinstance(seconds, int) or not 0 < seconds <= MAX_INTERVAL:
        raise WecomError(40058)
    return timedelta(seconds=seconds)


def _deliver(world: World, data: dict[str, Any], recipients: Recipients) -> dict[str, Any]:
    msgtype, content = read_content(world, data)
    msgid = secrets.token_urlsafe(32)
    admitted = world.rate.admitted(recipients.userids)
    world.conversations.add(admitted, Message(Kind.PUSH, msgtype, content, world.now(), msgid))
    world.sent[msgid] = (world.clock.now(), tuple(admitted))
    answer = {**OK, **recipients.report(), "msgid": msgid}
    if msgtype == "template_card" and gets_code(content):
        answer["response_code"] = world.cards.issue(msgid)
    return answer


def _change(data: dict[str, Any]) -> dict[str, Any]:
    if (data.get("button") or {}).get("replace_name"):
        return {"button": data["button"]}
    if "template_card" not in data:
        raise WecomError(40063)
    check_card({"task_id": "updated", **data["template_card"]}, set())
    return {"template_card": data["template_card"]}


def _card_owners(world: World, data: dict[str, Any]) -> Recipients:
    if data.get("atall"):
        return resolve(world, {"touser": "@all"})
    named = {"userids": "touser", "partyids": "toparty", "tagids": "totag"}
    joined = {
        target: "|".join(str(one) for one in data.get(source) or [])
        for source, target in named.items()
    }
    return resolve(world, joined)
