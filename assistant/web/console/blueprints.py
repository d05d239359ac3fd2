"""Every module of the console; one more is two lines here."""

from __future__ import annotations

from assistant.web.console import (
    account,
    asking,
    canned,
    connect,
    conversation_events,
    conversations,
    home,
    joining,
    keys,
    log,
    passwords,
    privacy,
    publishing,
    question_forms,
    questions,
    replaying,
    shops,
    signing_in,
    team,
    trying,
    unsent_page,
)
from assistant.web.console.answers import checking as answer_check
from assistant.web.console.answers import editor as answer_editor
from assistant.web.console.answers import files as answer_files
from assistant.web.console.answers import listed as answer_list
from assistant.web.console.behaviour import pages as behaviour
from assistant.web.console.numbers import pages as numbers
from assistant.web.console.setup import pages as setup

BLUEPRINTS = tuple(
    module.blueprint
    for module in (
        account,
        answer_check,
        answer_editor,
        answer_files,
        answer_list,
        asking,
        behaviour,
        canned,
        connect,
        conversation_events,
        conversations,
        home,
        joining,
        keys,
        log,
        numbers,
        passwords,
        privacy,
        publishing,
        question_forms,
        questions,
        replaying,
        shops,
        signing_in,
        team,
        trying,
        unsent_page,
        setup,
    )
)
