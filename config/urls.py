"""URL map of the site."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import include, path
from django.utils.module_loading import import_string
from django.views.generic import RedirectView

from config.health import show_health
from config.invite_page import InvitePage


def show_home(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Load the view at its first request: pandas would cost every command 0.7 s and 66 MB."""
    return import_string("config.views.home")(request, *args, **kwargs)


urlpatterns = [
    path("", show_home, name="home"),
    path("healthz", show_health, name="health"),
    path("favicon.ico", RedirectView.as_view(url=static("itogi.svg"))),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/invite/<str:token>/", InvitePage.as_view(), name="invite"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
