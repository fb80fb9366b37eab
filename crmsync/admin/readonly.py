"""The admin of a mirrored table: everybody may look, nobody may touch, because the next sync would undo it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from crmsync.admin import columns
from crmsync.admin.changelist import BoundedPaginator, MirrorChangeList
from crmsync.admin.presence import LIVE, PresenceFilter, can_vanish, describe_absence, find_presence
from crmsync.admin.references import NOTHING, Reference, attach_references
from crmsync.admin.scope import PortalFilter, find_scope, list_portals, render_in_zone
from crmsync.admin.search import any_of, is_number, spell
from crmsync.admin.seen import SeenAdmin
from crmsync.models import Portal
from crmsync.selectors import find_people

MOST_FOUND = 500


class ReadOnlyAdmin(SeenAdmin):
    """Refuses every change, superusers' included."""

    actions: Any = None
    empty_value_display = NOTHING

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        # "Select deal to view" cannot be said in languages with cases.
        context = {"title": capfirst(self.opts.verbose_name_plural), **(extra_context or {})}
        return super().changelist_view(request, context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class MirrorAdmin(ReadOnlyAdmin):
    """A table of the mirror: one portal at a time, its zone, references by name, search by ID.

    `id_columns` are searched for a number, `text_columns` for a text, `person_columns` for an
    employee's name. Small tables set `sortable_by` to None.
    """

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    ordering: ClassVar[tuple[str, ...]] = ("-portal_id", "-external_id")
    sortable_by: ClassVar[tuple[str, ...] | None] = ()
    search_fields: ClassVar[tuple[str, ...]] = ("external_id",)
    references: ClassVar[Mapping[str, Reference]] = {}
    computed_from: ClassVar[Mapping[str, str]] = {}
    id_columns: ClassVar[tuple[str, ...]] = ("external_id",)
    text_columns: ClassVar[tuple[str, ...]] = ()
    person_columns: ClassVar[tuple[str, ...]] = ()
    gone = columns.moment("deleted_at", _("gone from the portal since"))

    def refer(self, rows: Sequence[Any], *, shown: Collection[str] | None = None) -> None:
        """Look up what the rows of one page refer to; a list asks only for the columns that it shows."""
        wanted = self.references if shown is None else {k: v for k, v in self.references.items() if k in shown}
        attach_references(rows, wanted)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[MirrorChangeList]:
        return MirrorChangeList

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        own = list(super().get_list_filter(request))
        own = [PresenceFilter, *own] if can_vanish(self.model) else own
        return [PortalFilter, *own] if list_portals(request).count() > 1 else own

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Say since when a record is gone wherever the list may hold such ones."""
        own = list(super().get_list_display(request))
        if can_vanish(self.model) and find_presence(request) != LIVE:
            own.insert(1, "gone")
        return own

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            row.portal = Portal.objects.defer("webhook_url").get(pk=row.portal_id)
            self.refer([row])
        return row

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[ModelForm]:
        """Give computed fields the name of the Bitrix24 field that they are read from."""
        columns = {name: column for name, (_model, column) in self.references.items()} | dict(self.computed_from)
        texts = {name: self.model._meta.get_field(column).help_text for name, column in columns.items()}
        return super().get_form(request, obj, change, help_texts=texts, **kwargs)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        if self.id_columns and is_number(term):
            return queryset.filter(pk__in=self.find_by_id(request, int(term))), False
        return queryset.filter(self.match_text(request, term)), False

    def find_by_id(self, request: HttpRequest, number: int) -> list[int]:
        """Find rows by an ID, apart from the list: ordered in the same query, SQLite would walk the order's index."""
        rows = self.model._default_manager.filter(portal=find_scope(request))
        found = rows.filter(any_of(dict.fromkeys(self.id_columns, number))).order_by()
        return list(found.values_list("pk", flat=True)[:MOST_FOUND])

    def match_text(self, request: HttpRequest, term: str) -> Q:
        """Build the condition of a search by text; what no small table answers is not searched."""
        condition = Q(pk__in=[])
        for spelling in spell(term):
            condition |= any_of({f"{column}__icontains": spelling for column in self.text_columns})
        portal = find_scope(request)
        if self.person_columns and portal:
            people = find_people(portal, term)
            condition |= any_of({f"{column}__in": people for column in self.person_columns})
        return condition

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        view = super().changelist_view
        return render_in_zone(find_scope(request), lambda: view(request, extra_context))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        view = super().render_change_form
        row = context["original"]
        context |= {"title": capfirst(self.opts.verbose_name), **describe_absence(row, site=self.admin_site)}
        # Names that a page shows are looked up and written in the portal's zone too.
        return render_in_zone(row.portal, lambda: view(request, context | self.read_details(row), *args, **kwargs))

    def read_details(self, row: Any) -> dict[str, Any]:
        """Read what a row's page shows besides its columns."""
        return {}
