"""Calls to a shop's own systems, as Standard Webhooks has them (https://www.standardwebhooks.com)."""

from skills.shopping.webhooks.endpoint import EVENTS, KEPT, Call, CallState, Endpoint, Refused
from skills.shopping.webhooks.telling import tell
from skills.shopping.webhooks.webhooks import Webhooks

__all__ = ["EVENTS", "KEPT", "Call", "CallState", "Endpoint", "Refused", "Webhooks", "tell"]
