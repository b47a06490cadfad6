"""Lists about members' visits: found by their own number, or by whatever names the member."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from bureau.admin.base import ReadOnlyAdmin
from members.admin.by_person import ByPersonAdmin


@admin.display(description=_("number"))
def number_link(_inline: Any, row: Any) -> SafeString:
    """A child row's number, leading to its page."""
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    page = reverse(name, args=[row.pk])
    return format_html('<a class="text-link" href="{}">{}</a>', page, row.number)


class ByNumberAdmin(ReadOnlyAdmin, ByPersonAdmin):
    """History with numbers of its own; whoever may see it may look, and nothing is changed."""

    area_path: ClassVar[str] = "area"
    ordering = ("-pk",)
    show_facets = admin.ShowFacets.NEVER  # each would be a count of the whole table
    search_help_text = _(
        "Its number, or the member's name, pinyin, initials, identity number or member number"
    )

    class Media:
        css = {"all": ("claims/claims.css",)}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        by_number = queryset.filter(number=search_term.strip().upper())
        if by_number.exists():
            return by_number, False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=_("member"))
    def member_shown(self, row: Any) -> SafeString:
        """The member, leading to the member's page."""
        page = reverse(f"{self.admin_site.name}:members_member_change", args=[row.member_id])
        said = f"{row.member.person.name} ({row.member.number})"
        return format_html('<a class="text-link" href="{}">{}</a>', page, said)

    @admin.display(description=_("institution"), ordering="institution__name")
    def institution_shown(self, row: Any) -> SafeString:
        """The institution, on as few lines as its name allows."""
        return format_html('<span class="institution">{}</span>', row.institution)

    @admin.display(description=_("day of service"), ordering="day")
    def day_shown(self, row: Any) -> str:
        """The day in its short form."""
        return f"{row.day:%Y-%m-%d}"

    @admin.display(description=_("identity number"))
    def identity_shown(self, row: Any) -> str:
        """The identity number, masked."""
        return str(row.member.person.identity_masked)
