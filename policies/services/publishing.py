"""The life of a version (政策版本): draft, in review, published by another person, ended early."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import audit
from bureau.models import User
from policies.models import PolicyVersion
from policies.selectors.problems import problems_of
from policies.selectors.tables import tables_of

ExamplePlayer = Callable[[PolicyVersion], Sequence[str]]
_players: list[ExamplePlayer] = []


class CannotPublish(ValidationError):
    """Why a version cannot be published: each gap, overlap and failing example."""


def plays_examples(player: ExamplePlayer) -> ExamplePlayer:
    """Register what plays a version's worked examples; it returns what failed, in words."""
    _players.append(player)
    return player


@transaction.atomic
def copy_as_draft(version: PolicyVersion, *, in_force_from: date, by: User) -> PolicyVersion:
    """Copy a version and its tables into a draft that begins on a day."""
    draft = PolicyVersion.objects.create(
        area_id=version.area_id,
        scheme=version.scheme,
        subject=version.subject,
        title=version.title,
        document_id=version.document_id,
        in_force_from=in_force_from,
        in_force_until=None,
        copied_from=version,
        author=by,
    )
    for table in tables_of(version.subject):
        rows = list(table.model._default_manager.filter(version=version).order_by("position", "pk"))
        for row in rows:
            row.pk, row.version = None, draft
        table.model._default_manager.bulk_create(rows)
    audit.record("version copied", draft, by=by, detail={"from": version.pk})
    return draft


def submit(version: PolicyVersion, *, by: User) -> None:
    """Put a draft up for review."""
    _move(version, "draft", "in_review", "version put up for review", by=by)


def send_back(version: PolicyVersion, *, by: User, why: str) -> None:
    """Return a version in review to its author's draft."""
    _move(version, "in_review", "draft", "version sent back", by=by, why=why)


@transaction.atomic
def _move(
    version: PolicyVersion, old: str, new: str, action: str, *, by: User, why: str = ""
) -> None:
    if PolicyVersion.objects.filter(pk=version.pk, state=old).update(state=new) != 1:
        raise ValidationError(_("This version is no longer %(state)s.") % {"state": old})
    version.state = new
    audit.record(action, version, by=by, detail={"why": why} if why else None)


@transaction.atomic
def publish(version: PolicyVersion, *, by: User | None) -> None:
    """Publish a version after its checks and worked examples; raises CannotPublish with every reason.

    A version that the open-ended one before it reaches into ends that one the day before it begins.
    """
    locked = PolicyVersion.objects.select_for_update().get(pk=version.pk)
    _check_person(locked, by)
    reasons = [str(problem) for problem in problems_of(locked)]
    if reasons:
        raise CannotPublish(reasons)
    _end_predecessor(locked, by=by)
    locked.state, locked.published_by, locked.published_at = "published", by, timezone.now()
    try:
        with transaction.atomic():
            locked.save()
    except IntegrityError as error:
        raise CannotPublish(_overlap(locked, error)) from error
    failed = [text for player in _players for text in player(locked)] if not locked.shipped else []
    if failed:
        raise CannotPublish(failed)
    audit.record("version published", locked, by=by)
    version.refresh_from_db()


def _check_person(version: PolicyVersion, by: User | None) -> None:
    if version.shipped:
        return
    if version.state != "in_review":
        raise CannotPublish(_("Only a version in review can be published."))
    if by is None or by.pk == version.author_id:
        raise CannotPublish(_("Another person than the author has to publish a version."))


def _end_predecessor(version: PolicyVersion, *, by: User | None) -> None:
    before = PolicyVersion.objects.filter(
        area_id=version.area_id,
        scheme=version.scheme,
        subject=version.subject,
        state="published",
        in_force_from__lt=version.in_force_from,
        in_force_until__isnull=True,
    ).first()
    if before is not None:
        end_early(before, until=version.in_force_from, by=by)


@transaction.atomic
def end_early(version: PolicyVersion, *, until: date, by: User | None) -> None:
    """Bring the end of a published version forward to a day (the first no longer in force)."""
    version.in_force_until = until
    version.save(update_fields=["in_force_until"])
    audit.record("version ended", version, by=by, detail={"until": until.isoformat()})


def _overlap(version: PolicyVersion, error: IntegrityError) -> str:
    if "one_version_in_force_on_a_day" in str(error):
        return _("Another published version is in force on some of the same days.")
    return str(error)
