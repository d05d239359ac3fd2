"""Alembic's entry: runs the migrations on the connection that the store hands over."""

from alembic import context

from assistant.chat.tables import metadata as chats
from assistant.storage.tables import metadata
from skills.media.shelf.tables import metadata as shelf
from skills.shopping.buying.tables import metadata as buying
from skills.shopping.catalogue.tables import metadata as catalogues
from skills.shopping.orders.tables import metadata as aftercare
from skills.storefront.tables import metadata as storefront

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=[metadata, shelf, catalogues, chats, buying, aftercare, storefront],
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
