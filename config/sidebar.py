"""The sidebar, by task. To add a page, add its model (or address) under its task here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

Item = dict[str, Any]

# Task → (model or page, icon of Material Symbols). Models that are not registered are left out.
TASKS: tuple[tuple[Any, tuple[tuple[str, str], ...]], ...] = (
    (
        _("Members"),
        (
            ("members.Person", "person"),
            ("members.Member", "badge"),
            ("members.Employer", "apartment"),
            ("members.SignedContract", "handshake"),
            ("members.Filing", "flight_takeoff"),
            ("members.Stay", "hotel"),
            ("members.Card", "credit_card"),
        ),
    ),
    (
        _("Accounts"),
        (
            ("members.Account", "account_balance_wallet"),
            ("members.Entry", "receipt_long"),
            ("members.Contribution", "payments"),
            ("members.YearTotal", "functions"),
        ),
    ),
    (
        _("Designated institutions"),
        (
            ("facilities.Institution", "local_hospital"),
            ("facilities.Agreement", "contract"),
            ("facilities.Consortium", "hub"),
            ("facilities.Department", "meeting_room"),
            ("facilities.Doctor", "stethoscope"),
        ),
    ),
    (
        _("Policies"),
        (
            ("policies.PolicyVersion", "gavel"),
            ("policies.Document", "description"),
            ("policies_tryout", "science"),
            ("policies.PublishedFigure", "monitoring"),
            ("policies.WorkedExample", "fact_check"),
            ("policies.CatalogueItem", "medication"),
            ("policies.PaymentStandard", "price_check"),
        ),
    ),
    (
        _("Settlement"),
        (
            ("claims.Visit", "clinical_notes"),
            ("claims.Settlement", "calculate"),
            ("claims.Prescription", "prescriptions"),
        ),
    ),
    (_("Batches"), (("bureau.BatchRun", "playlist_play"),)),
    (
        _("System administration"),
        (
            ("bureau.PoolingArea", "map"),
            ("bureau.User", "group"),
            ("auth.Group", "shield_person"),
            ("bureau.ActionRecord", "history"),
        ),
    ),
)


TITLES = {"auth.Group": _("Roles")}

# Pages of our own: their name in the admin → (title, the permission that opens them).
PAGES = {"policies_tryout": (_("Try out"), "policies.view_policyversion")}


def navigation(request: HttpRequest) -> list[Item]:
    """Return the tasks with the pages that this user may open; tasks without one are left out."""
    groups = (
        {"title": task, "separator": True, "collapsible": False, "items": list(_items(request, of))}
        for task, of in TASKS
    )
    return [_overview(), *(group for group in groups if group["items"])]


def _overview() -> Item:
    link = reverse("admin:index")
    item = {"title": _("Overview"), "icon": "home", "link": link}
    return {"title": None, "separator": False, "collapsible": False, "items": [item]}


def _items(request: HttpRequest, models: tuple[tuple[str, str], ...]) -> Iterator[Item]:
    registered = {model._meta.label: each for model, each in admin.site._registry.items()}
    for label, icon in models:
        if label in PAGES:
            yield from _page(request, label, icon)
            continue
        model_admin = registered.get(label)
        if model_admin is None or not model_admin.has_view_or_change_permission(request):
            continue
        meta = apps.get_model(label)._meta
        link = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        yield {"title": TITLES.get(label, meta.verbose_name_plural), "icon": icon, "link": link}


def _page(request: HttpRequest, name: str, icon: str) -> Iterator[Item]:
    title, permission = PAGES[name]
    if request.user.has_perm(permission):
        yield {"title": title, "icon": icon, "link": reverse(f"admin:{name}")}
