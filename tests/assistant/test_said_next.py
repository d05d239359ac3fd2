"""What is expected after a reply."""

from __future__ import annotations

from assistant.channels.said_next import said_next
from skills.turn import Card, QuickReply, Reply


def reply(*titles: str, expects_reply: bool = False) -> Reply:
    return Reply(
        dialog_request_id="r1",
        speech="",
        text="",
        cards=tuple(Card(item=f"i{number}", title=title) for number, title in enumerate(titles)),
        quick_replies=(QuickReply(text="More", utterance="more results"),),
        expects_reply=expects_reply,
    )


def test_the_names_on_the_shelf_and_what_picks_them() -> None:
    phrases = said_next(reply("Falling Into a Black Hole", "Bread"))
    assert phrases == (
        "Falling Into a Black Hole",
        "Bread",
        "first",
        "second",
        "the first one",
        "the second one",
        "more results",
    )


def test_yes_and_no_only_where_something_was_asked() -> None:
    assert "yes" not in said_next(reply())
    assert {"yes", "no"} <= set(said_next(reply(expects_reply=True)))


def test_a_phrase_comes_once_and_nothing_follows_from_nothing() -> None:
    assert said_next(reply("first", "first")).count("first") == 1
    assert said_next(None) == ()
