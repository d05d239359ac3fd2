"""A shop's chat by its protocol (docs/chat-protocol.md): answered once, history, tabs, people, attacks."""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from assistant.chat.log import ChatLog
from assistant.chat.records import Body
from assistant.chat.sessions import Sessions, Shopper, signed
from assistant.paths import DataPaths
from assistant.storage.api_keys import ApiKeys, agent_of
from assistant.storage.store import Store
from tests.service.chat_shops import CLOSED, OPEN
from tests.service.chatting import Received, at_the_chat, chatting
from tests.service.chatting import Shopper as Client
from tests.service.other_site import Site
from tests.service.running import Running
from tests.service.speech import QUESTION, in_a_room, say, wav

pytestmark = pytest.mark.usefixtures("chat_shops")


def bearer(session: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {session}"}


@pytest.fixture(scope="module")
def agent(service: Running) -> dict[str, str]:
    """The headers of somebody who answers in the open shop."""
    store = Store(DataPaths(service.data_dir).database_url)
    _, secret = ApiKeys(store.engine).add("Mia", [agent_of(OPEN)])
    store.close()
    return bearer(secret)


@asynccontextmanager
async def at_the_desk(service: Running, agent: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    base = f"{service.url}api/v1/agent/"
    async with httpx.AsyncClient(
        base_url=base, headers=agent, params={"store": OPEN}, timeout=20, trust_env=False
    ) as http:
        yield http


async def tapped(shopper: Client, name: str, label: str, **values: Any) -> Received:
    return await shopper.answer(await shopper.tap(name, label, **values))


def refused(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


class TestConversation:
    async def test_a_question_is_accepted_and_answered_and_is_there_after_a_reload(self, service: Running) -> None:
        async with chatting(service, OPEN) as shopper:
            welcome = shopper.welcome
            assert (welcome["messages"], welcome["conversations"], welcome["state"]) == ([], [], "bot")
            answer = await shopper.ask("hello there, I need a warm jacket for the winter in the far north of Norway")
            assert answer["text"]
            assert [one["seq"] for one in shopper.received if "seq" in one] == [1, 2]
        again = {"session": welcome["session"], "conversation": welcome["conversation"]}
        async with chatting(service, OPEN, **again) as shopper:
            assert [one["from"] for one in shopper.messages] == ["shopper", "bot"]
            assert shopper.messages[1] == answer
            (listed,) = shopper.welcome["conversations"]
            assert listed["title"] == "hello there, I need a warm jacket for the winter in the…"
            assert listed["unread"] == 1
            await shopper.send("read", seq=2)
            await shopper.send("rate", seq=2, value="bad", comment="too warm")
            assert await shopper.until("rated") == {"type": "rated", "seq": 2, "value": "bad"}
        async with chatting(service, OPEN, **again, last=2) as shopper:
            assert shopper.messages == []
            assert (shopper.welcome["read"], shopper.welcome["conversations"][0]["unread"]) == (2, 0)

    async def test_what_comes_again_is_answered_once(self, service: Running) -> None:
        async with chatting(service, OPEN) as shopper:
            answer = await shopper.ask("hello", id="resent-message")
            await shopper.send("send", id="resent-message", text="hello")
            assert (await shopper.until("accepted"))["seq"] == 1
            assert await shopper.answer("resent-message") == answer
            assert (await shopper.ask("thanks"))["seq"] == 4

    async def test_each_of_many_questions_at_once_gets_its_answer_in_order(self, service: Running) -> None:
        """A newer utterance makes an older one void at the speaker; what was written is answered."""
        async with chatting(service, OPEN) as shopper:
            sent = [secrets.token_hex(8) for _ in range(6)]
            for identity in sent:
                await shopper.send("send", id=identity, text="hello")
            while len(answers := [one for one in shopper.messages if one["from"] == "bot"]) < 6:
                await shopper.next()
            assert [one["id"] for one in answers] == sent
            assert all(one["text"] for one in answers)

    async def test_more_than_a_person_asks_at_once_is_refused_and_the_rest_answered(self, service: Running) -> None:
        async with chatting(service, OPEN) as shopper:
            for _ in range(30):
                await shopper.send("send", id=secrets.token_hex(8), text="hello")
            answered = refused = 0
            while answered + refused < 30:
                message = await shopper.next()
                answered += message["type"] == "message"
                if message["type"] == "error":
                    assert (message["code"], message["fatal"]) == ("conversation_busy", False)
                    refused += 1
            assert answered >= 8

    async def test_tabs_show_the_same_and_who_was_away_misses_nothing(self, service: Running) -> None:
        async with chatting(service, OPEN) as one:
            await one.ask("hello")
            again = {"session": one.welcome["session"], "conversation": one.welcome["conversation"]}
            async with chatting(service, OPEN, **again) as two:
                answer = await one.ask("thanks")
                assert (await two.until("message", **{"from": "shopper"}))["text"] == "thanks"
                assert await two.until("message", **{"from": "bot"}) == answer
                last = two.last
            for text in ("help", "hello"):
                await one.ask(text)
            async with chatting(service, OPEN, **again, last=last) as two:
                assert [m["seq"] for m in two.messages] == [5, 6, 7, 8]

    async def test_several_conversations_of_one_shopper(self, service: Running, http: httpx.Client) -> None:
        async with chatting(service, OPEN) as shopper:
            await shopper.ask("hello")
            first = shopper.welcome["conversation"]
            await shopper.send("new")
            fresh = await shopper.until("welcome")
            assert fresh["messages"] == []
            await shopper.ask("thanks")
            await shopper.send("open", conversation=first)
            back = await shopper.until("welcome")
            assert back["conversation"] == first
            assert [one["title"] for one in back["conversations"]] == ["thanks", "hello"]
            asked = {"store": OPEN, "conversation": first, "before": 2}
            older = http.get("/api/v1/chat/messages", params=asked, headers=bearer(back["session"])).json()
            assert ([one["text"] for one in older["messages"]], older["more"]) == (["hello"], False)

    async def test_what_was_accepted_before_the_service_was_killed_is_answered_once(self, service: Running) -> None:
        """In the database is what is there after kill -9 between `accepted` and the answer."""
        paths = DataPaths(service.data_dir)
        shopper, chat = Shopper(OPEN, secrets.token_hex(16)), secrets.token_hex(16)
        store = Store(paths.database_url)
        log = ChatLog(store.engine)
        log.accept(chat, shopper, "en", "before-the-kill", Body(text="hello"), datetime.now(UTC), ask=True)
        hello = {"session": Sessions(paths.root).token(shopper), "conversation": chat}
        async with chatting(service, OPEN, **hello) as one, chatting(service, OPEN, **hello) as two:
            answers = [m for m in one.messages if m["from"] == "bot"]
            answer = answers[0] if answers else await one.answer("before-the-kill")
            await two.send("ping")
            await two.until("pong")
            await one.ask("thanks")
        kept = log.after(chat, 0, 50)[0]
        store.close()
        assert [m.reply_to for m in kept] == [None, "before-the-kill", None, kept[3].reply_to]
        assert kept[1].body.text == answer["text"]


class TestPeople:
    async def test_a_person_takes_over_and_leaves(self, service: Running, agent: dict[str, str]) -> None:
        async with chatting(service, OPEN) as shopper, at_the_desk(service, agent) as desk:
            chat = f"threads/{shopper.welcome['conversation']}"
            await shopper.ask("hello")
            asked = await tapped(shopper, "person.ask", "A person, please")
            assert "asked for a person" in asked["text"]
            assert (await shopper.until("state"))["state"] == "waiting"
            waiting = (await desk.get("threads")).json()["threads"]
            assert shopper.welcome["conversation"] in [one["id"] for one in waiting]
            assert (await desk.post(f"{chat}/messages", json={"text": "Hi"})).status_code == 409, "take it first"

            assert (await desk.post(f"{chat}/take")).status_code == 204
            assert (await shopper.until("message", **{"from": "note"}))["text"] == "Mia has joined."
            assert (await shopper.until("state"))["name"] == "Mia"
            await shopper.say("my boots leak <b>badly</b>")
            await desk.post(f"{chat}/notes", json={"text": "third time this week"})
            await desk.post(f"{chat}/messages", json={"text": "Oh no!"})
            from_mia = await shopper.until("message", **{"from": "agent"})
            assert (from_mia["text"], from_mia["name"]) == ("Oh no!", "Mia")
            still = await tapped(shopper, "person.ask", "A person, please")
            assert still["from"] == "bot", "a button reaches the assistant while a person holds the conversation"

            transcript = (await desk.get(chat)).json()
            assert transcript["summary"]["asked"] == ["hello", "my boots leak <b>badly</b>"]
            assert ["internal", "third time this week"] in [[m["from"], m["text"]] for m in transcript["messages"]]
            assert "third time" not in json.dumps(shopper.received)

            assert (await desk.post(f"{chat}/close")).status_code == 204
            assert (await shopper.until("state"))["state"] == "closed"
            answer = await shopper.ask("hello")
            assert answer["from"] == "bot"

    async def test_back_to_the_assistant(self, service: Running) -> None:
        async with chatting(service, OPEN) as shopper:
            await tapped(shopper, "person.ask", "A person, please")
            await shopper.until("state", state="waiting")
            assert "back with me" in (await tapped(shopper, "person.leave", "Back"))["text"]
            await shopper.until("state", state="bot")
            assert (await shopper.ask("hello"))["text"]

    async def test_outside_opening_hours_an_address_is_left(self, service: Running) -> None:
        async with chatting(service, CLOSED) as shopper:
            offline = await tapped(shopper, "person.ask", "A person, please")
            assert "Nobody is here" in offline["text"]
            assert offline["shop"]["form"]["tap"]["name"] == "person.email"
            wrong = await tapped(shopper, "person.email", "Send", email="ada@")
            assert "does not look like" in wrong["text"]
            right = await tapped(shopper, "person.email", "Send", email="ada@example.org")
            assert "ada@example.org" in right["text"]
            assert "state" not in {one["type"] for one in shopper.received}

    async def test_people_of_one_shop_see_nothing_of_another(self, service: Running, agent: dict[str, str]) -> None:
        async with chatting(service, CLOSED) as shopper, at_the_desk(service, agent) as desk:
            await shopper.ask("hello")
            chat = f"threads/{shopper.welcome['conversation']}"
            elsewhere = {"store": CLOSED}
            assert refused(await desk.get("threads", params=elsewhere)) == (403, "key_scope")
            assert refused(await desk.get(chat)) == (404, "conversation_unknown")
            assert refused(await desk.post(f"{chat}/take")) == (404, "conversation_unknown")
            assert refused(await desk.post(f"{chat}/notes", json={"text": "x"})) == (404, "conversation_unknown")

    async def test_what_changes_is_told_to_people_as_it_happens(self, service: Running, agent: dict[str, str]) -> None:
        async with (
            at_the_desk(service, agent) as desk,
            desk.stream("GET", "events") as events,
            chatting(service, OPEN) as shopper,
        ):
            lines = events.aiter_lines()
            assert await anext(lines) == ": listening"
            await shopper.ask("hello")
            async with asyncio.timeout(10):
                while not (line := await anext(lines)).startswith("data:"):
                    pass
            assert json.loads(line[5:]) == {"conversation": shopper.welcome["conversation"]}


class TestDevices:
    async def test_a_code_opens_the_conversation_on_another_device_once(
        self, service: Running, http: httpx.Client
    ) -> None:
        async with chatting(service, OPEN) as shopper:
            await shopper.ask("hello")
            code = (await tapped(shopper, "person.phone", "Send it to my phone"))["shop"]["pair_code"]
            address = {"url": "/api/v1/chat/pair", "params": {"store": OPEN}, "json": {"code": code}}
            assert refused(http.post(**address | {"params": {"store": CLOSED}})) == (404, "code_unknown")
            paired = http.post(**address).json()
            assert refused(http.post(**address)) == (404, "code_unknown")
            async with chatting(service, OPEN, **paired) as phone:
                assert phone.messages[0]["text"] == "hello"
                await shopper.ask("thanks")
                assert (await phone.until("message"))["text"] == "thanks"

    async def test_a_recording_is_heard_and_its_answer_said(self, service: Running, http: httpx.Client) -> None:
        async with chatting(service, OPEN) as shopper:
            auth = bearer(shopper.welcome["session"])
            address = {
                "url": "/api/v1/chat/voice",
                "params": {"store": OPEN},
                "content": wav(in_a_room(say(), before=0.3, after=0.3)),
            }
            heard = http.post(**address, headers=auth | {"Content-Type": "audio/wav"}).json()
            assert heard["text"] == QUESTION
            assert heard["alternatives"][0]["text"] == QUESTION
            answer = await shopper.ask(heard["text"], voice=heard["voice"])
            where = f"/api/v1/chat/speech/{answer['conversation']}/{answer['seq']}"
            sound = http.get(where, params={"store": OPEN}, headers=auth)
            assert (sound.headers["content-type"], sound.content[:4]) == ("audio/wav", b"RIFF")
            assert http.get(where, params={"store": OPEN}).status_code == 401
            async with chatting(service, OPEN) as other:
                foreign = bearer(other.welcome["session"])
            assert refused(http.get(where, params={"store": OPEN}, headers=foreign)) == (404, "conversation_unknown")


class TestAttacks:
    async def refusal(self, service: Running, store: str, origin: str | None = None, **hello: Any) -> tuple[str, int]:
        async with at_the_chat(service, store, origin) as shopper:
            with suppress(ConnectionClosed):  # it may have been refused before
                await shopper.send("hello", **{"version": 1, **hello})
            error = await shopper.error()
            assert error["fatal"]
            return error["code"], await shopper.closed()

    async def test_sessions_are_not_made_up_and_not_carried_to_another_shop(self, service: Running) -> None:
        async with chatting(service, OPEN) as shopper:
            session = shopper.welcome["session"]
        assert await self.refusal(service, CLOSED, session=session) == ("session_invalid", 1008)
        assert await self.refusal(service, OPEN, session=session[:-2] + "xx") == ("session_invalid", 1008)
        assert await self.refusal(service, OPEN, identity="v1.e30.00") == ("identity_invalid", 1008)
        assert await self.refusal(service, "no-such-shop") == ("shop_unknown", 1008)
        assert await self.refusal(service, OPEN, version=2) == ("version_unknown", 1008)

    async def test_another_shoppers_conversation_looks_as_if_it_were_not_there(self, service: Running) -> None:
        async with chatting(service, OPEN) as ada, chatting(service, OPEN) as eve:
            await ada.ask("my secret")
            stolen = ada.welcome["conversation"]
            for conversation in (stolen, "0" * 32):
                await eve.send("open", conversation=conversation)
                shown = await eve.until("welcome")
                assert shown["conversation"] != conversation
                assert shown["messages"] == []
            await ada.ask("hello")
            assert "my secret" not in json.dumps(eve.received)

    async def test_only_pages_of_the_shop_and_our_own_open_its_chat(
        self, service: Running, other_site: Site, stranger: Site
    ) -> None:
        for origin in (service.url.rstrip("/"), other_site.origin):
            async with at_the_chat(service, OPEN, origin) as shopper:
                assert await shopper.hello()
        for origin in (stranger.origin, "null", "https://evil.example"):
            assert await self.refusal(service, OPEN, origin) == ("origin_refused", 1008)
        assert await self.refusal(service, CLOSED, other_site.origin) == ("origin_refused", 1008)

    async def test_other_sites_read_only_what_their_shop_has(
        self, http: httpx.Client, other_site: Site, stranger: Site
    ) -> None:
        def config(store: str, origin: str) -> tuple[int, str | None]:
            answer = http.get("/api/v1/chat/config", params={"store": store}, headers={"Origin": origin})
            return answer.status_code, answer.headers.get("access-control-allow-origin")

        assert config(OPEN, other_site.origin) == (200, other_site.origin)
        assert config(OPEN, stranger.origin) == (403, stranger.origin)
        assert config(CLOSED, other_site.origin)[0] == 403
        asks = {"Origin": other_site.origin, "Access-Control-Request-Method": "POST"}
        preflight = http.options("/api/v1/chat/voice", params={"store": OPEN}, headers=asks)
        assert preflight.headers["access-control-allow-origin"] == other_site.origin
        assert "Authorization" in preflight.headers["access-control-allow-headers"]

    async def test_a_customer_is_who_the_shops_site_says_and_inherits_nothing(self, service: Running) -> None:
        secret = Sessions(DataPaths(service.data_dir).root).vouching_secret(OPEN)
        claims = json.dumps({"id": secrets.token_hex(4), "exp": int(time.time()) + 600})
        payload = base64.urlsafe_b64encode(claims.encode()).decode().rstrip("=")
        identity = f"v1.{payload}.{signed(payload, secret)}"
        async with chatting(service, OPEN) as anonymous:
            await anonymous.ask("hello")
            mine = {"session": anonymous.welcome["session"], "conversation": anonymous.welcome["conversation"]}
        async with chatting(service, OPEN, **mine, identity=identity) as customer:
            assert customer.welcome["vouched"]
            assert customer.welcome["conversations"] == []
            await customer.ask("thanks")
        async with chatting(service, OPEN, identity=identity) as elsewhere:
            assert [one["text"] for one in elsewhere.messages][:1] == ["thanks"]

    async def test_a_flood_is_told_so_and_let_go(self, service: Running) -> None:
        async with chatting(service, OPEN) as shopper:
            for _ in range(200):
                await shopper.send("ping")
            error = await shopper.error()
            assert (error["code"], error["fatal"]) == ("too_many_messages", True)
            assert await shopper.closed() == 1008

    async def test_a_message_that_cannot_be_taken_changes_nothing(self, service: Running) -> None:
        async with chatting(service, OPEN) as shopper:
            for text in ("{", "[]", '{"type":"send","id":"12345678","text":"' + "x" * 20_000 + '"}', "[" * 9_000):
                await shopper.socket.send(text)
                assert (await shopper.error())["code"] == "message_invalid"
            await shopper.socket.send(b"\x00\x01")
            assert (await shopper.error())["code"] == "message_invalid"
            await shopper.tap("no.such_tap", "Click")
            assert "does nothing" in (await shopper.until("message", **{"from": "bot"}))["text"]
            await shopper.send("rate", seq=1, value="good")
            assert (await shopper.error())["code"] == "message_unknown"
            assert (await shopper.ask("hello"))["text"]

    async def test_codes_are_not_guessed(self, service: Running, http: httpx.Client) -> None:
        codes = [
            http.post("/api/v1/chat/pair", params={"store": OPEN}, json={"code": f"AAAA{n:02}"}).status_code
            for n in range(20)
        ]
        assert set(codes) == {404, 429}
        assert codes[-1] == 429
