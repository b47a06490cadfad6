"""Staff and their roles."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, Permission
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from bureau.admin.base import AreaScopedChoices, PortalAdmin, signed_in
from bureau.models import User

admin.site.unregister(Group)

VERBS = {"add": _("add"), "change": _("change"), "delete": _("delete"), "view": _("view")}


def role_words(role: Group) -> str:
    """A role in the reader's language; it is stored in English."""
    return gettext(role.name)


Group.__str__ = role_words  # type: ignore[assignment, method-assign]


def permission_words(permission: Permission) -> str:
    """A permission in the reader's language; it is stored in English."""
    verb, _underscore, model = permission.codename.partition("_")
    is_ordinary = verb in VERBS and model == permission.content_type.model
    what = VERBS[verb] if is_ordinary else gettext(permission.name)
    return f"{permission.content_type}：{what}"


@admin.register(User)
class UserAdmin(AreaScopedChoices, PortalAdmin, DjangoUserAdmin):  # type: ignore[misc, type-arg]
    """Staff. Nobody raises the own rights, and only a superuser touches one."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "display_name", "roles", "is_active", "last_login")
    list_filter = ("is_active", "groups", "areas")
    search_fields = ("username", "display_name")
    ordering = ("username",)
    filter_horizontal = ()
    autocomplete_fields = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "display_name", "email", "is_active")}),
        (_("Areas"), {"fields": ("sees_all_areas", "areas")}),
        (_("Roles"), {"fields": ("is_staff", "groups", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "display_name", "password1", "password2")}),)

    @admin.display(description=_("Roles"))
    def roles(self, user: User) -> str:
        """Name the roles of a person."""
        return "、".join(map(str, user.groups.all()))

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and _below(signed_in(request), obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False  # who acted stays known: staff who leave are made inactive

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return (*fields, *_fixed_for(signed_in(request), obj))


@admin.register(Group)
class RoleAdmin(PortalAdmin, DjangoGroupAdmin):  # type: ignore[misc]
    """Roles, as Django's groups. Those that ship are set again by every migrate."""

    list_display = ("name_shown",)
    filter_horizontal = ()

    @admin.display(description=_("Role"), ordering="name")
    def name_shown(self, group: Group) -> str:
        """Name a role in the reader's language."""
        return str(group)

    def formfield_for_manytomany(self, *args: Any, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_manytomany(*args, **kwargs)
        field.label_from_instance = permission_words
        return field


def _fixed_for(user: User, other: Model | None) -> set[str]:
    """Name the fields by which somebody could raise rights above the own."""
    if user.is_superuser:
        return set()
    own = {"is_staff", "groups", "areas", "sees_all_areas"} if other == user else set()
    wider = set() if user.sees_all_areas else {"sees_all_areas"}
    return {"is_superuser"} | own | wider


def _below(user: User, other: Model | None) -> bool:
    return other is None or user.is_superuser or not getattr(other, "is_superuser", False)
