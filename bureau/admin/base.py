"""What every admin of the portal is made of."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, StackedInline, TabularInline

from bureau import audit
from bureau.admin.paginator import EstimatingPaginator
from bureau.models import PoolingArea, User
from bureau.selectors import areas


def signed_in(request: HttpRequest) -> User:
    """Return who makes a request; the admin lets nobody else through."""
    return cast("User", request.user)


class PortalAdmin(ModelAdmin):
    """Lists that stay fast on large tables, and changes that reach the action log."""

    paginator = EstimatingPaginator
    show_full_result_count = False
    list_per_page = 50
    list_filter_submit = True
    list_fullwidth = True
    warn_unsaved_form = True
    compressed_fields = True

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        audit.record("added", obj, by=signed_in(request), detail={"message": message})
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        audit.record("changed", obj, by=signed_in(request), detail={"message": message})
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        for obj in queryset:
            audit.record("deleted", obj, by=signed_in(request), detail={"was": str(obj)})
        return super().log_deletions(request, queryset)


class ReadOnlyAdmin:
    """History: looked at, never added to, changed or deleted by hand. Mix in before an admin."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class AreaScopedChoices:
    """Offers, for foreign keys and many-to-many fields, what belongs to the user's own areas."""

    admin_site: Any

    def formfield_for_foreignkey(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs = self._limited(db_field, request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs = self._limited(db_field, request, kwargs)
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]

    def _limited(
        self, db_field: Field[Any, Any], request: HttpRequest, kwargs: dict[str, Any]
    ) -> dict[str, Any]:
        model = db_field.related_model
        rows = kwargs.get("queryset", model._default_manager.all())  # type: ignore[union-attr]
        if model is PoolingArea:
            rows = areas.visible_to(signed_in(request), rows, path="pk")
        elif isinstance(other := self.admin_site._registry.get(model), AreaScopedAdmin):
            rows = other.scoped(request, rows)
        return {**kwargs, "queryset": rows}


class AreaScopedAdmin(AreaScopedChoices, PortalAdmin):
    """Shows the rows of the user's own areas only, in lists, by address, and as choices.

    ``area_path`` leads from a row to its area.
    """

    area_path: ClassVar[str] = "area"
    shows_rows_without_area: ClassVar[bool] = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.scoped(request, super().get_queryset(request))

    def scoped(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Limit rows of this admin's model to what the user may see."""
        return areas.visible_to(
            signed_in(request),
            rows,
            path=self.area_path,
            and_without_area=self.shows_rows_without_area,
        )


class AreaScopedTabularInline(AreaScopedChoices, TabularInline):
    """A table of child rows whose choices are of the user's areas."""


class AreaScopedStackedInline(AreaScopedChoices, StackedInline):
    """Stacked child rows whose choices are of the user's areas."""


class ReadOnlyTabularInline(ReadOnlyAdmin, TabularInline):
    """A table of child rows that are history, a page at a time."""

    extra = 0
    per_page = 50
    tab = True
