"""One search box for people: name, spelling, initials, or an exact number of any kind."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from bureau.models import User
from members.identity import cipher, documents
from members.models import Card, IdentityChange, Member, Person


def visible_to(user: User) -> QuerySet[Member]:
    """The enrolments in the areas that a member of staff may see."""
    return Member.objects.filter(area__in=user.visible_areas())


def members(text: str, *, user: User) -> QuerySet[Member]:
    """What the box finds among the enrolments that `user` may see; nothing for an empty box."""
    return matching(visible_to(user), text)


def matching(among: QuerySet[Member], text: str) -> QuerySet[Member]:
    """The enrolments that the text names: a number in full, or the beginning of a name."""
    text = text.strip()
    if not text:
        return among.none()
    by_number = _by_number(text)
    found = among.filter(by_number) if by_number is not None else among.none()
    return found if found.exists() else among.filter(_by_name(text))


def people(text: str) -> QuerySet[Person]:
    """The people that the text names, enrolled or not, so that nobody is registered twice."""
    text = text.strip()
    if not text:
        return Person.objects.none()
    by_number = Person.objects.filter(identity_index__in=_indexes(text))
    return by_number if by_number.exists() else Person.objects.filter(_by_name(text, prefix=""))


def _by_number(text: str) -> Q | None:
    """Exact matches by unique keys, each looked up first, so that no plan scans all members."""
    if not any(character.isdigit() for character in text):
        return None
    indexes = _indexes(text)
    persons = Person.objects.filter(identity_index__in=indexes).values_list("pk", flat=True)
    former = IdentityChange.objects.filter(identity_index__in=indexes)
    cards = Card.objects.filter(number=text).values_list("member_id", flat=True)
    known = {*persons, *former.values_list("person_id", flat=True)}
    return Q(number=text) | Q(pk__in=list(cards)) | Q(person_id__in=known)


def _indexes(text: str) -> list[str]:
    """The blind indexes under which a number may stand: one for each document of its form."""
    number = documents.normal_form(text)
    return [cipher.blind_index(kind, number) for kind in documents.types_of(number)]


def _by_name(text: str, *, prefix: str = "person__") -> Q:
    """A name by its beginning; typed in letters, its spelling or its initials."""
    typed = text.replace(" ", "")
    if not typed.isascii():
        return Q(**{f"{prefix}name__startswith": typed})
    typed = typed.lower()
    return Q(**{f"{prefix}name_pinyin__startswith": typed}) | Q(
        **{f"{prefix}name_initials__startswith": typed}
    )
