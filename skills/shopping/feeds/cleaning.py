"""A product that came as ours already, from a machine of its shop, made as safe as what comes in feeds."""

from __future__ import annotations

from skills.shopping.feeds import values
from skills.shopping.product import Attribute, Product, Question


def clean(product: Product) -> Product:
    """The same with texts without markup, and without addresses that are none of the web."""
    facts = (_fact(one) for one in product.attributes)
    asked = (
        Question(question=values.line(one.question, 500) or "?", answer=values.paragraphs(one.answer, 2_000) or "-")
        for one in product.questions
    )
    told = {
        "title": values.line(product.title, 200) or product.id,
        "description": values.paragraphs(product.description, 10_000),
        "brand": values.line(product.brand, 100),
        "categories": tuple(filter(None, (values.line(one, 100) for one in product.categories))),
        "url": values.web_url(product.url),
        "images": tuple(filter(None, map(values.web_url, product.images))),
        "attributes": tuple(one for one in facts if one),
        "questions": tuple(asked),
        "variants": tuple(
            one.model_copy(
                update={
                    "image": values.web_url(one.image),
                    "options": {values.line(name, 40): values.line(value, 80) for name, value in one.options.items()},
                }
            )
            for one in product.variants
        ),
    }
    return product.model_copy(update=told)


def _fact(one: Attribute) -> Attribute | None:
    found = values.attribute(one.name, one.value)
    return (
        found.model_copy(update={"number": one.number, "unit": one.unit}) if found and one.number is not None else found
    )
