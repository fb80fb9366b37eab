"""THE TABLE of rights: what each role gets at every address. A new address fails the tests until it stands here.

Letters in the order of ROLES: L is led to the log-in, N gets nothing (refused, or told that there is no such thing),
O opens it. docs/rights.md is written from this by `python -m tests.access.write`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

ROLES = ("anonymous", "no role", "manager", "head", "auditor", "administrator")
EVERYBODY, USERS, WORKERS = "OOOOOO", "LOOOOO", "LNOOOO"
HEADS, VIEWERS, ADMINS, NOBODY = "LNNOOO", "LNNNOO", "LNNNNO", "LNNNNN"
PLANNERS = "LNNONO"
MISSING = "NNNNNN"


@dataclass(frozen=True)
class Table:
    """A table of the admin: its list, pages and histories are viewed, a row is added, changed, deleted.

    `foreign` is for rows about people whom the head and the manager of the tests do not see.
    """

    view: str = VIEWERS
    foreign: str = VIEWERS
    add: str = NOBODY
    change: str = NOBODY
    delete: str = NOBODY


@dataclass(frozen=True)
class Page:
    """Any other address: what a look and what a post get, at which address where the route has patterns.

    {employee} is Bob, and for `foreign` Dave. Empty: an empty text where that is not tried.
    """

    get: str = ""
    post: str = ""
    foreign: str = ""
    path: str = ""
    query: Mapping[str, str] = field(default_factory=dict)


MIRROR, SEEN = Table(), Table(view=HEADS)
ENTERED = Table(add=ADMINS, change=ADMINS, delete=ADMINS)
TABLES: Mapping[str, Table] = {
    **dict.fromkeys(("crmsync/deal", "crmsync/lead", "crmsync/activity", "crmsync/employee", "kpis/dailyfact"), SEEN),
    **{
        f"crmsync/{name}": MIRROR
        for name in (
            *("company", "contact", "pipeline", "stage", "source", "stagechange", "creditchange", "dealproduct"),
            *("currency", "currencyrate", "product", "department", "invite", "syncrun", "streamstate", "quarantine"),
            *("proof", "slot", "heartbeat", "tombstone"),
        )
    },
    "crmsync/portal": Table(add=ADMINS, change=ADMINS),
    "kpis/kpioptions": Table(change=ADMINS),
    **dict.fromkeys(("kpis/workcalendar", "kpis/calendarday", "kpis/absence", "kpis/marketingspend"), ENTERED),
    "auth/user": ENTERED,
    "targets/targetplan": Table(view=HEADS, add=PLANNERS, change=PLANNERS, delete=PLANNERS),
    "targets/seasonalprofile": Table(HEADS, HEADS, add=ADMINS, change=ADMINS, delete=ADMINS),
    # The rules change by a new version; a scheme that has one stays. Scorecards are moved by actions of their list.
    "targets/scheme": Table(add=ADMINS),
    "targets/scorecard": MIRROR,
    **{
        f"django_celery_beat/{name}": ENTERED
        for name in ("periodictask", "clockedschedule", "crontabschedule", "solarschedule", "intervalschedule")
    },
}

WHOSE = {"portal": "{portal}", "employee": "{employee}"}
THERE = {"portal": "{portal}"}
ASKED = {**WHOSE, "kpi": "revenue", "period": "2026-03"}
MINE, MONTH = {**THERE, "period": "2026-03"}, {**WHOSE, "period": "2026-03"}
SITE: Mapping[str, Page] = {
    "": Page(WORKERS),
    "healthz": Page(EVERYBODY),
    "favicon.ico": Page(EVERYBODY),
    "i18n/setlang/": Page(post=EVERYBODY),
    "why/": Page(WORKERS, foreign=VIEWERS, query=WHOSE),
    "scorecard/": Page(USERS),
    "scorecard/<str:period>/": Page("LNOONN", path="scorecard/2026-03/"),
    "scorecard/<str:period>/acknowledge/": Page(post="LNONNN", path="scorecard/2026-02/acknowledge/"),
    "scorecard/<str:period>/<int:employee>/": Page(
        WORKERS, foreign=VIEWERS, path="scorecard/2026-03/{employee}/", query=WHOSE
    ),
    "team/": Page(WORKERS),
    "team/<str:period>/": Page(WORKERS, path="team/2026-03/"),
    "tokens/": Page(USERS, USERS),
    "tokens/<str:key>/revoke/": Page(post="LNNNNN", path="tokens/of-somebody-else/revoke/"),
}
ACCOUNTS: Mapping[str, Page] = {
    "accounts/invite/<str:token>/": Page(MISSING, MISSING, path="accounts/invite/wrong/"),
    "accounts/login/": Page(EVERYBODY, EVERYBODY),
    "accounts/logout/": Page(EVERYBODY),
    "accounts/inactive/": Page(EVERYBODY),
    "accounts/signup/": Page(EVERYBODY),
    "accounts/reauthenticate/": Page(USERS),
    "accounts/email/": Page(USERS),
    "accounts/confirm-email/": Page(EVERYBODY),
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": Page(EVERYBODY, path="accounts/confirm-email/wrong/"),
    "accounts/password/change/": Page(USERS),
    "accounts/password/set/": Page(USERS),
    "accounts/password/reset/": Page(EVERYBODY, EVERYBODY),
    "accounts/password/reset/done/": Page(EVERYBODY),
    "accounts/password/reset/key/done/": Page(EVERYBODY),
    r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": Page(
        EVERYBODY, path="accounts/password/reset/key/1-wrong/"
    ),
    "accounts/login/code/confirm/": Page(EVERYBODY),
    "accounts/2fa/": Page(USERS),
    "accounts/2fa/authenticate/": Page(EVERYBODY),
    "accounts/2fa/reauthenticate/": Page(USERS),
    "accounts/2fa/totp/activate/": Page(USERS),
    "accounts/2fa/totp/deactivate/": Page(USERS),
    "accounts/2fa/recovery-codes/": Page(USERS),
    "accounts/2fa/recovery-codes/generate/": Page(USERS),
    "accounts/2fa/recovery-codes/download/": Page(USERS),
    "accounts/2fa/webauthn/": Page(USERS),
    "accounts/2fa/webauthn/add/": Page(USERS),
    "accounts/2fa/webauthn/reauthenticate/": Page(USERS),
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": Page(USERS, path="accounts/2fa/webauthn/keys/987654/remove/"),
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": Page(USERS, path="accounts/2fa/webauthn/keys/987654/edit/"),
    "accounts/2fa/webauthn/login/": Page(EVERYBODY),
}
PORTAL, SPEND = "admin/crmsync/portal/<int:portal_id>/", "admin/kpis/marketingspend/"
PLAN = "admin/targets/targetplan/<int:plan_id>/"
ADMIN: Mapping[str, Page] = {
    "admin/": Page(HEADS),
    "admin/login/": Page(HEADS),
    "admin/logout/": Page("ONNOOO"),
    "admin/password_change/": Page(HEADS),
    "admin/password_change/done/": Page(HEADS),
    "admin/jsi18n/": Page(HEADS),
    "admin/autocomplete/": Page(
        HEADS, query={"app_label": "crmsync", "model_name": "account", "field_name": "employee", "term": "а"}
    ),
    "admin/r/<path:content_type_id>/<path:object_id>/": Page(NOBODY, path="admin/r/1/1/"),
    r"admin/(?P<url>.*)$": Page(NOBODY, path="admin/nowhere/"),
    "admin/auth/user/<id>/password/": Page(ADMINS, ADMINS, path="admin/auth/user/{user}/password/"),
    f"{PORTAL}webhook/": Page(ADMINS, ADMINS, path="admin/crmsync/portal/{portal}/webhook/"),
    f"{PORTAL}sync/": Page(post=ADMINS, path="admin/crmsync/portal/{portal}/sync/"),
    f"{PORTAL}check/": Page(post=ADMINS, path="admin/crmsync/portal/{portal}/check/"),
    f"{PORTAL}accept/": Page(ADMINS, path="admin/crmsync/portal/{portal}/accept/"),
    "admin/kpis/dailyfact/explain/": Page(HEADS, foreign=VIEWERS, query=WHOSE),
    f"{PLAN}publish/": Page(post=PLANNERS, path="admin/targets/targetplan/{plan}/publish/"),
    f"{PLAN}cell/": Page(HEADS, path="admin/targets/targetplan/{plan}/cell/"),
    f"{PLAN}people/": Page(PLANNERS, path="admin/targets/targetplan/{plan}/people/"),
    f"{PLAN}export/<slug:kind>/": Page(HEADS, path="admin/targets/targetplan/{plan}/export/xlsx/"),
    f"{PLAN}months/": Page(post=PLANNERS, path="admin/targets/targetplan/{plan}/months/"),
    f"{PLAN}import/": Page(PLANNERS, path="admin/targets/targetplan/{plan}/import/"),
    f"{PLAN}import/<slug:token>/": Page(PLANNERS, path="admin/targets/targetplan/{plan}/import/unknown/"),
    "admin/targets/scheme/<int:scheme_id>/version/": Page(
        ADMINS, ADMINS, path="admin/targets/scheme/{scheme}/version/"
    ),
    "admin/targets/scheme/<int:scheme_id>/version/<int:number>/": Page(
        VIEWERS, path="admin/targets/scheme/{scheme}/version/1/"
    ),
    "admin/kpis/calendarday/people/": Page(ADMINS),
    "admin/kpis/absence/people/": Page(ADMINS),
    f"{SPEND}import/": Page(ADMINS, ADMINS),
    f"{SPEND}import/<slug:token>/": Page(ADMINS, path=f"{SPEND}import/unknown/"),
    f"{SPEND}example/": Page(VIEWERS),
}
API: Mapping[str, Page] = {
    "api/v1/^kpis/$": Page(WORKERS, path="api/v1/kpis/", query=THERE),
    "api/v1/^kpis/(?P<key>[^/.]+)/$": Page(WORKERS, path="api/v1/kpis/revenue/", query=THERE),
    "api/v1/^kpi-values/$": Page(WORKERS, foreign=VIEWERS, path="api/v1/kpi-values/", query=ASKED),
    "api/v1/^explain/$": Page(WORKERS, foreign=VIEWERS, path="api/v1/explain/", query=ASKED),
    "api/v1/^employees/$": Page(USERS, path="api/v1/employees/"),
    "api/v1/^employees/me/$": Page(USERS, path="api/v1/employees/me/"),
    "api/v1/^employees/(?P<id>[0-9]{1,18}-[0-9]{1,18})/$": Page(
        WORKERS, foreign=VIEWERS, path="api/v1/employees/{portal}-{employee}/"
    ),
    "api/v1/^targets/$": Page(WORKERS, path="api/v1/targets/", query=MONTH),
    "api/v1/^scorecards/$": Page(WORKERS, path="api/v1/scorecards/", query=MONTH),
    "api/v1/^scorecards/me/$": Page(WORKERS, path="api/v1/scorecards/me/", query=MINE),
    "api/v1/^scorecards/(?P<id>[0-9]{1,18})/$": Page(NOBODY, path="api/v1/scorecards/987654/"),
    "api/v1/schema/": Page(USERS),
    "api/v1/docs/": Page(USERS),
    "api/v1/": Page("LNNNNN", path="api/v1/nothing/"),
}
PAGES = {**SITE, **ACCOUNTS, **ADMIN, **API}
