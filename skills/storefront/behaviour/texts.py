"""Texts of a shop's rules, in which variables are checked."""

from __future__ import annotations

from pydantic import AfterValidator

from skills.storefront.template import problems

OPENS = "{opens}"
"""In away replies: when people answer again."""


def _checked(text: str) -> str:
    if found := problems(text):
        raise ValueError(found[0].text)
    return text


def _checked_with_opens(text: str) -> str:
    _checked(text.replace(OPENS, " " * len(OPENS)))
    return text


checked = AfterValidator(_checked)
"""Refuses a text whose variables are wrong, with a sentence that says where."""
checked_with_opens = AfterValidator(_checked_with_opens)
"""The same where `{opens}` may stand too."""
