"""What every list about members has: the search box, and the columns that tell who it is."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bureau.admin.base import AreaScopedAdmin
from members.models import Member
from members.selectors import search


class ByPersonAdmin(AreaScopedAdmin):
    """Rows of members, found by whatever names the member.

    `member_path` leads from a row to its member.
    """

    member_path: ClassVar[str] = "member"
    area_path: ClassVar[str] = "member__area"
    search_fields: tuple[str, ...] = ("pk",)
    search_help_text = _("Name, pinyin, initials, identity number, member number or card number")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term:
            return queryset, False
        found = search.members(search_term, user=request.user)  # type: ignore[arg-type]
        return queryset.filter(**{f"{self.member_path}__in": found}), False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.display(description=_("full name"))
    def name_shown(self, row: Any) -> str:
        """The member's name."""
        return self.member_of(row).person.name

    @admin.display(description=_("member number"))
    def number_shown(self, row: Any) -> str:
        """The member's number."""
        return self.member_of(row).number

    def member_of(self, row: Any) -> Member:
        """The member that a row is about."""
        for step in self.member_path.split("__"):
            row = getattr(row, step)
        member: Member = row
        return member
