"""The conversations behind a number, counted from the same facts: as many as the number says."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from assistant.insights import picking, topics, tops
from assistant.insights.assisted import assisted
from assistant.insights.measures import Behind, Measure
from assistant.insights.outcomes import STACK, outcomes
from assistant.insights.spans import Span, quarter_of
from skills.fact import FactKind

_BY = {Measure.BOT: picking.BOT, Measure.PEOPLE: picking.AGENT}


def behind(connection: Connection, shop: str, span: Span, number: Behind, folders: topics.Folders) -> list[str]:
    """In the order in which they are worth reading: the last first, or the slowest."""
    match number.measure:
        case Measure.ALL | Measure.CONTAINED | Measure.HANDED_OVER | Measure.UNSOLVED:
            return _ended(connection, shop, span, number)
        case Measure.TOPIC:
            return _about(connection, shop, span, number, folders)
        case Measure.LIKED:
            bad = set(tops.latest(connection, picking.rated(shop, span, "bad")))
            return [one for one in tops.latest(connection, picking.rated(shop, span, "good")) if one not in bad]
        case Measure.DISLIKED:
            return tops.latest(connection, picking.rated(shop, span, "bad"))
        case Measure.BOT | Measure.PEOPLE:
            timed = outcomes(connection, shop, span).timed[_BY[number.measure]]
            return sorted(timed, key=lambda one: (-timed[one], one))
        case Measure.UNANSWERED:
            return tops.latest(connection, picking.of(shop, span, FactKind.UNANSWERED))
        case Measure.QUESTION:
            said = tops.asked(connection, shop, span).get(number.subject, [])
            return list(dict.fromkeys(conversation for _, conversation in said))
        case Measure.HOUR:
            found = outcomes(connection, shop, span)
            those = {hour_name(*hour): those for hour, those in found.hours.items()}.get(number.subject, set[str]())
            return [one.conversation for one in found.conversations if one.conversation in those]
        case Measure.ORDERS:
            return [one.conversation for one in assisted(connection, shop, span)]
        case _:
            return tops.behind(connection, number.measure, shop, span, number.subject)


def hour_name(day: int, hour: int) -> str:
    """An hour of the week as the subject of Measure.HOUR."""
    return f"{day}-{hour}"


def _ended(connection: Connection, shop: str, span: Span, number: Behind) -> list[str]:
    meant = number.within(span)
    wanted = STACK if number.measure is Measure.ALL else (number.measure,)
    found = (one for one in outcomes(connection, shop, span).conversations if one.outcome in wanted)
    return [one.conversation for one in found if _within(one.first, meant)]


def _about(connection: Connection, shop: str, span: Span, number: Behind, folders: topics.Folders) -> list[str]:
    first = topics.came_up(connection, shop, span, folders).get(number.subject, {})
    meant = number.within(span)
    latest = sorted(first, key=lambda one: (-first[one], one))
    return [one for one in latest if _within(first[one], meant)]


def _within(quarter: int, meant: Span) -> bool:
    return quarter_of(meant.since) <= quarter < quarter_of(meant.until)
