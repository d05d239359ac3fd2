"""Takes what is one customer's out of a text that many shall read: names, addresses, order numbers, e-mails. Pure.

What has a form of its own is found by its form; names have none, so those that are known of the conversation are
looked for, and what stands where names stand: in greetings, after "my name is". A person reads the text before it is
anybody's answer, and the marks that stand in place of what was taken say where to look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

NAME, EMAIL, PHONE, ORDER, ADDRESS, NUMBER = (
    "[name]",
    "[e-mail address]",
    "[phone number]",
    "[order number]",
    "[address]",
    "[number]",
)
MARKS = (NAME, EMAIL, PHONE, ORDER, ADDRESS, NUMBER)

_WORD = r"[^\W\d_][\w'\u2019-]*"
_CAPITAL = r"[A-Z\u00c0-\u00de][\w'\u2019-]*"
_STREETS = (
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|way|court|ct|square|sq|boulevard|blvd|place|terrace|crescent)"
)

_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"), EMAIL),
    (re.compile(r"(https?://[^\s?#]{1,500})[?#][^\s]*", re.IGNORECASE), r"\1"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"), NUMBER),
    (re.compile(r"\b[A-Z]{1,5}-\d{3,12}\b", re.IGNORECASE), ORDER),
    (
        re.compile(
            r"\b(order|parcel|return|invoice|tracking)( number| no\.?| code| id)?[ :]*(?:#|no\.? ?)?"
            r"(?=[a-z-]{0,6}\d)[a-z0-9-]{4,30}\b",
            re.IGNORECASE,
        ),
        rf"\1\2 {ORDER}",
    ),
    (re.compile(r"(?<!\w)#\d{3,}\b"), ORDER),
    (
        re.compile(
            rf"\b\d{{1,5}}[a-z]?,? (?:{_WORD} ){{1,4}}{_STREETS}\b\.?"
            rf"(?:,? (?:apt|apartment|flat|unit|suite)\.? ?\w{{1,6}})?"
            rf"(?:, {_CAPITAL}(?: {_CAPITAL}){{0,2}})?(?:,? (?:[A-Z]{{2}} )?\d{{5}}(?:-\d{{4}})?)?",
            re.IGNORECASE,
        ),
        ADDRESS,
    ),
    (
        re.compile(
            rf"\b{_CAPITAL}(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse) ?\d{{1,4}} ?[a-z]?\b"
            rf"(?:,? \d{{4,5}} {_CAPITAL})?"
        ),
        ADDRESS,
    ),
    (re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"), ADDRESS),
    # A date such as 2026-11-23 is nobody's phone number.
    (re.compile(r"(?<![\w.,-])(?!\d{4}-\d\d-\d\d\b)\+?\(?\d(?:[ ()/.-]?\d){7,18}(?![\w-])"), NUMBER),
    (re.compile(r"(?<![\w.,])\+\d[\d ()/.-]{5,20}\d\b"), PHONE),
)

_HELLO = re.compile(
    rf"^\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day))(?: there| again)?"
    rf"(?:,? (?:(?:mr|mrs|ms|dr)\.? )?{_CAPITAL}(?: {_CAPITAL})?)?\s*[,.!:\u2013-]+\s*",
    re.IGNORECASE,
)
_BYE = re.compile(
    rf"\s*\b(?:best wishes|kind regards|best regards|warm regards|regards|best|cheers|yours|sincerely)"
    rf",?\s*(?:\[name\]|{_CAPITAL}(?: {_CAPITAL})?)[.!]?\s*$",
    re.IGNORECASE,
)
_CALLED = re.compile(rf"\b((?i:my name is|i am called|thank you|thanks|mr|mrs|ms))(\.?,? )({_CAPITAL}(?: {_CAPITAL})?)")
_SPOKEN_TO = re.compile(
    rf"\b((?i:yes|no|sure|of course|sorry|great|okay|ok|certainly|absolutely|welcome)),? ({_CAPITAL})(?=[,.!?])"
)
_NOT_NAMES = frozenset(("I", "It", "We", "You", "They", "The", "This", "That", "For", "So", "Our", "Your", "Please"))


def without_personal(text: str, known: Iterable[str] = ()) -> str:
    """The text without what is one customer's. `known` are names and the like of those who talk; each of their words
    of three letters or more is taken out wherever it stands.
    """
    cleaned = text
    for form, mark in _FORMS:
        cleaned = form.sub(mark, cleaned)
    for words in sorted({one.strip() for one in known if len(one.strip()) > 2}, key=len, reverse=True):
        for one in (words, *(part for part in words.split() if len(part) > 2)):
            cleaned = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", NAME, cleaned, flags=re.IGNORECASE)
    cleaned = re.sub(rf"{re.escape(NAME)}(?: {re.escape(NAME)})+", NAME, cleaned)
    cleaned = _SPOKEN_TO.sub(r"\1", _CALLED.sub(_called, cleaned))
    cleaned = re.sub(rf"^\s*(?:hi|hello|hey|dear)? ?{re.escape(NAME)}[,.!: ]+", "", cleaned, flags=re.IGNORECASE)
    cleaned = _BYE.sub("", _HELLO.sub("", cleaned))
    return _sentence(cleaned.strip())


def marked(text: str) -> tuple[str, ...]:
    """The marks that are still in a text, and have to be replaced before it is anybody's answer."""
    return tuple(mark for mark in MARKS if mark in text)


def _called(found: re.Match[str]) -> str:
    words, between, name = found.groups()
    return found[0] if name.split()[0] in _NOT_NAMES else f"{words}{between}{NAME}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
