"""`./sori console`: who may use the console; its people invite others there."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from assistant.accounts.invitations import Invitations
from assistant.accounts.letters import invitation_letter, post
from assistant.accounts.people import People
from assistant.accounts.rights import Role
from assistant.errors import ServiceError, StartError
from assistant.paths import DataPaths
from assistant.running import find_running
from assistant.settings import load_settings
from assistant.setup.environments import SetupError
from assistant.storage.store import Store
from skills.shopping.buying.details import is_email
from skills.shopping.catalogue import Catalogues
from skills.shopping.errors import ShoppingError

WHO = "Whoever runs this service"


def run(options: argparse.Namespace) -> int:
    """Do one of `invite`, `list` and `remove`."""
    settings = load_settings(data_dir=options.data_dir)
    paths = DataPaths(settings.data_dir)
    running = find_running(paths.run)
    here = running.url.rstrip("/") if running else f"http://{settings.host}:{settings.port}"
    try:
        paths.make()
        store = Store(settings.database_url or paths.database_url)
        try:
            match options.action:
                case "invite":
                    print(_invite(options, store, paths, settings.public_url or here))
                case "list":
                    _list(People(store.engine))
                case "remove":
                    _remove(options.email, People(store.engine))
        finally:
            store.close()
    except (StartError, ServiceError, ShoppingError) as error:
        raise SetupError(str(error)) from error
    return 0


def _invite(options: argparse.Namespace, store: Store, paths: DataPaths, base: str) -> str:
    """The link, which is in a letter too."""
    if not is_email(options.email):
        raise SetupError(f"{options.email!r} is no e-mail address")
    shop = None if options.operator else Catalogues(store.engine).shop(options.shop)
    if shop is None and not options.operator:
        raise SetupError(f"there is no shop {options.shop!r}; ./sori shops list shows them")
    role, now = Role(options.role) if shop else Role.OPERATOR, datetime.now(UTC)
    invitations = Invitations(store.engine)
    invitation, secret = invitations.invite(shop.id if shop else None, options.email, role, WHO, now)
    link = f"{base}/console/invitation/{secret}"
    post(paths.mail, invitation_letter(invitation, shop.name if shop else "Sori", link, now))
    return link


def _list(people: People) -> None:
    found = people.all()
    for account in found:
        shops = [f"{role} of {shop}" for shop, role in people.shops(account).items()]
        print(f"{account.email:<36} {account.name:<24} {', '.join([*(['operator'] * account.operator), *shops])}")
    if not found:
        print("There are no accounts; ./sori console invite EMAIL --operator makes the first.")


def _remove(email: str, people: People) -> None:
    account = people.find(email)
    if account is None:
        raise SetupError(f"there is no account {email!r}; ./sori console list shows them")
    people.remove(account)
    print(f"{account.email} is gone, and signed out everywhere.")
