"""What a shop may answer, one of each kind, made of the service's own types: what the widget is shown in tests."""

from __future__ import annotations

from typing import Any

from skills.shop_view import (
    Button,
    CartLine,
    CartView,
    CheckoutView,
    Chip,
    Comparison,
    Facet,
    FacetValue,
    Form,
    FormField,
    InfoCard,
    OrderView,
    Picture,
    ProductCard,
    ReviewSummary,
    Row,
    ShopView,
    Source,
    Tap,
    Totals,
)
from skills.shopping.money import Money

NAMES = (
    ("trail-boot", "Skarn Mid waterproof trail boot", 12900, 15900),
    ("fell-boot", "Fell Runner low boot", 9900, None),
    ("alp-boot", "Alpine Pro mountaineering boot with a rather long name that needs two lines", 24900, None),
    ("city-boot", "Torv city boot", 11900, None),
    ("kid-boot", "Little Skarn children's boot", 6900, 7900),
)
HOSTILE = '<img src=x onerror="document.title=\'pwned\'"><script>document.title="pwned"</script>'


def usd(minor: int) -> Money:
    return Money(minor=minor, currency="USD")


def card(number: int, *, single: bool = False) -> ProductCard:
    product, title, price, was = NAMES[number]
    add = Button(
        label="Add to cart", tap=Tap(name="cart.add", values={"product": product, "quantity": 1}), style="primary"
    )
    more = Button(label="Details", tap=Tap(name="product.details", values={"product": product}))
    return ProductCard(
        product=product,
        title=title,
        brand="Nordfell",
        price=usd(price),
        was=usd(was) if was else None,
        from_price=number == 1,
        image_url="/missing.svg" if number == 3 else f"/shops/nordfell/pictures/{product}.svg",
        url=f"/demo/shop/nordfell/{product}",
        stars=4.6 - number * 0.45,
        reviews=128 - 31 * number,
        availability="Sold out" if number == 3 else "Only 2 left" if number == 1 else "In stock",
        can_order=number != 3,
        options={"size": ("40", "41", "42", "43"), "colour": ("moss",)} if single else {},
        facts=("Waterproof", "1.1 kg"),
        buttons=(more,) if number == 3 else (add, more) if single else (add,),
    )


def line(number: int, quantity: int, note: str = "") -> CartLine:
    product, title, price, _ = NAMES[number]
    return CartLine(
        sku=f"{product}-42",
        product=product,
        title=title,
        options={"size": "42", "colour": "moss"},
        quantity=quantity,
        price=usd(price),
        total=usd(price * quantity),
        image_url=f"/shops/nordfell/pictures/{product}.svg",
        note=note,
    )


def totals(*lines: CartLine) -> Totals:
    subtotal = sum(one.total.minor for one in lines)
    return Totals(
        subtotal=usd(subtotal),
        discount=usd(-1000),
        delivery=usd(0),
        tax=usd(subtotal // 6),
        total=usd(subtotal - 1000),
    )


def cart(quantity: int = 2, revision: int = 1) -> ShopView:
    lines = (line(0, quantity), line(4, 1, "The price fell from $79.00 to $69.00"))
    buttons = (Button(label="Check out", tap=Tap(name="checkout.start"), style="primary"),)
    return ShopView(
        cart=CartView(
            lines=lines,
            totals=totals(*lines),
            coupon="WARM10",
            count=quantity + 1,
            revision=revision,
            buttons=buttons,
        )
    )


def form(error: str = "") -> ShopView:
    fields = (
        FormField(name="email", label="E-mail", type="email", autocomplete="email", error=error),
        FormField(name="name", label="Full name", autocomplete="name"),
        FormField(name="country", label="Country", type="country", choices=(("NO", "NO"), ("GB", "GB"))),
        FormField(name="phone", label="Phone", type="tel", required=False),
    )
    return ShopView(form=Form(title="Where should it go?", fields=fields, tap=Tap(name="checkout.update")))


def checkout(status: Any = "ready_for_complete") -> ShopView:
    lines = (line(0, 2),)
    done = status == "completed"
    buttons = (
        Button(label="Place order", tap=Tap(name="checkout.complete", values={"id": "c1"}), style="primary"),
        Button(label="Cancel", tap=Tap(name="checkout.cancel", values={"id": "c1"})),
    )
    return ShopView(
        checkout=CheckoutView(
            id="c1",
            status=status,
            lines=lines,
            totals=totals(*lines),
            delivery="Standard, Thursday 26 to Monday 30 November",
            address="Kari Nord, Storgata 5, 0155 Oslo, Norway",
            email="kari@example.com",
            messages=("The price of Skarn Mid rose from $119.00 to $129.00.",) if not done else (),
            order="NF-1042" if done else "",
            buttons=() if done else buttons,
        )
    )


FOUND = ShopView(
    products=tuple(card(number) for number in range(5)),
    total=23,
    chips=tuple(
        Chip(label=label, tap=Tap(name="find.drop", values={"label": label})) for label in ("waterproof", "under $250")
    ),
    facets=(
        Facet(
            label="Brand",
            values=tuple(
                FacetValue(label=name, count=count, tap=Tap(name="find.add", values={"field": "brand", "value": name}))
                for name, count in (("Nordfell", 12), ("Torv", 7), ("Little Skarn", 4))
            ),
        ),
    ),
)
ONE = ShopView(
    products=(card(0, single=True),),
    sources=(
        Source(kind="product", label="Product details", quote="Upper: nubuck leather with a waterproof membrane."),
        Source(kind="reviews", label="128 reviews"),
    ),
)
COMPARED = ShopView(
    comparison=Comparison(
        products=(card(0), card(1)),
        rows=(
            Row(name="Weight", values=("1.1 kg", "0.8 kg"), differs=True, best=1),
            Row(name="Material", values=("Nubuck", "Nubuck"), differs=False),
            Row(name="What reviewers say", values=("Warm and dry; runs small", ""), differs=True),
        ),
    )
)
REVIEWED = ShopView(
    reviews=ReviewSummary(
        stars=4.6,
        count=128,
        pros=("Dry feet (41 of 44)", "Comfort (30 of 37)"),
        cons=("Runs small (9 of 12)",),
        quotes=("Two days of rain and my socks were dry.",),
    ),
    sources=(Source(kind="reviews", label="128 reviews"),),
)
ORDERED = ShopView(
    order=OrderView(
        number="NF-1042",
        status="On its way",
        placed="2026-11-20",
        lines=(line(0, 2),),
        totals=totals(line(0, 2)),
        events=("Ordered on 20 November", "Packed on 21 November", "Handed to the carrier on 22 November"),
        buttons=(
            Button(label="Return something", tap=Tap(name="order.return", values={"number": "NF-1042"})),
            Button(label="Receipt", tap=Tap(name="order.receipt", values={"number": "NF-1042"})),
        ),
    )
)
ATTACK = ShopView(
    products=(
        card(0).model_copy(
            update={
                "title": HOSTILE,
                "brand": HOSTILE,
                "url": "javascript:document.title='pwned'",
                "image_url": "javascript:document.title='pwned'",
                "facts": (HOSTILE,),
            }
        ),
    ),
    checkout=checkout().checkout.model_copy(  # type: ignore[union-attr]
        update={"continue_url": "data:text/html,<script>1</script>", "address": HOSTILE}
    ),
    reviews=ReviewSummary(stars=5, count=1, quotes=(HOSTILE,)),
    sources=(Source(kind="shop", label=HOSTILE, quote=HOSTILE),),
)

PICKS = ShopView(
    cards=(
        InfoCard(
            title="Winter guide",
            text="Ten things that keep you warm.",
            image_url="/shops/nordfell/pictures/guide",
            alt="A tent in the snow",
            buttons=(
                Button(label="Read it", tap=Tap(name="open", values={"url": "https://nordfell.example/winter"})),
                Button(label="Show me boots", tap=Tap(name="say", values={"text": "Show me boots"})),
                Button(label="More guides", tap=Tap(name="card.show", values={"card": "guides"})),
            ),
        ),
        InfoCard(title="Repairs", text="We mend what we sell."),
    ),
    pictures=(Picture(url="/shops/nordfell/pictures/size", alt="How to measure your foot"),),
)

ANSWERS: dict[str, tuple[str, ShopView | None, tuple[str, ...]]] = {
    "Show me boots": (
        "I found 23 pairs of boots. The best rated is the Skarn Mid at $129.00.",
        FOUND,
        ("In moss green", "Under $100", "Cheapest first"),
    ),
    "The first one": ("The Skarn Mid keeps water out with a membrane. Which size do you take?", ONE, ("42", "43")),
    "Compare the first two": (
        "They differ in weight: the Fell Runner is 300 g lighter.",
        COMPARED,
        ("Add the first", "Add the second"),
    ),
    "What do people say about it?": (
        "Most people praise how dry it stays; some find that it runs small.",
        REVIEWED,
        (),
    ),
    "My cart": ("There are three things in your cart.", cart(), ()),
    "Check out": ("I need a few details.", form(), ()),
    "Ready": ("Everything is there. Shall I place the order?", checkout(), ("Yes, please", "No")),
    "Ordered": ("Thank you! Your order is NF-1042.", checkout("completed"), ()),
    "Where is my order?": ("It is with the carrier and should be there on Thursday.", ORDERED, ()),
    "Attack": (HOSTILE, ATTACK, (HOSTILE[:40],)),
    "Our picks": ("Here is what we like.", PICKS, ()),
    "Send it to my phone": ("Here is your code; it works for ten minutes.", ShopView(pair_code="K7F4QX"), ()),
}
