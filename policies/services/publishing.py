"""The life of a version (政策版本): draft, in review, published by another person, ended early."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bureau import audit
from bureau.models import User
from policies.labels import STATES
from policies.models import PolicyVersion
from policies.selectors import lifecycle, rulebook
from policies.selectors.problems import problems_of
from policies.selectors.tables import tables_of
from policies.selectors.wording import label_of

ExamplePlayer = Callable[[PolicyVersion], Sequence[str]]
_players: list[ExamplePlayer] = []


class CannotPublish(ValidationError):  # noqa: N818 - says what is wrong
    """Why a version cannot be published: each gap, overlap and failing example."""


class CannotEnd(ValidationError):  # noqa: N818
    """Why the end of a version cannot be brought forward to a day."""


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
    _move(version, "draft", "in_review", gettext_noop("version put up for review"), by=by)


def send_back(version: PolicyVersion, *, by: User, why: str) -> None:
    """Return a version in review to its author's draft."""
    _move(version, "in_review", "draft", gettext_noop("version sent back"), by=by, why=why)


@transaction.atomic
def _move(
    version: PolicyVersion, old: str, new: str, action: str, *, by: User, why: str = ""
) -> None:
    if PolicyVersion.objects.filter(pk=version.pk, state=old).update(state=new) != 1:
        raise ValidationError(
            _("This version is no longer %(state)s.") % {"state": label_of(old, STATES)}
        )
    version.state = new
    audit.record(action, version, by=by, detail={"why": why} if why else None)


@transaction.atomic
def publish(version: PolicyVersion, *, by: User | None) -> None:
    """Publish a version after its checks and worked examples; raises CannotPublish with reasons.

    An open-ended version that reaches into it ends with the day before it begins.
    """
    locked = PolicyVersion.objects.select_for_update().get(pk=version.pk)
    _check_person(locked, by)
    reasons = [str(problem) for problem in problems_of(locked)]
    if reasons:
        raise CannotPublish(reasons)
    _put_in_force(locked, by=by)
    failed = failing_examples(locked) if not locked.shipped else []
    if failed:
        rulebook.forget()
        raise CannotPublish(failed)
    audit.record("version published", locked, by=by)
    version.refresh_from_db()


def failing_examples(version: PolicyVersion) -> list[str]:
    """What the worked examples find wrong under a version that is in force, in words."""
    return [text for player in _players for text in player(version)]


def _put_in_force(version: PolicyVersion, *, by: User | None) -> None:
    version.state, version.published_by, version.published_at = "published", by, timezone.now()
    try:
        with transaction.atomic():
            _end_predecessor(version, by=by)
            version.save()
    except CannotEnd as error:
        raise CannotPublish(error.messages) from error
    except IntegrityError as error:
        raise CannotPublish(_overlap(error)) from error


def _check_person(version: PolicyVersion, by: User | None) -> None:
    if version.shipped:
        return
    if version.state != "in_review":
        raise CannotPublish(_("Only a version in review can be published."))
    if by is None or lifecycle.wrote(version, by):
        raise CannotPublish(
            _("Another person than the author, and than those who edited it, has to publish it.")
        )


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
    """Bring the end of a published version forward to a day (the first no longer in force).

    Raises CannotEnd, also where the database knows of bills settled from that day on.
    """
    locked = PolicyVersion.objects.select_for_update().get(pk=version.pk)
    _check_end(locked, until)
    locked.in_force_until = until
    try:
        with transaction.atomic():
            locked.save(update_fields=["in_force_until"])
    except IntegrityError as error:
        raise CannotEnd(_refused(error)) from error
    audit.record("version ended", locked, by=by, detail={"until": until.isoformat()})
    version.in_force_until = until


def _check_end(version: PolicyVersion, until: date) -> None:
    if version.state != "published":
        raise CannotEnd(_("Only a published version can be ended."))
    if until < version.in_force_from:
        raise CannotEnd(
            _("It begins on %(begins)s and cannot end before that day.")
            % {"begins": version.in_force_from.isoformat()}
        )
    if version.in_force_until is not None and until > version.in_force_until:
        raise CannotEnd(
            _("It ends on %(ends)s; an end can only be brought forward.")
            % {"ends": version.in_force_until.isoformat()}
        )


def _refused(error: IntegrityError) -> str:
    """What the database says in refusing, without its own apparatus."""
    said = getattr(getattr(error.__cause__, "diag", None), "message_primary", None)
    return _("The database refuses: %(why)s") % {"why": said or str(error)}


def _overlap(error: IntegrityError) -> str:
    if "one_version_in_force_on_a_day" in str(error):
        return _("Another published version is in force on some of the same days.")
    return _refused(error)
