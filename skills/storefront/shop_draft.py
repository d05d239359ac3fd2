"""A shop as its own people have it in their drafts."""

from __future__ import annotations

from skills.shopping.shop import Profile, Shop
from skills.storefront.profile import PROFILE, PROFILE_ID, profile_of
from skills.storefront.reading import Reading


def draft_profile(entries: Reading, shop: Shop) -> tuple[Profile, int]:
    """The profile as it would be published, and the revision of its draft. Blocking; StorefrontError."""
    found = entries.draft(shop.id, PROFILE, PROFILE_ID)
    # What is not a draft may have been changed in the shop itself.
    profile = found.read(Profile) if found and found.changed else profile_of(shop)
    return profile, found.revision if found else 0


def drafted_shop(entries: Reading, shop: Shop) -> Shop:
    """The shop as it would be after publishing. Blocking; StorefrontError."""
    return Shop.model_validate(shop.model_dump() | draft_profile(entries, shop)[0].model_dump())
