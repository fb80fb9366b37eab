"""URL map of the site."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.templatetags.static import static
from django.urls import include, path, re_path, resolve
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView

from config.health import show_health
from config.invite_page import InvitePage
from config.token_pages import revoke, show_tokens


def show_home(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Load the view at its first request: pandas would cost every command 0.7 s and 66 MB."""
    return import_string("config.views.home")(request, *args, **kwargs)


@csrf_exempt
def show_api(request: HttpRequest) -> HttpResponseBase:
    """Load the API at its first request, for the same reason; it looks after forged requests itself."""
    found = resolve(request.path_info, urlconf="config.api")
    return found.func(request, *found.args, **found.kwargs)


urlpatterns = [
    path("", show_home, name="home"),
    path("healthz", show_health, name="health"),
    path("favicon.ico", RedirectView.as_view(url=static("itogi.svg"))),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/invite/<str:token>/", InvitePage.as_view(), name="invite"),
    path("accounts/", include("allauth.urls")),
    path("tokens/", show_tokens, name="tokens"),
    path("tokens/<str:key>/revoke/", revoke, name="revoke_token"),
    re_path("^api/v1/(?:.*/)?$", show_api, name="api"),
    path("", include("kpis.urls")),
    path("", include("targets.urls")),
    path("admin/", admin.site.urls),
]
