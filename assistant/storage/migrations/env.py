"""Alembic's entry: runs the migrations on the connection that the store hands over."""

from alembic import context

from assistant.accounts.tables import metadata as accounts
from assistant.chat.tables import metadata as chats
from assistant.learning.tables import metadata as learning
from assistant.storage.tables import metadata
from skills.media.shelf.tables import metadata as shelf
from skills.shopping.buying.tables import metadata as buying
from skills.shopping.catalogue.tables import metadata as catalogues
from skills.shopping.orders.tables import metadata as aftercare
from skills.shopping.webhooks.tables import metadata as webhooks
from skills.storefront.tables import metadata as storefront

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=[metadata, accounts, shelf, catalogues, chats, learning, buying, aftercare, storefront, webhooks],
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
