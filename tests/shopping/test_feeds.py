"""Feeds as shops and platforms write them: what is right comes in whole, what is wrong is named by its row."""

import contextlib
import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.shopping.errors import FeedError
from skills.shopping.feeds import Entry, Format, Gone, Mapping, Offer, Problem, Written, assemble, entries, look, values
from skills.shopping.feeds.delimited import Table
from skills.shopping.feeds.entries import RowError
from skills.shopping.money import Money
from skills.shopping.product import Availability, Product

GOOGLE = "id\ttitle\tdescription\tlink\timage_link\tprice\tavailability\titem_group_id\tsize\tcolor"


def read(feed: str | bytes, currency: str = "USD", mapped: Mapping | None = None) -> list[Entry]:
    file = io.BytesIO(feed.encode() if isinstance(feed, str) else feed)
    looked = look(file, None, mapped)
    return list(entries(file, looked, currency, mapped))


def products(found: list[Entry]) -> dict[str, Product]:
    offers: dict[str, list[Offer]] = {}
    for one in found:
        if isinstance(one, Offer):
            offers.setdefault(one.product, []).append(one)
    made = (assemble("shop", some)[0] for some in offers.values())
    return {one.id: one for one in made if one}


def only(feed: str | bytes, currency: str = "USD") -> Product:
    found = products(read(feed, currency))
    assert len(found) == 1
    return next(iter(found.values()))


def problems(found: list[Entry]) -> list[tuple[int, str, str]]:
    return [(one.row, one.field, one.code) for one in found if isinstance(one, Problem)]


def money(amount: str, currency: str = "USD") -> Money:
    return Money.of(amount, currency)


class TestGoogle:
    def test_rows_of_a_group_are_variants_of_one_product(self) -> None:
        rows = [
            "s-m\tShirt\tSoft\thttps://a.example/s\thttps://a.example/s.png\t12.50 USD\tin_stock\tshirt\tM\tRed",
            "s-l\tShirt\tSoft\thttps://a.example/s\t\t13.00 USD\tout of stock\tshirt\tL\tRed",
        ]
        shirt = only("\n".join([GOOGLE, *rows]))
        assert shirt.id == "shirt"
        assert shirt.options == {"size": ("M", "L")}
        assert [(one.sku, one.price, one.availability) for one in shirt.variants] == [
            ("s-m", money("12.50"), Availability.IN_STOCK),
            ("s-l", money("13"), Availability.OUT_OF_STOCK),
        ]
        assert shirt.attribute("colour") is not None
        assert shirt.images == ("https://a.example/s.png",)

    def test_a_sale_price_holds_in_its_time(self) -> None:
        shirt = only(
            "id,title,price,link,sale_price,sale_price_effective_date\n"
            "1,Shirt,20 USD,https://a.example,15.00 USD,2026-03-01T00:00-0800/2026-03-08T00:00-0800\n"
        )
        variant = shirt.variants[0]
        assert variant.price_at(datetime(2026, 3, 2, tzinfo=UTC)) == money("15")
        assert variant.price_at(datetime(2026, 3, 1, 7, tzinfo=UTC)) == money("20")

    def test_xml_with_details_questions_and_shipping(self) -> None:
        feed = """<?xml version="1.0"?><rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>
          <item><g:id>A/1</g:id><title>RSS title</title><g:title>Kettle &amp; pot</g:title>
          <g:price>1,250.00 USD</g:price>
          <g:description>&lt;p&gt;Boils&lt;br&gt;fast&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</g:description>
          <g:product_detail><g:section_name>General</g:section_name><g:attribute_name>Weight</g:attribute_name>
          <g:attribute_value>1.5 kg</g:attribute_value></g:product_detail>
          <g:question_and_answer><g:question>Is it loud?</g:question>
          <g:answer>No: 40 dB.</g:answer></g:question_and_answer>
          <g:additional_image_link>https://a.example/1.png</g:additional_image_link>
          <g:additional_image_link>https://a.example/2.png</g:additional_image_link>
          <g:shipping><g:country>US</g:country><g:price>5 USD</g:price></g:shipping></item>
        </channel></rss>"""
        kettle = only(feed)
        assert kettle.title == "Kettle & pot"
        assert kettle.description == "Boils\nfast"
        weight = kettle.attribute("weight")
        assert weight is not None
        assert (weight.number, weight.unit) == (1.5, "kg")
        assert [(one.question, one.answer) for one in kettle.questions] == [("Is it loud?", "No: 40 dB.")]
        assert len(kettle.images) == 2
        assert kettle.variants[0].price == money("1250")

    def test_atom(self) -> None:
        feed = (
            '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><title>Shop</title>'
            '<entry><g:id>1</g:id><title>Hat</title><link href="https://a.example/hat"/>'
            "<g:price>9 USD</g:price></entry></feed>"
        )
        assert (only(feed).title, only(feed).url) == ("Hat", "https://a.example/hat")

    def test_details_and_questions_as_text_may_hold_what_separates_them(self) -> None:
        row = '1\tHat\t9 USD\thttps://a.example\tA:Wash\\: how:30 C,B:Fit:loose\t"Is it warm, really?":"Yes: very"'
        hat = only(f"id\ttitle\tprice\tlink\tproduct_detail\tquestion_and_answer\n{row}\n")
        assert {one.name: one.value for one in hat.attributes} == {"wash: how": "30 C", "fit": "loose"}
        assert [(one.question, one.answer) for one in hat.questions] == [("Is it warm, really?", "Yes: very")]


class TestWrongRows:
    def test_each_is_named_and_the_others_come(self) -> None:
        rows = [
            "1\tHat\t\thttps://a.example\t\t9 USD\tin stock\t\t\t",
            "2\tHat\t\thttps://a.example\t\t9 EUR\tin stock\t\t\t",
            "\tHat\t\thttps://a.example\t\t9 USD\tin stock\t\t\t",
            "4\t\t\thttps://a.example\t\t9 USD\tin stock\t\t\t",
            "5\tHat\t\tjavascript:alert(1)\t\t9 USD\tin stock\t\t\t",
            "6\tHat\t\thttps://a.example\t\t-9 USD\tin stock\t\t\t",
            "7\tHat\t\thttps://a.example\t\t9 USD\tperhaps\t\t\t",
            "8\tHat\t\thttps://a.example\t\t9 USD\tin stock\t\t\t\ttoo\tmany",
        ]
        found = read("\n".join([GOOGLE, *rows]))
        assert problems(found) == [
            (3, "price", "currency_other"),
            (4, "id", "field_missing"),
            (5, "title", "field_missing"),
            (6, "link", "url_invalid"),
            (7, "price", "price_invalid"),
            (8, "availability", "availability_unknown"),
            (9, "", "row_columns"),
        ]
        assert products(found).keys() == {"1", "5"}
        assert products(found)["5"].url == ""

    def test_a_quote_that_never_closes_costs_one_row(self) -> None:
        rows = [f"{number},Hat {number},9,in_stock" for number in range(1, 2_000)]
        rows[4] = '5,"Hat 5,9,in_stock'
        found = read("\n".join(["id,title,price,availability", *rows]))
        assert problems(found) == [(6, "", "row_quotes")]
        assert len(products(found)) == 1_998

    def test_a_quoted_value_may_have_lines_quotes_and_separators(self) -> None:
        found = products(read('id,title,price,availability\n1,"A ""big"", wide\nhat",9,in_stock\n2,Cap,8,in_stock\n'))
        assert [one.title for one in found.values()] == ['A "big", wide hat', "Cap"]

    def test_inches_in_a_tab_separated_feed_are_no_quotes(self) -> None:
        found = products(read('id\ttitle\tprice\tlink\n1\t"5" pipe\t9\t\n2\t6" pipe\t9\t\n3\t"Pipe"\t9\t\n'))
        assert [one.title for one in found.values()] == ['"5" pipe', '6" pipe', "Pipe"]

    def test_variants_that_nothing_sets_apart_are_named(self) -> None:
        rows = [f"{number}\tHat\t\t\t\t9 USD\tin stock\that\tM\tRed" for number in (1, 2)]
        offers = [one for one in read("\n".join([GOOGLE, *rows])) if isinstance(one, Offer)]
        product, wrong = assemble("shop", offers)
        assert product is not None
        assert [(one.row, one.code) for one in wrong] == [(3, "variant_same")]

    @pytest.mark.parametrize(
        ("feed", "code"),
        [
            (b"", "feed_empty"),
            (b"  \n ", "feed_empty"),
            (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "feed_encoding"),
            (b"PK\x03\x04\x00\x00" + b"\x00\x01\x02" * 40, "feed_encoding"),
            (",".join(f"c{number}" for number in range(10_000)).encode(), "feed_columns"),
            (b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss><item>&b;</item></rss>', "feed_entities"),
            (b"<rss><channel>" + b"<item>" * 200, "feed_too_deep"),
            (b"<rss><channel><item></channel></rss>", "feed_broken"),
        ],
    )
    def test_what_is_no_feed_is_refused(self, feed: bytes, code: str) -> None:
        with pytest.raises(FeedError) as refused:
            read(feed)
        assert refused.value.code == code

    def test_a_line_of_many_megabytes_costs_one_row(self) -> None:
        feed = b"id,title,price,availability\n1," + b"x" * 5_000_000 + b"\n2,Hat,9,in_stock\n"
        found = read(feed)
        assert problems(found) == [(2, "", "row_too_long")]
        assert products(found).keys() == {"2"}


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
    def test_western(self, encoding: str) -> None:
        rows = [f"{number},Café crème {number},9,in_stock" for number in range(50)]
        found = products(read("\n".join(["id,title,price,availability", *rows]).encode(encoding)))
        assert found["7"].title == "Café crème 7"

    @pytest.mark.parametrize("encoding", ["utf-8", "cp949", "euc-kr", "utf-16"])
    def test_korean(self, encoding: str) -> None:
        feed = "id\ttitle\tprice_pc\tlink\n1\t가죽 가방\t12000\thttps://a.kr/1\n".encode(encoding)
        assert only(feed, "KRW").title == "가죽 가방"

    def test_one_broken_row_does_not_turn_the_others_into_another_encoding(self) -> None:
        rows = [f"{number},Café,9,in_stock".encode() for number in range(300)]
        rows[5] = b"5,Caf\xe9,9,in_stock"
        found = read(b"\n".join([b"id,title,price,availability", *rows]))
        assert problems(found) == [(7, "title", "row_encoding")]
        assert products(found)["6"].title == "Café"


class TestNaver:
    FEED = (
        "id\ttitle\tprice_pc\tnormal_price\tlink\tcategory_name1\tclass\toption_detail\n"
        "1\t가방\t12000\t15000\thttps://a.kr/1\t패션\tI\t\n"
        "2\t모자\t9000\t\thttps://a.kr/2\t패션\tU\t블랙^9000|화이트^9500\n"
        "3\t\t\t\t\t\tD\t\n"
        "4\t신발\t1\t\t\t\tX\t\n"
    )

    def test_a_delta_changes_adds_and_removes(self) -> None:
        found = read(self.FEED, "KRW")
        assert [one for one in found if isinstance(one, Gone)] == [Gone("3", 4)]
        assert problems(found) == [(5, "class", "class_unknown")]
        bag, hat = products(found)["1"], products(found)["2"]
        assert (bag.variants[0].price, bag.variants[0].sale_price) == (money("15000", "KRW"), money("12000", "KRW"))
        assert hat.options == {"option": ("블랙", "화이트")}
        assert look(io.BytesIO(self.FEED.encode())).is_delta


def test_shopify() -> None:
    feed = (
        "Handle,Title,Body (HTML),Vendor,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price,"
        "Variant Compare At Price,Variant Inventory Qty,Variant Inventory Policy,Image Src,Status\n"
        "boot,Boot,<p>Dry</p>,Acme,true,Color,Red,b-r,80.00,100.00,3,deny,https://a.example/1.jpg,active\n"
        "boot,,,,,,Blue,b-b,90.00,,0,continue,,\n"
        "boot,,,,,,,,,,,,https://a.example/2.jpg,\n"
        "secret,Secret,,,false,Title,Default Title,s,1.00,,,,,draft\n"
        "mug,Mug,,,true,Title,Default Title,mug-1,5.00,,,deny,,active\n"
    )
    found = products(read(feed))
    assert found.keys() == {"boot", "mug"}
    boot = found["boot"]
    assert boot.options == {"colour": ("Red", "Blue")}
    assert (boot.variants[0].price, boot.variants[0].sale_price, boot.variants[0].stock) == (
        money("100"),
        money("80"),
        3,
    )
    assert boot.variants[1].can_order()
    assert len(boot.images) == 2
    assert found["mug"].options == {}


def test_woocommerce() -> None:
    feed = (
        "ID,Type,SKU,Name,Published,Regular price,Sale price,Stock,In stock?,Categories,Images,Parent,"
        "Attribute 1 name,Attribute 1 value(s),Weight (kg)\n"
        '1,variable,tee,Tee,1,,,,1,"Clothing > Tees, Sale",https://a.example/a.png,,Color,"Red, Blue",0.2\n'
        "2,variation,tee-r,Tee - Red,1,20,15,3,1,,,tee,Color,Red,\n"
        "3,variation,tee-b,Tee - Blue,1,20,,,0,,,id:1,Color,Blue,\n"
        "4,variation,lost,Lost,1,20,,,1,,,nobody,Color,Blue,\n"
        "5,simple,mug,Mug,1,5,,,1,,,,Material,Clay,\n"
    )
    found = read(feed)
    assert problems(found) == [(5, "Parent", "parent_unknown")]
    tee, mug = products(found)["tee"], products(found)["mug"]
    assert tee.options == {"colour": ("Red", "Blue")}
    assert [one.can_order() for one in tee.variants] == [True, False]
    assert tee.categories == ("Clothing", "Tees")
    assert mug.attribute("material") is not None


class TestJsonLd:
    GROUP: ClassVar = {
        "@context": "https://schema.org",
        "@type": "ProductGroup",
        "productGroupID": "boot",
        "name": "Boot",
        "brand": {"@type": "Brand", "name": "Acme"},
        "weight": {"@type": "QuantitativeValue", "value": 1.2, "unitCode": "KGM"},
        "hasVariant": [
            {"@type": "Product", "sku": f"b-{size}", "size": size, "offers": {"price": 80, "priceCurrency": "USD"}}
            for size in ("M", "L")
        ],
        "aggregateRating": {"ratingValue": 8, "bestRating": 10, "reviewCount": 12},
        "review": [{"reviewRating": {"ratingValue": 5}, "author": {"name": "Jo"}, "reviewBody": "<b>Warm</b>"}],
    }

    @pytest.mark.parametrize("shape", ["object", "array", "graph", "lines", "page"])
    def test_a_group_with_its_variants_wherever_it_stands(self, shape: str) -> None:
        text = json.dumps(self.GROUP)
        feed = {
            "object": json.dumps(self.GROUP, indent=2),
            "array": f"[{text}]",
            "graph": f'{{"@context": "https://schema.org", "@graph": [{{"@type": "WebSite"}}, {text}], "more": 1}}',
            "lines": f'{{"@type": "Thing"}}\n{text}\n',
            "page": f"<!doctype html><html><head><script type='application/ld+json'>{text}</script></head></html>",
        }[shape]
        found = read(feed)
        assert problems(found) == []
        boot = products(found)["boot"]
        assert boot.options == {"size": ("M", "L")}
        assert (boot.brand, boot.stars, boot.reviews) == ("Acme", 4.0, 12)
        weight = boot.attribute("weight")
        assert weight is not None
        assert (weight.number, weight.unit) == (1.2, "kg")
        reviews = [review for one in found if isinstance(one, Offer) for review in one.written]
        assert [(one.author, one.stars, one.text) for one in reviews] == [("Jo", 5, "Warm")]

    def test_one_line_that_is_no_json_costs_one_product(self) -> None:
        good = '{"@type": "Product", "sku": "%s", "name": "Hat", "offers": {"price": "9.50"}}'
        found = read("\n".join([good % "a", "{nonsense", good % "b"]))
        assert problems(found) == [(2, "", "json_invalid")]
        assert products(found).keys() == {"a", "b"}

    def test_a_list_price_makes_it_a_sale(self) -> None:
        specification = [
            {"price": 100, "priceCurrency": "USD", "priceType": "https://schema.org/ListPrice"},
            {"price": 80, "priceCurrency": "USD"},
        ]
        node = {
            "@type": "Product",
            "sku": "a",
            "name": "A",
            "offers": {"@type": "Offer", "priceSpecification": specification},
        }
        variant = only(json.dumps(node)).variants[0]
        assert (variant.price, variant.sale_price) == (money("100"), money("80"))

    @pytest.mark.parametrize("feed", ["[" * 100_000, '{"a":' * 100_000, "[1e999, NaN, " + "9" * 5_000 + "]"])
    def test_hostile_json_ends(self, feed: str) -> None:
        assert products(read(feed)) == {}


class TestMapping:
    FEED = (
        "Artikelnummer;Bezeichnung;Preis;Marke;Gewicht;Farbe;Bild\n"
        "1;Stuhl;12,50;Holz & Co;1,2 kg;rot;https://a.example/1.png\n"
        "2;Tisch;1.250,00;Holz & Co;30 kg;grau;\n"
    )

    def test_is_guessed_and_does_nothing_until_it_is_confirmed(self) -> None:
        file = io.BytesIO(self.FEED.encode())
        feed = look(file)
        assert feed.proposal is not None
        assert feed.proposal.mapping.columns == {
            "Artikelnummer": "id",
            "Bezeichnung": "title",
            "Preis": "price",
            "Marke": "brand",
            "Gewicht": "attribute:gewicht",
            "Farbe": "option:colour",
            "Bild": "image",
        }
        assert feed.proposal.missing == ()
        assert feed.proposal.rows[1]["Preis"] == "1.250,00"
        with pytest.raises(FeedError, match="said first"):
            entries(file, feed, "EUR")
        found = products(read(self.FEED, "EUR", feed.proposal.mapping))
        assert found["2"].variants[0].price == money("1250", "EUR")

    def test_columns_that_are_not_there_are_refused(self) -> None:
        with pytest.raises(FeedError, match="no column 'Nummer'"):
            read(self.FEED, "EUR", Mapping(columns={"Nummer": "id", "Bezeichnung": "title", "Preis": "price"}))
        with pytest.raises(FeedError, match="No column is the price"):
            read(self.FEED, "EUR", Mapping(columns={"Artikelnummer": "id", "Bezeichnung": "title"}))


def test_reviews() -> None:
    found = read("product_id,stars,title,text,author,date\n1,5,Great,Warm <img src=x>,Jo,2026-01-02\n2,11,,,,\n")
    written = [one for one in found if isinstance(one, Written)]
    assert [(one.product, one.review.stars, one.review.text) for one in written] == [("1", 5, "Warm")]
    assert problems(found) == [(3, "stars", "stars_invalid")]


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("12.50 USD", "USD", "12.50"),
        ("USD 12.50", "USD", "12.50"),
        ("$1,250", "USD", "1250"),
        ("1.250,00 €", "EUR", "1250"),
        ("12,5", "EUR", "12.5"),
        ("CHF 1'250.00", "CHF", "1250"),
        ("12500원", "KRW", "12500"),
        ("12,500", "KRW", "12500"),
        ("12.9900", "USD", "12.99"),
        ("1.250", "KWD", "1.250"),
    ],
)
def test_prices_as_they_are_written(text: str, currency: str, amount: str) -> None:
    assert values.price(text, currency) == Money.of(Decimal(amount), currency)


@pytest.mark.parametrize(
    "text", ["", "free", "0", "-5", "1.250 USD", "12.50 EUR", "1,2,3", "12 XYZ", "$ 5 USD", "1e9", "9" * 40, "٣"]
)
def test_what_is_no_plain_price_is_refused(text: str) -> None:
    with pytest.raises(RowError):
        values.price(text, "USD")


@given(
    st.integers(1, 10**9), st.sampled_from(["USD", "EUR", "KRW", "KWD"]), st.sampled_from(["{0} {1}", "{1} {0}", "{0}"])
)
def test_every_amount_comes_back(minor: int, currency: str, form: str) -> None:
    amount = Money(minor=minor, currency=currency)
    assert values.price(form.format(amount.amount, currency), currency) == amount


@given(st.text(max_size=200))
def test_an_id_is_always_one_of_ours_and_two_stay_two(text: str) -> None:
    made = values.identity(text)
    assert len(made) <= 120
    if made:
        assert values.identity(made) == made
        assert values.identity(text + "/") != made


@given(st.text(max_size=300))
def test_no_markup_and_no_address_but_of_the_web_gets_through(text: str) -> None:
    line = values.line(f"a<script>{text}</script><img src=x onerror={text}>b", 200)
    assert "<script" not in line.lower()
    url = values.web_url(text)
    assert url == "" or url.startswith(("http://", "https://"))
    assert values.web_url(f"javascript:{text}") == ""


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20), min_size=3, max_size=3),
        max_size=8,
    )
)
def test_any_table_that_csv_writes_is_read_back(rows: list[list[str]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(["a", "b", "c"])
    writer.writerows(rows)
    table = Table(io.BytesIO(text.getvalue().encode()), "utf-8", ",")
    wanted = [{name: cell.strip() for name, cell in zip("abc", row, strict=True) if cell.strip()} for row in rows]
    assert [one.values for one in table.records() if not isinstance(one, Problem)] == [row for row in wanted if row]


@given(st.binary(max_size=400))
def test_any_bytes_are_read_to_the_end_or_refused(feed: bytes) -> None:
    try:
        found: Iterator[Entry] = iter(read(b"id,title,price,availability\n" + feed))
    except FeedError:
        return
    assert all(isinstance(one, Offer | Problem) for one in found)


@given(st.sampled_from(list(Format)), st.binary(max_size=200))
def test_no_format_breaks_on_any_bytes(format_: Format, feed: bytes) -> None:
    file = io.BytesIO(feed)
    with contextlib.suppress(FeedError):
        list(entries(file, look(file, format_), "USD"))
