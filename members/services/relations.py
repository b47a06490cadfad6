"""Family relations (亲属关系), for whom an account may pay."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from bureau import audit
from bureau.models import User
from facilities.services.keeping import keep
from members.models import Person, Relation


@transaction.atomic
def relate(
    person: Person, relative: Person, *, kind: str, since: date, by: User | None
) -> Relation:
    """Record that `relative` is the spouse, a parent or a child of `person` from a day on."""
    relation = Relation(person=person, relative=relative, kind=kind, since=since)
    keep(relation)
    audit.record("relation recorded", relation, by=by)
    return relation


@transaction.atomic
def end(relation: Relation, *, on: date, by: User | None) -> Relation:
    """End a relation: `on` is the first day on which it no longer holds."""
    relation = Relation.objects.select_for_update().get(pk=relation.pk)
    relation.until = on
    keep(relation)
    audit.record("relation ended", relation, by=by)
    return relation
