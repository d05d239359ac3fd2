"""What a coupon takes off, or why it does not. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from skills.shopping.money import Money
from skills.shopping.shop import Coupon, Shop


class CouponRefusal(StrEnum):
    """Why a coupon takes nothing off."""

    UNKNOWN = "unknown"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    USED = "used"
    TOO_LITTLE = "too_little"
    """The subtotal is below the coupon's least."""
    OTHER_GOODS = "other_goods"
    """Nothing in the cart is of the coupon's categories."""


class Counted(Protocol):
    """What a coupon looks at in a line."""

    @property
    def total(self) -> Money: ...

    @property
    def categories(self) -> tuple[str, ...]: ...


def find_coupon(shop: Shop, code: str) -> Coupon | None:
    """The shop's coupon of that code, however its letters were typed."""
    wanted = "".join(code.split()).upper()
    return next((coupon for coupon in shop.coupons if coupon.code == wanted), None)


def discount(
    coupon: Coupon | None, lines: Sequence[Counted], currency: str, now: datetime, *, used: bool
) -> Money | CouponRefusal:
    """What it takes off `lines`, never more than they cost; `used`: its customer has had it before."""
    if coupon is None:
        return CouponRefusal.UNKNOWN
    if coupon.begins is not None and now < coupon.begins:
        return CouponRefusal.NOT_YET
    if coupon.ends is not None and coupon.ends <= now:
        return CouponRefusal.EXPIRED
    if coupon.once and used:
        return CouponRefusal.USED
    if coupon.least is not None and sum(line.total.minor for line in lines) < coupon.least.minor:
        return CouponRefusal.TOO_LITTLE
    eligible = Money(minor=sum(line.total.minor for line in lines if _is_meant(coupon, line)), currency=currency)
    if eligible.minor == 0:
        return CouponRefusal.OTHER_GOODS
    off = eligible.percent(coupon.percent).minor + (coupon.amount.minor if coupon.amount else 0)
    return Money(minor=max(0, min(off, eligible.minor)), currency=currency)


def _is_meant(coupon: Coupon, line: Counted) -> bool:
    wanted = {category.casefold() for category in coupon.categories}
    return not wanted or any(category.casefold() in wanted for category in line.categories)


def refusal_words(refusal: CouponRefusal, code: str, coupon: Coupon | None) -> str:
    """Why, in a sentence."""
    match refusal:
        case CouponRefusal.UNKNOWN:
            return f"This shop has no code {code[:30]}."
        case CouponRefusal.NOT_YET:
            return f"The code {code} is not valid yet."
        case CouponRefusal.EXPIRED:
            return f"The code {code} has expired."
        case CouponRefusal.USED:
            return f"The code {code} works once, and you have used it before."
        case CouponRefusal.TOO_LITTLE:
            least = coupon.least if coupon else None
            return f"The code {code} needs an order of {least} or more." if least else f"The code {code} needs more."
        case CouponRefusal.OTHER_GOODS:
            return f"The code {code} is for other goods than those in your cart."
