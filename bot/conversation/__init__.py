"""The small framework that handlers are written against.

A message meets the routes in this order: escape words, the state the person is in, commands,
reports, questions, the rest. The first route that matches answers.
"""

from bot.conversation.context import Context, Help, Reply
from bot.conversation.filters import anything, command, intent
from bot.conversation.levels import Level
from bot.conversation.router import Router
from bot.conversation.states import State

__all__ = ["Context", "Help", "Level", "Reply", "Router", "State", "anything", "command", "intent"]
