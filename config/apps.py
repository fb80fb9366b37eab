"""Django's handles on the app and on the admin."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = _("Site")


class SiteAdminConfig(AdminConfig):
    """Django's admin under our name and in our order."""

    default_site = "config.backoffice.Site"
