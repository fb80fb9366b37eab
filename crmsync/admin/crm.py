"""The admin of companies, contacts and leads, and what they share with deals."""

from collections.abc import Collection, Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from crmsync.admin import columns
from crmsync.admin.credit_names import read_credit
from crmsync.admin.filters import CreatedFilter, LeadQualityFilter, SourceFilter
from crmsync.admin.readonly import MirrorAdmin
from crmsync.admin.references import attach_stages
from crmsync.cards import find_card_url
from crmsync.models import Company, Contact, Entity, Lead, Source


class CardAdmin(MirrorAdmin):
    """A record that has a card of its own in Bitrix24."""

    list_select_related: ClassVar[tuple[str, ...]] = ("responsible",)
    person_columns: ClassVar[tuple[str, ...]] = ("responsible_id",)
    computed_from = {"copied_fields": "custom_fields"}
    copied_fields = columns.custom_fields
    created = columns.moment("created_at", _("created at"))

    def view_on_site(self, row: Any) -> str | None:
        return find_card_url(row)


class CustomerAdmin(CardAdmin):
    """A company or a contact."""

    search_help_text = _("By ID, name, e-mail, or the responsible's name.")


@admin.register(Company)
class CompanyAdmin(CustomerAdmin):
    list_display = ("external_id", "title", "email", "phone", "responsible", "is_own", "created")
    list_display_links = ("external_id", "title")
    list_filter = ("is_own",)
    fields = (
        "portal",
        "external_id",
        "title",
        "email",
        "phone",
        "responsible",
        "is_own",
        ("created_at", "modified_at"),
        "copied_fields",
    )
    text_columns = ("title", "email")


@admin.register(Contact)
class ContactAdmin(CustomerAdmin):
    list_display = ("external_id", "full_name", "company", "email", "phone", "responsible", "created")
    list_display_links = ("external_id", "full_name")
    fields = (
        "portal",
        "external_id",
        ("last_name", "first_name"),
        "company",
        "email",
        "phone",
        "responsible",
        ("created_at", "modified_at"),
        "copied_fields",
    )
    text_columns = ("last_name", "first_name", "email")
    references = {"company": (Company, "company_external_id")}
    company = columns.reference("company", "company_external_id", _("company"))

    @admin.display(description=_("full name"))
    def full_name(self, contact: Contact) -> str:
        return str(contact)


class SoldAdmin(CardAdmin):
    """A lead or a deal: a stage, an origin and a customer."""

    entity: Entity
    list_display_links = ("external_id", "title")
    search_help_text = _("By ID or the responsible's name.")
    sold_references = {
        "source": (Source, "source_external_id"),
        "company": (Company, "company_external_id"),
        "contact": (Contact, "contact_external_id"),
    }
    computed_from = {**CardAdmin.computed_from, "stage": "stage_external_id"}
    created = columns.day("created_on", _("created on"))
    stage = columns.reference("stage", "stage_external_id", _("stage"))
    source = columns.reference("source", "source_external_id", _("source"))
    company = columns.reference("company", "company_external_id", _("company"))
    contact = columns.reference("contact", "contact_external_id", _("contact"))

    def refer(self, rows: Sequence[Any], *, shown: Collection[str] | None = None) -> None:
        super().refer(rows, shown=shown)
        attach_stages(rows, entity=self.entity)

    def read_details(self, row: Any) -> dict[str, Any]:
        return read_credit(row, entity=self.entity)


@admin.register(Lead)
class LeadAdmin(SoldAdmin):
    entity = Entity.LEAD
    list_display = ("external_id", "title", "stage", "semantics", "responsible", "source", "created")
    list_filter = ("semantics", CreatedFilter, SourceFilter, LeadQualityFilter)
    references = SoldAdmin.sold_references
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "portal",
                    "external_id",
                    "title",
                    "stage",
                    ("semantics", "semantics_source"),
                    "responsible",
                    ("created_at", "created_on"),
                    ("modified_at", "moved_at"),
                )
            },
        ),
        (
            _("Customer and origin"),
            {"fields": ("company", "contact", "source", ("utm_source", "utm_medium", "utm_campaign"))},
        ),
        (None, {"fields": ("copied_fields",)}),
    )
