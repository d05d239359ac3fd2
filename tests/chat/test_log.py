"""Chats in the database: numbered without gaps, each message once, each shop's its own; on SQLite and PostgreSQL."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from assistant.chat.handover import State, Thread
from assistant.chat.log import ChatLog
from assistant.chat.once import Once
from assistant.chat.pairing import ALPHABET, GOOD_FOR, Paired, Pairings
from assistant.chat.records import HIDDEN, Body, Kept
from assistant.chat.rows import Draft, Move
from assistant.chat.server_messages import Sender
from assistant.chat.sessions import Shopper
from assistant.errors import ServiceError
from assistant.storage.store import Store
from skills.shop_view import Tap
from skills.shopping.catalogue import Catalogues
from skills.shopping.shop import Shop

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ADA, BEN = Shopper("nordfell", "ada"), Shopper("nordfell", "ben")
ELSEWHERE = Shopper("mossgarden", "ada")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    file = tmp_path_factory.mktemp(request.param) / "sori.db"
    store = Store(f"sqlite:///{file}" if request.param == "sqlite" else request.getfixturevalue("postgres"))
    for shop in ("nordfell", "mossgarden"):
        Catalogues(store.engine).put_shop(Shop(id=shop, name=shop))
    yield store
    store.close()


@pytest.fixture
def log(store: Store) -> ChatLog:
    return ChatLog(store.engine)


def write(log: ChatLog, conversation: str, client_id: str, shopper: Shopper = ADA, text: str = "boots") -> int:
    return log.accept(conversation, shopper, "en", client_id, Body(text=text), NOW, ask=True)[0]


def question(conversation: str, seq: int, client_id: str) -> Kept:
    return Kept(conversation, seq, Sender.SHOPPER, Body(text="boots"), NOW, client_id)


def bot(text: str) -> Draft:
    return Draft(Sender.BOT, Body(text=text))


def test_a_message_that_comes_again_is_the_same_and_is_answered_once(log: ChatLog) -> None:
    chat = secrets.token_hex(8)
    first = log.accept(chat, ADA, "en", "m1", Body(text="boots"), NOW, ask=True)
    again = log.accept(chat, ADA, "en", "m1", Body(text="something else"), NOW, ask=True)
    assert (first, again) == ((1, True), (1, False))
    asked = question(chat, 1, "m1")
    assert [one.body.text for one in log.unanswered(chat)] == ["boots"]
    answer = log.answer(asked, [bot("Here.")], NOW)
    assert answer is not None
    assert log.answer(asked, [bot("Here again.")], NOW) is None
    assert log.answers(chat, "m1") == answer
    assert log.unanswered(chat) == []
    assert [(one.seq, one.body.text) for one in log.after(chat, 0, 10)[0]] == [(1, "boots"), (2, "Here.")]


def test_many_at_once_are_numbered_without_gaps_and_none_is_lost_or_doubled(log: ChatLog) -> None:
    chat = secrets.token_hex(8)
    with ThreadPoolExecutor(8) as threads:
        numbers = sorted(threads.map(lambda one: write(log, chat, f"m{one % 20}"), range(40)))
    assert numbers == sorted([*range(1, 21)] * 2)


def test_nobody_else_sees_or_writes_it(log: ChatLog) -> None:
    """Another shopper's, or the same one's in another shop: as if there were no such conversation."""
    chat = secrets.token_hex(8)
    write(log, chat, "m1")
    for other in (BEN, ELSEWHERE):
        assert log.conversation(chat, other.shop, other.id) is None
        assert chat not in [found.id for found, _ in log.of_shopper(other.shop, other.id)]
        with pytest.raises(ServiceError) as refused:
            write(log, chat, "m2", other)
        assert refused.value.code == "conversation_unknown"
    assert log.conversation(chat, "mossgarden") is None
    assert [one.seq for one in log.after(chat, 0, 10)[0]] == [1]


def test_history_comes_in_pages_and_agents_notes_stay_among_agents(log: ChatLog) -> None:
    chat = secrets.token_hex(8)
    for number in range(5):
        write(log, chat, f"m{number}", text=str(number))
    log.add(chat, [Draft(Sender.INTERNAL, Body(text="be kind"))], NOW)
    newest, more = log.after(chat, 0, 2)
    assert ([one.body.text for one in newest], more) == (["3", "4"], True)
    older, more = log.before(chat, newest[0].seq, 10)
    assert ([one.body.text for one in older], more) == (["0", "1", "2"], False)
    assert [one.body.text for one in log.after(chat, 4, 10)[0]] == ["4"]
    assert log.message(chat, 6) is None
    assert [one.body.text for one in log.whole(chat, 10)][-1] == "be kind"


def test_what_is_unread_is_what_others_wrote_since(log: ChatLog) -> None:
    shopper, chat = Shopper("nordfell", secrets.token_hex(4)), secrets.token_hex(8)
    write(log, chat, "m1", shopper)
    log.add(chat, [bot("Here."), Draft(Sender.INTERNAL, Body(text="psst")), bot("And here.")], NOW)
    assert [unread for _, unread in log.of_shopper(shopper.shop, shopper.id)] == [2]
    assert log.read(chat, 4)
    assert not log.read(chat, 3), "what was read stays read"
    assert not log.read(chat, 99), "nobody has read what is not there"
    assert [unread for _, unread in log.of_shopper(shopper.shop, shopper.id)] == [0]


def test_only_answers_are_rated(log: ChatLog) -> None:
    chat = secrets.token_hex(8)
    asked = write(log, chat, "m1")
    log.add(chat, [bot("Here.")], NOW)
    assert log.rate(chat, asked + 1, "bad", "too dear")
    assert not log.rate(chat, asked, "good", "")
    assert [one.rating for one in log.after(chat, 0, 10)[0]] == [None, "bad"]


def test_what_a_form_had_in_it_and_secrets_do_not_stay_in_the_log(log: ChatLog) -> None:
    chat = secrets.token_hex(8)
    address = Tap(name="checkout.update", values={"line1": "12 Elm Street"})
    for client_id, body, private in (("m1", Body(text="4711"), True), ("m2", Body(text="Go on", tap=address), False)):
        seq, _ = log.accept(chat, ADA, "en", client_id, body, NOW, ask=True)
        asked = Kept(chat, seq, Sender.SHOPPER, body.answered(private=private), NOW, client_id)
        assert log.answer(asked, [bot("Thanks.")], NOW)
    kept = log.after(chat, 0, 10)[0]
    assert [one.body.text for one in kept] == [HIDDEN, "Thanks.", "Go on", "Thanks."]
    assert "Elm" not in "".join(one.body.model_dump_json() for one in kept)


def test_two_agents_cannot_take_the_same_conversation(log: ChatLog) -> None:
    chat = secrets.token_hex(8)
    write(log, chat, "m1")
    waiting, _ = Thread().ask(NOW, is_open=True)
    assert log.add(chat, [], NOW, Move(Thread(), waiting)) == []
    assert chat in [found.id for found in log.threads("nordfell")]
    assert log.threads("mossgarden") == []

    def take(agent: str) -> bool:
        joined = Draft(Sender.NOTE, Body(text=f"{agent} has joined."))
        return log.add(chat, [joined], NOW, Move(waiting, waiting.take(agent, NOW)[0])) is not None

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(take, ["Mia", "Noor", "Eli", "Kai"])) == [False, False, False, True]
    found = log.conversation(chat, "nordfell")
    assert found is not None
    assert found.thread.state is State.AGENT
    assert [one.body.text for one in log.after(chat, 1, 10)[0]] == [f"{found.thread.agent} has joined."]
    assert chat not in [one.id for one in log.overdue(NOW)]
    assert chat in [one.id for one in log.overdue(NOW + timedelta(hours=1))]


def test_a_code_opens_one_conversation_once_in_its_shop_for_ten_minutes(store: Store) -> None:
    pairings = Pairings(store.engine)
    paired = Paired(Shopper("nordfell", "ada", "c-17", 1_790_000_000), "chat")

    def refused(code: str, shop: str = "nordfell", now: datetime = NOW) -> bool:
        with pytest.raises(ServiceError) as error:
            pairings.take(code, shop, now)
        return error.value.code == "code_unknown"

    code = pairings.make(paired, NOW)
    assert len(code) == 6
    assert set(code) <= set(ALPHABET)
    assert refused(code, "mossgarden")
    assert refused(code, now=NOW + GOOD_FOR)
    assert pairings.take(f" {code[:3].lower()}-{code[3:]} ", "nordfell", NOW) == paired
    assert refused(code)
    assert refused("")
    assert refused("' OR 1=1")


def test_what_is_told_once_in_a_period_is_told_once_however_many_ask(store: Store) -> None:
    """On all devices at the same moment, across restarts, and apart for each shopper and shop."""
    one, other, shopper = Once(store.engine), Once(store.engine), secrets.token_hex(8)
    later = NOW + timedelta(hours=24)
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: one.take("nordfell", shopper, "away night", NOW, 24), range(8)))
    assert told.count(True) == 1
    assert not other.take("nordfell", shopper, "away night", later - timedelta(seconds=1), 24)
    with ThreadPoolExecutor(8) as pool:
        again = list(pool.map(lambda _: other.take("nordfell", shopper, "away night", later, 24), range(8)))
    assert again.count(True) == 1
    assert one.take("nordfell", shopper, "away trip", NOW, 24)
    assert one.take("mossgarden", shopper, "away night", NOW, 24)
    assert one.take("nordfell", secrets.token_hex(8), "away night", NOW, 24)
