"""What Sori needs of somebody who takes payments; the shop names its own."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from skills.shopping.money import Money


class PaymentStatus(StrEnum):
    """How far a payment is, as its provider sees it."""

    OPEN = "open"
    """The person has not paid yet."""
    CHALLENGED = "challenged"
    """The person's bank wants one more step."""
    DECLINED = "declined"
    AUTHORIZED = "authorized"
    """The money is ready, and has not been taken."""
    CAPTURED = "captured"
    VOIDED = "voided"


class PaymentProvider(Protocol):
    """Takes payments. Every call may be made again with the same ids, and then does nothing more; all of them block.

    A provider tells of changes on its own page by the callback that it was made with, as a webhook does; `status` is
    asked as well, since such a call can be lost.
    """

    def open(self, shop: str, payment: str, amount: Money, title: str) -> str:
        """Begin a payment; returns the address at which the person pays, a path of ours or an https url."""
        ...

    def authorize(self, shop: str, payment: str, amount: Money, title: str, method: str) -> PaymentStatus:
        """Ask for the money with a stored `method`, without the person."""
        ...

    def capture(self, payment: str) -> bool:
        """Take the money that is ready; whether it is taken now."""
        ...

    def void(self, payment: str) -> None:
        """Let the money go: the payment can never be authorised or captured any more."""
        ...

    def refund(self, payment: str, amount: Money, key: str) -> bool:
        """Give money back, once for each `key`; whether it has been given."""
        ...

    def status(self, payment: str) -> PaymentStatus | None:
        """How far it is; None where the provider does not know it."""
        ...
