"""A talk of many turns with one model, kept within bounds."""

from patterns.conversation.chat import Conversation
from patterns.events import Dropped

__all__ = ["Conversation", "Dropped"]
