"""A conversation's query: what is said later is added to what was said before, and replaces what it contradicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from search_index.understanding.language import Operator
from search_index.understanding.meanings import Meaning, Named
from search_index.understanding.understood import Constraint, Understood

_CEILINGS = {Operator.UNDER, Operator.AT_MOST}
_FLOORS = {Operator.OVER, Operator.AT_LEAST}


def refined(before: Understood, then: Understood, meanings: Mapping[str, Meaning]) -> Understood:
    """Both together, a line of text for each. Of one field, order or likeness, the later word counts: "in blue", "no,
    red". What can hold at once does: a floor and a ceiling, several exclusions, values of a field of `several`.
    """
    shift = len(before.text) + 1
    later = tuple(_moved(one, shift) for one in then.constraints)
    replaced = tuple(one for one in before.constraints if any(_replaces(new, one, meanings) for new in later))
    kept = tuple(one for one in before.constraints if one not in replaced)
    dropped = (*before.dropped, *replaced, *(_moved(one, shift) for one in then.dropped))
    return Understood(f"{before.text}\n{then.text}", (*kept, *later), dropped)


def _moved(one: Constraint, by: int) -> Constraint:
    return replace(one, start=one.start + by, end=one.end + by)


def _replaces(new: Constraint, old: Constraint, meanings: Mapping[str, Meaning]) -> bool:
    if new.sort is not None or old.sort is not None:
        return new.sort is not None and old.sort is not None
    if new.field != old.field:
        return False
    meaning = meanings.get(new.field)
    if isinstance(meaning, Named):
        if new.excludes:
            return not old.excludes and not set(new.values).isdisjoint(old.values)
        return not (meaning.several and not old.excludes)
    if {new.operator, old.operator} & _CEILINGS and {new.operator, old.operator} & _FLOORS:
        low, high = (new, old) if new.operator in _FLOORS else (old, new)
        return float(str(low.values[0])) >= float(str(high.values[0]))
    return True
