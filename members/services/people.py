"""People: registered once under one number, corrected with history, merged where they are two."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit
from bureau.models import User
from facilities.services.keeping import keep
from members.identity import cipher, documents
from members.identity.names import spell_name
from members.models import IdentityChange, Member, Person, Relation


@transaction.atomic
def register(
    *,
    name: str,
    document_type: str,
    number: str,
    sex: str,
    born: date,
    area_id: str | None = None,
    by: User | None,
) -> Person:
    """Register a person; raises ValidationError for a wrong number or one that is known."""
    number = expect_registrable(document_type, number, born=born, sex=sex)
    person = Person(sex=sex, born=born)
    person.take_number(document_type, number)
    _take_name(person, name)
    keep(person)
    audit.record("person registered", person, by=by, area_id=area_id)
    return person


def expect_registrable(document_type: str, number: str, *, born: date, sex: str) -> str:
    """The number in normal form, if nobody has it; raises ValidationError otherwise."""
    number = documents.check(document_type, number, born=born, sex=sex)
    _expect_unknown(document_type, number)
    return number


@transaction.atomic
def rename(person: Person, *, name: str, reason: str, by: User | None) -> Person:
    """Correct or change a person's name."""
    person = _lock(person)
    before = person.name
    _take_name(person, name)
    keep(person)
    _record("name changed", person, by=by, detail={"before": before, "reason": reason})
    return person


@transaction.atomic
def correct_identity(
    person: Person,
    *,
    document_type: str,
    number: str,
    reason: str,
    born: date | None = None,
    sex: str | None = None,
    by: User | None,
) -> Person:
    """Give a person the right number, with birth date and sex; the old one stays on record."""
    person = _lock(person)
    person.born, person.sex = born or person.born, sex or person.sex
    number = documents.check(document_type, number, born=person.born, sex=person.sex)
    _expect_unknown(document_type, number, but=person)
    change = IdentityChange(
        person=person,
        document_type=person.document_type,
        identity=person.identity,
        identity_index=person.identity_index,
        reason=reason,
        changed_by=by,
    )
    person.take_number(document_type, number)
    keep(person)
    keep(change)
    _record("identity number corrected", person, by=by, detail={"reason": reason})
    return person


@transaction.atomic
def merge(duplicate: Person, *, into: Person, reason: str, by: User | None) -> Person:
    """Merge a second record of the same person: enrolments and relations go on under `into`.

    Raises ValidationError where both are enrolled in one scheme of one area at the same time: one
    of the enrolments is ended first.
    """
    people = _lock_both(duplicate, into)
    duplicate, into = people[duplicate.pk], people[into.pk]
    if duplicate.merged_into_id or into.merged_into_id:
        raise ValidationError(_("One of the two records was merged already."))
    moved = [member.number for member in _move_enrolments(duplicate, into)]
    _move_relations(duplicate, into)
    duplicate.merged_into = into
    keep(duplicate)
    detail = {"merged": duplicate.pk, "enrolments": moved, "reason": reason}
    _record("people merged", into, by=by, detail=detail)
    return into


@transaction.atomic
def record_death(person: Person, *, on: date, by: User | None) -> Person:
    """Record the day of death: nothing is paid for services after it."""
    person = _lock(person)
    person.died_on = on
    keep(person)
    _record("death recorded", person, by=by, detail={"died_on": str(on)})
    return person


@transaction.atomic
def reveal_identity(person: Person, *, reason: str, by: User) -> str:
    """The identity number in clear, for a reason that is put on record."""
    if not reason.strip():
        raise ValidationError(_("Say why the number is needed."))
    _record("identity number shown", person, by=by, detail={"reason": reason})
    return person.identity_number


def _take_name(person: Person, name: str) -> None:
    person.name = name.strip()
    spelling = spell_name(person.name)
    person.name_pinyin, person.name_initials = spelling.full, spelling.initials


def _expect_unknown(document_type: str, number: str, but: Person | None = None) -> None:
    index = cipher.blind_index(document_type, number)
    known = Person.objects.filter(identity_index=index).first()
    if known is not None and known != but:
        raise ValidationError(
            _("This number is registered already, for %(name)s. One number, one person.")
            % {"name": known.name}
        )


def _lock(person: Person) -> Person:
    return Person.objects.select_for_update().get(pk=person.pk)


def _lock_both(one: Person, other: Person) -> dict[int, Person]:
    """Lock two people by ascending id, so that two merges cannot wait for each other."""
    if one.pk == other.pk:
        raise ValidationError(_("A record cannot be merged into itself."))
    locked = Person.objects.select_for_update().filter(pk__in=(one.pk, other.pk)).order_by("pk")
    return {person.pk: person for person in locked}


def _move_enrolments(duplicate: Person, into: Person) -> list[Member]:
    members = list(Member.objects.select_for_update().filter(person=duplicate).order_by("pk"))
    for member in members:
        member.person = into
        keep(member)
    return members


def _move_relations(duplicate: Person, into: Person) -> None:
    for relation in Relation.objects.filter(person=duplicate):
        relation.person = into
        keep(relation)
    for relation in Relation.objects.filter(relative=duplicate):
        relation.relative = into
        keep(relation)


def _record(
    action: str, person: Person, *, by: User | None, detail: dict[str, object] | None = None
) -> None:
    """Record under the person's area where all enrolments are of one."""
    areas = set(person.enrolments.values_list("area_id", flat=True))
    area_id = areas.pop() if len(areas) == 1 else None
    audit.record(action, person, by=by, area_id=area_id, detail=detail)
