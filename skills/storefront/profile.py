"""The profile as something that is edited: publishing puts it into the shop itself."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from skills.shopping.catalogue.tables import shops
from skills.shopping.shop import Profile, Shop

PROFILE, PROFILE_ID = "profile", "shop"
"""Kind and id of the one entry that it is."""


def profile_of(shop: Shop) -> Profile:
    """The part of a shop that its own people decide."""
    return Profile.model_validate(shop.model_dump(include=set(Profile.model_fields)))


def live_profile(connection: Connection, shop: str) -> str | None:
    """The profile of the shop as it is, in JSON; None where there is no such shop."""
    found = connection.execute(select(shops.c.profile).where(shops.c.id == shop)).scalar_one_or_none()
    return None if found is None else written(profile_of(Shop.model_validate_json(found)))


def put_profile(connection: Connection, shop: str, text: str) -> None:
    """Make a profile the shop's, within the caller's transaction."""
    profile = Profile.model_validate_json(text)
    mine = shops.c.id == shop
    found = connection.execute(select(shops.c.profile).where(mine).with_for_update()).scalar_one()
    grown = Shop.model_validate_json(found).model_dump() | profile.model_dump()
    values = {"profile": Shop.model_validate(grown).model_dump_json(exclude_defaults=True)}
    connection.execute(update(shops).where(mine).values(**values, revision=shops.c.revision + 1))


def written(profile: Profile) -> str:
    """As it is stored."""
    return profile.model_dump_json(exclude_defaults=True)
