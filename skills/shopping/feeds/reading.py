"""Any feed of products: what format it is in, and its entries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from skills.shopping.errors import FeedError
from skills.shopping.feeds import google, jsonld, mapping, naver, review_rows, shopify, woocommerce
from skills.shopping.feeds.decoding import encoding_of
from skills.shopping.feeds.delimited import Table
from skills.shopping.feeds.entries import Entry
from skills.shopping.feeds.mapping import Mapping, Proposal


class Format(StrEnum):
    """What a feed is written in."""

    GOOGLE = "google"
    JSONLD = "jsonld"
    NAVER = "naver"
    SHOPIFY = "shopify"
    WOOCOMMERCE = "woocommerce"
    CSV = "csv"
    """Any other table, with a mapping of its columns."""
    REVIEWS = "reviews"


@dataclass(frozen=True)
class Feed:
    """A feed that has been looked at: `is_delta` names only what has changed; `proposal` is to be confirmed first."""

    format: Format
    encoding: str
    is_delta: bool
    table: Table | None = None
    proposal: Proposal | None = None


def look(file: BinaryIO, format_: Format | None = None, mapped: Mapping | None = None) -> Feed:
    """Find out what a feed is, unless that is given.

    Raises:
        FeedError: it is none that can be read; see there for the codes.
    """
    encoding = (mapped.encoding if mapped else "") or encoding_of(file)
    file.seek(0)
    head = file.read(1 << 16).decode(encoding, "replace").lstrip("\ufeff \t\r\n")
    if format_ is None and head.startswith("<"):
        format_ = Format.JSONLD if _is_page(head) else Format.GOOGLE
    elif format_ is None and head.startswith(("{", "[")):
        format_ = Format.JSONLD
    if format_ is Format.JSONLD or (format_ is Format.GOOGLE and head.startswith("<")):
        return Feed(format_, encoding, is_delta=False)
    table = _table(file, encoding, mapped)
    format_ = format_ or _of_columns(table, mapped)
    needed = _NEEDED.get(format_, set())
    if not needed <= {google.field_name(one) if format_ is Format.GOOGLE else one.lower() for one in table.columns}:
        raise FeedError("feed_format", f"A {format_.value} feed has the columns {', '.join(sorted(needed))}")
    is_delta = format_ is Format.NAVER and naver.CLASS in table.columns
    proposal = mapping.propose(table) if format_ is Format.CSV and mapped is None else None
    return Feed(format_, encoding, is_delta or format_ is Format.REVIEWS, table, proposal)


def entries(file: BinaryIO, feed: Feed, currency: str, mapped: Mapping | None = None) -> Iterator[Entry]:
    """Everything in a feed, in its order, read as it is asked for.

    Raises:
        FeedError: it cannot be read to its end.
    """
    if feed.table is None:
        if feed.format is Format.JSONLD:
            return jsonld.read(file, feed.encoding, currency)
        return google.read_xml(file, currency)
    table = feed.table
    match feed.format:
        case Format.GOOGLE:
            return google.read_table(table, currency)
        case Format.NAVER:
            return naver.read(table, currency)
        case Format.SHOPIFY:
            return shopify.read(table, currency)
        case Format.WOOCOMMERCE:
            return woocommerce.read(table, currency)
        case Format.REVIEWS:
            return review_rows.read(table)
        case _:
            if mapped is None:
                raise FeedError("feed_mapping", "What its columns are has to be said first")
            return mapping.read(table, mapped, currency)


_NEEDED = {
    Format.GOOGLE: {"id", "title", "price"},
    Format.NAVER: {"id"},
    Format.SHOPIFY: {"title"},
    Format.WOOCOMMERCE: {"type", "regular price"},
}


def _table(file: BinaryIO, encoding: str, mapped: Mapping | None) -> Table:
    try:
        return Table(file, encoding, mapped.delimiter if mapped else "")
    except (LookupError, UnicodeError) as error:
        raise FeedError("feed_encoding", f"There is no encoding {encoding[:20]!r}") from error


def _of_columns(table: Table, mapped: Mapping | None) -> Format:
    if mapped is not None:
        return Format.CSV
    there = {one.lower() for one in table.columns}
    if {"handle", "title"} <= there and {"variant price", "variant sku", "option1 name"} & there:
        return Format.SHOPIFY
    if {"url handle", "title"} <= there:
        return Format.SHOPIFY
    if {"type", "regular price"} <= there:
        return Format.WOOCOMMERCE
    if "id" in there and ("price_pc" in there or {"class", "update_time"} <= there):
        return Format.NAVER
    if {"id", "title", "price"} <= (names := {google.field_name(one) for one in table.columns}) and {
        "availability", "image_link", "link", "item_group_id"
    } & names:  # fmt: skip
        return Format.GOOGLE
    if there & set(review_rows.PRODUCT) and there & set(review_rows.STARS) and not there & {"price", "brand"}:
        return Format.REVIEWS
    return Format.CSV


def _is_page(head: str) -> bool:
    start = head[:2_000].lower()
    return "<html" in start or "<!doctype html" in start or "<head" in start or "ld+json" in head.lower()
