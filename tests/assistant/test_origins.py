"""Origins: read as browsers write them, or not at all."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.origins import Origins, read_origin

labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
hosts = st.lists(labels, min_size=1, max_size=4).map(".".join).filter(lambda host: not host[-1].isdigit())
origins = st.builds(
    lambda scheme, host, port: f"{scheme}://{host}" + (f":{port}" if port else ""),
    st.sampled_from(["http", "https"]),
    hosts,
    st.none() | st.integers(1, 65_535).filter(lambda port: port not in (80, 443)),
)


@given(origins)
def test_what_browsers_write_stays_as_it_is(origin: str) -> None:
    assert read_origin(origin) == origin
    assert read_origin(origin.upper()) == origin


@given(
    origins, st.sampled_from(["/", "/x", "?", "#", " ", "\n", "\t", "\0", ",https://a.example", ":", ".", ":0", ":080"])
)
def test_what_is_more_or_less_than_an_origin_is_none(origin: str, more: str) -> None:
    for text in (origin + more, more + origin):
        with pytest.raises(ValueError, match=r".+"):
            read_origin(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "null", "*", "shop.example", "//shop.example", "ftp://shop.example", "https:shop.example",
        "https://ann@shop.example", "https://shop.example@evil.example", "https://shop.example\\@evil.example",
        "https://ann:secret@shop.example:443", "https://shop.example:65536", "https://shop.example:99999999",
        "https://shop..example", "https://.shop.example", "https://shop.example.", "https://-shop.example",
        "https://müller.example", "https://\uff53hop.example", "https://\u212aid.example", "http\u017f://shop.example",
        "https://shop。example", "https://shop.example%2f",
        "https://[::1", "https://[::1%25lo]", "https://[1.2.3.4]", "https://256.1.1.1", "https://0177.0.0.1",
        "https://2130706433", "https://1.2.3", "javascript://shop.example/%0a", "data:text/html,x",
        "http://" + "a" * 300,
        "https://" + "a" * 64 + ".example", "blob:https://shop.example/1", "file://", "about:blank",
    ],
)  # fmt: skip
def test_tricks_are_no_origins(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_origin(text)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("HTTPS://Shop.Example:443", "https://shop.example"),
        ("http://shop.example:80", "http://shop.example"),
        ("http://shop.example:443", "http://shop.example:443"),
        ("https://xn--mller-kva.example", "https://xn--mller-kva.example"),
        ("http://10.0.0.5:8080", "http://10.0.0.5:8080"),
        ("http://[0:0:0:0:0:0:0:1]:8080", "http://[::1]:8080"),
        ("http://my_shop.example", "http://my_shop.example"),
    ],
)
def test_one_origin_has_one_spelling(written: str, read: str) -> None:
    assert read_origin(written) == read


@given(origins, origins)
def test_only_who_was_named_and_we_ourselves_may(named: str, asking: str) -> None:
    host = "sori.example:8443"
    some, every = Origins([named]), Origins(["*"])
    assert some.allow(named, host)
    assert some.allow("https://sori.example:8443", host)
    assert some.allow(asking, host) == (asking in (named, "http://sori.example:8443", "https://sori.example:8443"))
    assert every.allow(asking, host)
    assert Origins([]).allow(asking, urlsplit(asking).netloc)


def test_our_own_host_may_name_the_schemes_own_port() -> None:
    nobody = Origins([])
    assert nobody.allow("https://sori.example", "Sori.Example:443")
    assert not nobody.allow("https://sori.example", "sori.example:80")
    assert not nobody.allow("https://sori.example", "sori.example.evil.example")
    assert not nobody.allow("https://sori.example:8080", "sori.example")
