"""Django's handle on the app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KpisConfig(AppConfig):
    name = "kpis"
    verbose_name = _("KPIs")

    def ready(self) -> None:
        # Registers the system checks; they read models, which exist only now.
        import_module("kpis.checks")
