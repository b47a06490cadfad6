"""Writing the action log, in the transaction of what it records."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from django.db import models

from bureau.models import ActionRecord, PoolingArea, User

SYSTEM = "system"

address_of_request: ContextVar[str | None] = ContextVar("address_of_request", default=None)


def record(
    action: str,
    target: models.Model,
    *,
    by: User | None,
    area_id: str | None = None,
    detail: dict[str, Any] | None = None,
) -> ActionRecord:
    """Record that ``by`` (None: the portal itself) did ``action`` to ``target``.

    The area is the target's own where none is named. ``detail`` must be ready for JSON; it never
    holds an identity number.
    """
    return ActionRecord.objects.create(
        actor=by,
        actor_name=by.get_full_name() if by else SYSTEM,
        area_id=area_id or _area_of(target),
        action=action,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        detail=detail or {},
        ip=address_of_request.get(),
    )


def _area_of(target: models.Model) -> str | None:
    if isinstance(target, PoolingArea):
        return target.code
    area_id = getattr(target, "area_id", None)
    return area_id if isinstance(area_id, str) else None
