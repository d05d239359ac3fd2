"""Alembic's entry: runs the migrations on the connection that the store hands over."""

from alembic import context

from assistant.chat.tables import metadata as chats
from assistant.storage.tables import metadata
from skills.media.shelf.tables import metadata as shelf

context.configure(
    connection=context.config.attributes["connection"], target_metadata=[metadata, shelf, chats], render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
