"""Signing in at the console, its team, keys and log; and whoever means harm changes nothing, and is told so."""

from __future__ import annotations

import email
import email.policy
import re
import secrets
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import delete, update

from assistant.accounts.audit import Wanted
from assistant.accounts.office import Office
from assistant.accounts.people import Account
from assistant.accounts.rights import Role
from assistant.accounts.sessions import IDLE, form_token
from assistant.accounts.tables import attempts, sessions
from assistant.cli.console import run
from assistant.paths import DataPaths
from assistant.setup.environments import SetupError
from assistant.storage.api_keys import ApiKeys
from assistant.storage.store import Store
from assistant.web.console.cookie import NAME
from skills.shopping.forgetting import forget_shop
from tests.service.console import SHOP, Seller, signed_in
from tests.service.running import Running, eventually
from tests.service.test_studio import sori

PASSWORD, OTHER = "tractor moon pickle", "seven quiet lanterns"
EVIL = {"Origin": "https://evil.example"}
WITHIN_S = 10


@pytest.fixture(scope="module")
def store(service: Running) -> Iterator[Store]:
    store = Store(DataPaths(service.data_dir).database_url)
    yield store
    store.close()


@pytest.fixture(scope="module")
def office(store: Store) -> Office:
    return Office(store.engine)


@pytest.fixture(autouse=True)
def nobody_has_mistyped(store: Store) -> None:
    """All tests come from one address, also those of other runs."""
    with store.engine.begin() as connection:
        connection.execute(delete(attempts))


@pytest.fixture
def mia(office: Office) -> Iterator[Account]:
    """A manager of the shop with a password."""
    now = datetime.now(UTC)
    hashed = office.passwords.hash(PASSWORD)
    account = office.people.add(f"mia-{secrets.token_hex(4)}@shop.example", "Mia", hashed, now)
    office.people.join(account, SHOP, Role.MANAGER, now)
    yield account
    office.people.remove(account)


def csrf(page: httpx.Response) -> str:
    return re.findall(r'name="csrf" value="(\w+)"', page.text)[0]


def sign_in(http: httpx.Client, account: Account | str, password: str = PASSWORD, **more: str) -> httpx.Response:
    """As the sign-in page does."""
    address = account if isinstance(account, str) else account.email
    told = {"email": address, "password": password, "csrf": csrf(http.get("/console/"))}
    return http.post("/console/sign-in", data=told | more)


def letters(service: Running, to: str) -> list[str]:
    """What was mailed to an address."""
    found = []
    for file in DataPaths(service.data_dir).mail.glob("*.eml"):
        letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.SMTP)
        if letter["To"] == to:
            found.append(letter.get_body().get_content())  # type: ignore[union-attr]
    return found


def test_from_the_command_to_a_new_account(
    service: Running, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    address = f"ann-{secrets.token_hex(4)}@shop.example"
    link = sori("console", "invite", address, "--shop", SHOP, "--data-dir", service.data_dir).strip()
    assert link.startswith(service.url)
    assert link in letters(service, address)[0]
    with service.http as http:
        shown = http.get(link)
        assert address in shown.text
        weak = http.post(link, data={"csrf": csrf(shown), "name": "Ann", "password": "nordfell2026"})
        assert weak.status_code == 422
        assert "would be guessed" in weak.text
        assert 'value="Ann"' in weak.text
        assert "nordfell2026" not in weak.text
        joined = http.post(link, data={"csrf": csrf(weak), "name": "Ann", "password": PASSWORD})
        assert (joined.status_code, joined.headers["location"]) == (303, f"/console/{SHOP}/")
        assert "Ann" in http.get("/console/account").text
        assert http.get(link).status_code == 404, "once"
        assert http.post("/console/sign-out", data={"csrf": csrf(http.get("/console/account"))}).status_code == 303
        assert http.get("/console/account").status_code == 303
        assert sign_in(http, address).headers["location"] == "/console/"
    account = office.people.find(address)
    assert account
    assert office.people.role(account, SHOP) is Role.OWNER
    run(Namespace(action="list", data_dir=service.data_dir))
    assert re.search(rf"{address} +Ann +owner of {SHOP}\n", capsys.readouterr().out)
    run(Namespace(action="remove", email=address, data_dir=service.data_dir))
    assert office.people.find(address) is None
    with pytest.raises(SetupError, match="no account"):
        run(Namespace(action="remove", email=address, data_dir=service.data_dir))


def test_the_cookie_is_for_no_script_and_no_other_site(service: Running, mia: Account) -> None:
    with service.http as http:
        http.get("/console/")
        before = http.cookies[NAME]
        entered = sign_in(http, mia)
        assert {"HttpOnly", "SameSite=Strict", "Path=/console"} <= set(entered.headers["set-cookie"].split("; "))
        assert http.cookies[NAME] != before, "what somebody has seen before signing in is worth nothing after"
        page = http.get("/console/account")
        assert page.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'self'" in page.headers["content-security-policy"]
        assert http.cookies[NAME] not in page.text


def test_wrong_passwords_wait_and_are_told_how_long(service: Running, mia: Account) -> None:
    with service.http as http, service.http as elsewhere:
        for _ in range(5):
            refused = sign_in(http, mia, "not this one")
            assert refused.status_code == 422
            assert "do not go together" in refused.text
        waiting = sign_in(elsewhere, mia, PASSWORD)
        assert waiting.status_code == 429
        assert re.search(r"Please wait (2\d|30) seconds", waiting.text)
        assert elsewhere.get("/console/account").status_code == 303


def test_nobody_learns_who_has_an_account(service: Running, mia: Account) -> None:
    nobody = f"nobody-{secrets.token_hex(4)}@shop.example"

    def told(response: httpx.Response, address: str) -> tuple[int, str]:
        return response.status_code, re.sub(r'name="csrf" value="\w+"', "", response.text).replace(address, "WHO")

    with service.http as http:
        assert told(sign_in(http, mia, OTHER), mia.email) == told(sign_in(http, nobody, OTHER), nobody)
        asked = [
            told(http.post("/console/password", data={"email": one, "csrf": csrf(http.get("/console/password"))}), one)
            for one in (mia.email, nobody)
        ]
        assert asked[0] == asked[1]
    eventually(lambda: letters(service, mia.email), WITHIN_S, "the letter")
    assert not letters(service, nobody)


def test_a_forgotten_password_is_set_by_the_letter_and_ends_every_session(service: Running, mia: Account) -> None:
    with service.http as http, service.http as thief:
        assert sign_in(thief, mia).status_code == 303
        form = csrf(http.get("/console/password"))
        poisoned = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
        http.post("/console/password", data={"email": mia.email, "csrf": form}, headers=poisoned)
        eventually(lambda: letters(service, mia.email), WITHIN_S, "the letter")
        link = re.findall(r"http\S+", letters(service, mia.email)[0])[0]
        assert link.startswith(service.url), "nobody else says where a link leads"
        set_it = http.post(link, data={"csrf": csrf(http.get(link)), "password": OTHER})
        assert set_it.status_code == 303
        assert http.get("/console/account").status_code == 200
        assert thief.get("/console/account").status_code == 303
        assert http.get(link).status_code == 404, "once"
        assert sign_in(thief, mia).status_code == 422
    assert any("was changed" in one for one in letters(service, mia.email))


def test_a_changed_password_signs_out_everywhere_else(service: Running, mia: Account) -> None:
    with service.http as http, service.http as elsewhere:
        sign_in(http, mia)
        sign_in(elsewhere, mia)
        told = {"csrf": csrf(http.get("/console/account")), "before": "not this one", "password": OTHER}
        assert http.post("/console/account/password", data=told).status_code == 422
        assert elsewhere.get("/console/account").status_code == 200
        assert http.post("/console/account/password", data=told | {"before": PASSWORD}).status_code == 303
        assert "Your password is changed" in http.get("/console/account").text
        assert elsewhere.get("/console/account").status_code == 303


def test_somebody_sees_and_ends_their_own_sessions(service: Running, mia: Account, owner: Seller) -> None:
    with service.http as http, service.http as elsewhere:
        sign_in(http, mia)
        elsewhere.headers["User-Agent"] = (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
        )
        sign_in(elsewhere, mia)
        page = http.get("/console/account").text
        assert "Firefox on Windows" in page
        end = re.findall(r"/console/account/sessions/\w{16}/end", page)[0]
        owner.post(end)
        assert elsewhere.get("/console/account").status_code == 200, "a stranger ends nothing"
        http.post(end, data={"csrf": csrf(http.get("/console/account"))})
        assert elsewhere.get("/console/account").status_code == 303
        assert http.get("/console/account").status_code == 200


@pytest.mark.parametrize(
    ("token", "headers"),
    [
        ("", {}),
        ("0" * 64, {}),
        ("é", {}),
        ("theirs", {}),
        ("mine", EVIL),
        ("mine", {"Origin": "null"}),
        ("mine", {"Referer": "https://evil.example/page"}),
        ("mine", {"Sec-Fetch-Site": "cross-site"}),
    ],
)
def test_a_forged_form_changes_nothing(
    owner: Seller, viewer: Seller, office: Office, token: str, headers: dict[str, str]
) -> None:
    shown = {"mine": form_token(owner.cookie), "theirs": form_token(viewer.cookie)}.get(token, token)
    victim = f"/console/{SHOP}/team/{viewer.account.id}/remove"
    refused = owner.http.post(victim, data={"csrf": shown}, headers=headers)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "form_refused")
    signing_in = owner.http.post(
        "/console/sign-in", data={"csrf": shown, "email": "x", "password": "x"}, headers=headers
    )
    assert signing_in.status_code == 403
    assert office.people.role(viewer.account, SHOP) is Role.VIEWER
    assert owner.get("/console/account").status_code == 200


def test_what_was_written_is_seen_again_after_signing_in(service: Running, mia: Account, store: Store) -> None:
    written = {"name": 'Mia "the <b>manager</b>"', "note": "two\r\nlines", "kept": "17"}
    with service.http as http:
        sign_in(http, mia)
        form = csrf(http.get("/console/account"))
        over = datetime.now(UTC) - IDLE - timedelta(minutes=1)
        with store.engine.begin() as connection:
            connection.execute(update(sessions).where(sessions.c.account == mia.id).values(used_at=over))
        signed_out = http.post("/console/account", data=written | {"csrf": form})
        assert signed_out.status_code == 401
        carried = re.findall(r'name="carried" value="([^"]*)"', signed_out.text)[0]
        http.cookies.clear()  # the browser has thrown it away, too
        unescaped = carried.replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">")
        wrong = sign_in(http, mia, "not this one", carried=unescaped)
        assert f'name="carried" value="{carried}"' in wrong.text, "a wrong password loses nothing"
        assert sign_in(http, mia, carried=unescaped).headers["location"] == "/console/unsent"
        again = http.get("/console/unsent")
        assert "Mia &#34;the &lt;b&gt;manager&lt;/b&gt;&#34;" in again.text
        assert "two\nlines" in again.text
        assert 'type="hidden" name="kept" value="17"' in again.text
        assert 'action="/console/account"' in again.text
        assert "See it again" in http.get("/console/account").text
        assert http.post("/console/account", data={"name": "Mia", "csrf": csrf(again)}).status_code == 303
        assert "See it again" not in http.get("/console/account").text


def test_a_form_of_another_tab_is_kept_after_signing_in_anew(service: Running, mia: Account) -> None:
    with service.http as http:
        sign_in(http, mia)
        old = csrf(http.get("/console/account"))
        http.post("/console/sign-out", data={"csrf": old})
        sign_in(http, mia)
        origin = {"Origin": service.url.rstrip("/")}
        kept = http.post("/console/account", data={"name": "Mia Two", "csrf": old}, headers=origin)
        assert (kept.status_code, kept.headers["location"]) == (303, "/console/unsent")
        assert 'value="Mia Two"' in http.get("/console/unsent").text


@pytest.mark.parametrize(
    "path",
    ["https://evil.example/", "//evil.example", "/console//evil.example", "/console/\\evil", "javascript:alert(1)"],
)
def test_nobody_is_led_elsewhere_after_signing_in(service: Running, mia: Account, path: str) -> None:
    with service.http as http:
        assert sign_in(http, mia, after=path).headers["location"] == "/console/"


def test_a_link_of_another_site_signs_nobody_out(service: Running, mia: Account) -> None:
    """A browser sends our cookie only once it is on our site; a fresh one instead would end the session."""
    arriving = {"Sec-Fetch-Site": "cross-site"}
    with service.http as http, service.http as arrived:
        sign_in(http, mia)
        for path in ("/console/", f"/console/{SHOP}/log?what=a&who=b", "/console/password"):
            page = arrived.get(path, headers=arriving)
            assert page.status_code == 200
            assert "set-cookie" not in page.headers
            leads = re.findall(r'http-equiv="refresh" content="0;url=([^"]+)"', page.text)[0]
            assert leads.replace("&amp;", "&") == path
        assert http.get(f"/console/?next=/console/{SHOP}/try").headers["location"] == f"/console/{SHOP}/try"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"email": "", "role": "agent"}, "e-mail address, like"),
        ({"email": "no address", "role": "agent"}, "e-mail address, like"),
        ({"email": f"{'a' * 300}@b.example", "role": "agent"}, "at most 254"),
        ({"email": "eve@shop.example", "role": "operator"}, "choose one"),
        ({"email": "eve@shop.example\r\nBcc: all@shop.example", "role": "agent"}, "e-mail address, like"),
        ({}, "fill this in"),
    ],
)
def test_a_wrong_invitation_is_explained_and_kept(
    owner: Seller, office: Office, fields: dict[str, str], said: str
) -> None:
    before = office.invitations.of(SHOP)
    page = owner.post("team", **fields)
    assert page.status_code == 422
    assert said in page.text
    assert office.invitations.of(SHOP) == before


def test_a_team_is_invited_changed_and_removed_and_all_of_it_is_in_the_log(
    service: Running, owner: Seller, office: Office
) -> None:
    address = f"bea-{secrets.token_hex(4)}@shop.example"
    assert owner.post("team", email=f" {address.upper()} ", role="agent").status_code == 303
    page = owner.get("team").text
    assert f"{address} is invited" in page
    assert "is invited" not in owner.get("team").text, "said once"
    invitation = office.invitations.of(SHOP)[0]
    owner.post(f"team/invitations/{invitation.id}/again")
    first, second = sorted(letters(service, address), key=lambda text: text.count("x")), letters(service, address)
    assert len(first) == len(second) == 2
    renewed = office.invitations.of(SHOP)[0]
    assert owner.post(f"team/invitations/{renewed.id}/revoke").status_code == 303
    assert office.invitations.of(SHOP) == []
    with signed_in(service, Role.VIEWER) as bea:
        assert bea.get("team").status_code == 403
        owner.post(f"team/{bea.account.id}/role", role="owner")
        assert bea.get("team").status_code == 200
        owner.post(f"team/{bea.account.id}/remove")
        assert bea.get("team").status_code == 404, "at once"
        actions = {one.action for one in office.log.of(SHOP, Wanted(who=owner.account.email), 20)}
        assert {"invited", "invited again", "changed the role of", "removed from the team"} <= actions
        table = owner.get(f"log.csv?who={owner.account.email}&what=removed")
        assert table.content.startswith(b"\xef\xbb\xbf")
        assert bea.account.email in table.text
        assert table.text.count("\r\n") == 2


def test_the_last_owner_cannot_go(service: Running, store: Store) -> None:
    with signed_in(service, Role.OWNER, "mossgarden", store) as last:
        page = last.post(f"team/{last.account.id}/remove")
        assert page.status_code == 422
        assert "needs an owner" in page.text
        last.post("leave")
        assert "needs an owner" in last.get("/console/account").text
        with signed_in(service, Role.OWNER, "mossgarden", store) as other:
            last.post("leave")
            assert last.get("team").status_code == 404
            assert other.get("team").status_code == 200


def test_a_key_is_shown_once_opens_its_shop_alone_and_is_taken_back(owner: Seller, store: Store) -> None:
    assert "choose" in owner.post("keys", name="Robot", scopes="media").text
    assert owner.post("keys", name="Robot").status_code == 422
    page = owner.post("keys", name="Robot", scopes="shop")
    secret = re.findall(r"sori_[\w-]{43}", page.text)[0]
    assert secret not in owner.get("keys").text
    key = {"Authorization": f"Bearer {secret}"}
    assert owner.http.get(f"/api/v1/shops/{SHOP}/products/imports/none", headers=key).status_code == 404
    assert owner.http.get("/api/v1/shops/mossgarden/products/imports/none", headers=key).status_code == 403
    assert owner.http.get(f"/api/v1/agent/threads?store={SHOP}", headers=key).status_code == 403
    made = ApiKeys(store.engine).of(SHOP)[-1]
    assert owner.post(f"keys/{made.id}/revoke").status_code == 303
    assert owner.http.get(f"/api/v1/shops/{SHOP}/products/imports/none", headers=key).status_code == 401


def test_an_operator_opens_a_shop_and_invites_its_owner(service: Running, store: Store, owner: Seller) -> None:
    identity = f"new-{secrets.token_hex(3)}"
    told = {"id": identity, "name": "New & Co", "currency": "EUR", "email": f"own@{identity}.example"}
    assert owner.post("/console/shops", **told).status_code == 404
    with signed_in(service, Role.OPERATOR, store=store) as operator:
        for wrong in ({"id": "account"}, {"id": "../x"}, {"currency": "euro"}, {"name": " "}, {"email": "x"}):
            assert operator.post("/console/shops", **told | wrong).status_code == 422, wrong
        assert operator.post("/console/shops", **told).status_code == 303
        assert operator.post("/console/shops", **told).status_code == 422, "a double submit opens nothing"
        assert "New &amp; Co" in operator.get("/console/").text
        assert operator.get(f"/console/{identity}/team").status_code == 200
    assert len(letters(service, told["email"])) == 1
    forget_shop(store.engine, identity)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"name=%ff%fe&csrf=%00", "application/x-www-form-urlencoded"),
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"&".join(b"a=1" for _ in range(10_000)), "application/x-www-form-urlencoded"),
        (b"name=" + b"x" * 2_000_000, "application/x-www-form-urlencoded"),
        (b"--x\r\nno colon\r\n\r\nz\r\n--x--", "multipart/form-data; boundary=x"),
        (b"--x\r\n", "multipart/form-data"),
        (b"{}", "application/json"),
        (b"name=x", "text/plain; charset=\xff"),
    ],
)
def test_no_form_is_too_odd_to_be_refused(owner: Seller, body: bytes, kind: str) -> None:
    headers = {"Content-Type": kind.encode("latin-1"), "X-CSRF-Token": form_token(owner.cookie)}
    answer = owner.http.post("/console/account", content=body, headers=headers)
    assert answer.status_code in (303, 400, 403, 413, 422), answer.text
