"""What the worked examples of an area say about a version that is to be published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claims.worked_examples.play import play
from members.models.enrolment import EMPLOYEE_SCHEME
from policies.models import PolicyVersion, WorkedExample
from policies.selectors import rulebook


def failing(version: PolicyVersion) -> list[str]:
    """Play the active examples of the version's area and scheme, and say what differs.

    The version has to be in force, in a transaction that may still be rolled back: what was
    compiled of it is forgotten.
    """
    try:
        return [said for example in _examples_for(version) for said in _said_by(example)]
    finally:
        rulebook.forget()


def _examples_for(version: PolicyVersion) -> Iterable[WorkedExample]:
    rows = WorkedExample.objects.filter(area_id=version.area_id, is_active=True).order_by("pk")
    return [example for example in rows if _scheme_of(example) == version.scheme]


def _scheme_of(example: WorkedExample) -> str:
    """The scheme that the example is about: its own word, else that of its row."""
    said = example.body.get("scheme") if isinstance(example.body, dict) else None
    return str(said or example.scheme or EMPLOYEE_SCHEME)


def _said_by(example: WorkedExample) -> Iterator[str]:
    try:
        found = [str(difference) for difference in play(example.area_id, example.body)]
    except ValidationError as error:
        found = error.messages
    for said in found:
        yield _("Worked example “%(name)s”: %(said)s") % {"name": example, "said": said}
