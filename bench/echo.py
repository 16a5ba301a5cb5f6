# mypy: disable-error-code="no-untyped-call,attr-defined"
# (wechatpy has no types)
"""The yardstick: wechatpy's bare echo on Flask. No database, no check beyond wechatpy's own."""

from flask import Flask, Response, request
from wechatpy.enterprise import create_reply, parse_message
from wechatpy.enterprise.crypto import WeChatCrypto

from bench.dialects import PATH
from simulator.corp import Corp


def create(corp: Corp) -> Flask:
    """Return an application that sends every text back."""
    app = Flask("echo")
    crypto = WeChatCrypto(corp.token, corp.encoding_aes_key, corp.corp_id)

    @app.post(PATH)
    def receive() -> Response:
        signature, timestamp, nonce = (
            request.args[name] for name in ("msg_signature", "timestamp", "nonce")
        )
        plaintext = crypto.decrypt_message(request.data, signature, timestamp, nonce)
        message = parse_message(plaintext)
        reply = create_reply(message.content, message).render()
        return Response(crypto.encrypt_message(reply, nonce, timestamp), mimetype="text/xml")

    return app
