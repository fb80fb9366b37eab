"""The admin of activities: what they are, whose they are, and those that no rule of the activity map knows."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from crmsync.admin.columns import moment
from crmsync.admin.crm import CardAdmin
from crmsync.admin.filters import StartedFilter
from crmsync.admin.references import NOTHING
from crmsync.cards import build_card_url
from crmsync.models import Activity


@admin.register(Activity)
class ActivityAdmin(CardAdmin):
    list_display = ("external_id", "kind", "direction", "provider", "responsible", "started")
    list_filter = ("kind", "direction", StartedFilter, "is_completed")
    search_help_text = _("By ID or the responsible's name.")
    fields = (
        "portal",
        "external_id",
        ("kind", "direction"),
        ("type_id", "provider", "provider_type"),
        "owner",
        "responsible",
        "is_completed",
        ("started_at", "started_on"),
        ("ended_at", "deadline_at"),
        ("created_at", "modified_at"),
        "copied_fields",
    )
    computed_from = {**CardAdmin.computed_from, "owner": "owner_external_id"}
    started = moment("started_at", _("started at"))

    @admin.display(description=_("belongs to"))
    def owner(self, activity: Activity) -> str:
        if activity.owner_type is None or activity.owner_external_id is None:
            return NOTHING
        url = build_card_url(activity.portal, entity_type=activity.owner_type, external_id=activity.owner_external_id)
        return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', url, url)
