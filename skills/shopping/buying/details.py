"""Whom an order goes to, where, and how: read from a form, checked field by field. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from skills.message import Message
from skills.shop_view import FormField
from skills.shopping.deciding.delivery import country_in
from skills.shopping.money import Money
from skills.shopping.shop import Delivery, Shop

_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
"""HTML's own pattern, with a dot in the domain."""
EMAIL_MAX, FIELD_MAX = 254, 120


class Details(Message):
    """As far as it is known; empty is not known."""

    email: str = ""
    name: str = ""
    street: str = ""
    flat: str = ""
    city: str = ""
    postal_code: str = ""
    region: str = ""
    country: str = ""
    """ISO 3166 alpha-2."""
    phone: str = ""
    delivery: str = ""
    """`Delivery.id`."""

    @property
    def address(self) -> str:
        """In one line; empty where there is none."""
        place = " ".join(part for part in (self.city, self.region, self.postal_code) if part)
        return ", ".join(part for part in (self.name, self.street, self.flat, place, self.country) if part)


LABELS = {
    "email": ("E-mail", "email"),
    "name": ("Name", "name"),
    "street": ("Street and number", "address-line1"),
    "flat": ("Flat, floor", "address-line2"),
    "city": ("Town", "address-level2"),
    "postal_code": ("Postcode", "postal-code"),
    "region": ("State or region", "address-level1"),
    "country": ("Country", "country"),
    "phone": ("Phone", "tel"),
    "delivery": ("Delivery", ""),
}
"""Label and autocomplete token of each field, in the form's order."""
REQUIRED = ("email", "name", "street", "city", "country")
_TYPES = {"email": "email", "phone": "tel", "country": "country", "delivery": "choice"}


def is_email(text: str) -> bool:
    """Whether this can be an e-mail address."""
    return len(text) <= EMAIL_MAX and _EMAIL.fullmatch(text) is not None


def read_details(values: Mapping[str, object], before: Details, shop: Shop) -> tuple[Details, dict[str, str]]:
    """`before` with what a form says; and what is wrong, by field, of which nothing is taken over."""
    taken: dict[str, str] = {}
    errors: dict[str, str] = {}
    for field in LABELS:
        if field not in values:
            continue
        given = values[field]
        text = " ".join(given.split()) if isinstance(given, str) else ""
        if problem := _problem(field, text, shop) if isinstance(given, str) else "Please write this as text.":
            errors[field] = problem
        else:
            taken[field] = _code(text) if field == "country" else text
    details = before.model_copy(update=taken)
    return _with_delivery(details, shop), errors


def _problem(field: str, text: str, shop: Shop) -> str:
    if not text:
        return ""
    if len(text) > (EMAIL_MAX if field == "email" else FIELD_MAX):
        return "This is too long."
    if not text.isprintable():
        return "There are characters in this that cannot be printed."
    match field:
        case "email" if not is_email(text):
            return "This is no e-mail address."
        case "country" if not _code(text):
            return "Please choose a country."
        case "country" if shop.deliveries and not deliveries_to(shop, _code(text)):
            return f"{shop.name} does not deliver there."
        case "delivery" if text not in {one.id for one in shop.deliveries}:
            return "Please choose one of these."
        case "phone" if not re.fullmatch(r"\+?[0-9 ()./-]{5,30}", text):
            return "This is no phone number."
    return ""


def _code(country: str) -> str:
    """Of a country by its code or its name, as people type it where there is nothing to choose from; else empty."""
    return country_in(country) or (country.upper() if re.fullmatch(r"[A-Za-z]{2}", country) else "")


def _with_delivery(details: Details, shop: Shop) -> Details:
    """The delivery that can be meant: the chosen one if it goes there, else the only or the first one that does."""
    possible = deliveries_to(shop, details.country)
    if not details.country or any(one.id == details.delivery for one in possible):
        return details
    return details.model_copy(update={"delivery": possible[0].id if possible else ""})


def deliveries_to(shop: Shop, country: str) -> list[Delivery]:
    """The shop's ways of sending to a country, as it lists them."""
    return [one for one in shop.deliveries if not one.countries or country in one.countries]


def delivery_of(details: Details, shop: Shop) -> Delivery | None:
    """The one that was chosen, and goes there."""
    return next((one for one in deliveries_to(shop, details.country) if one.id == details.delivery), None)


def missing(details: Details, shop: Shop) -> list[str]:
    """The fields that are still to be filled in."""
    needed = [*REQUIRED, *(["delivery"] if shop.deliveries else [])]
    open_fields = [field for field in needed if not getattr(details, field)]
    if "delivery" in needed and "delivery" not in open_fields and delivery_of(details, shop) is None:
        open_fields.append("delivery")
    return open_fields


def form_fields(
    details: Details, shop: Shop, errors: Mapping[str, str], given: Mapping[str, object]
) -> tuple[FormField, ...]:
    """The form, filled in as far as it is known; a wrong field keeps what was typed."""
    fields = []
    for name, (label, autocomplete) in LABELS.items():
        if name == "delivery" and not shop.deliveries:
            continue
        typed = given.get(name)
        fields.append(
            FormField(
                name=name,
                label=label,
                type=_TYPES.get(name, "text"),
                required=name in REQUIRED or name == "delivery",
                value=str(typed)[:FIELD_MAX] if name in errors and isinstance(typed, str) else getattr(details, name),
                choices=_choices(name, details, shop),
                autocomplete=autocomplete,
                error=errors.get(name, ""),
            )
        )
    return tuple(fields)


def _choices(field: str, details: Details, shop: Shop) -> tuple[tuple[str, str], ...]:
    if field == "country":
        lists = [one.countries for one in shop.deliveries]
        return tuple((code, code) for code in sorted({code for one in lists for code in one})) if all(lists) else ()
    if field != "delivery":
        return ()
    possible: Sequence[Delivery] = deliveries_to(shop, details.country) if details.country else shop.deliveries
    return tuple((one.id, delivery_words(one)) for one in possible)


def delivery_words(delivery: Delivery) -> str:
    """A way of sending, in a line: "Standard, $4.90, 2-4 working days"."""
    least, longest = delivery.days
    days = f"{least}" if least == longest else f"{least}-{longest}"
    price = "free" if delivery.price.minor == 0 else str(delivery.price)
    free = f" (free from {delivery.free_from})" if delivery.free_from and delivery.price.minor else ""
    return f"{delivery.name}, {price}{free}, {days} working day{'' if longest == 1 else 's'}"


def zero(shop: Shop) -> Money:
    """Nothing, in the shop's currency."""
    return Money(minor=0, currency=shop.currency)
