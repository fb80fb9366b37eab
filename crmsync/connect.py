"""Connect a portal: check the webhook's address, ask the portal who we are and what we may read, then remember it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from crmsync.bitrix24.client import Client
from crmsync.bitrix24.credentials import Webhook, parse_webhook
from crmsync.bitrix24.errors import ConfigurationError
from crmsync.bitrix24.source import Bitrix24Source
from crmsync.bitrix24.throttle import Throttle
from crmsync.models import Portal

NEEDED_SCOPES = ("crm", "user", "department")
LONGEST_NAME = 100


@dataclass(frozen=True)
class Probe:
    """What a webhook told about itself: whose it is and what it lacks."""

    user: str
    is_admin: bool
    missing_scopes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Connected:
    """A connected portal and what its webhook told."""

    portal: Portal
    created: bool
    probe: Probe
    zone_changed: bool = False


def connect_portal(url: str, *, name: str = "", time_zone: str = "") -> Connected:
    """Connect a portal, or renew the webhook of a connected one; nothing is written unless the portal answers.

    *Raises* PortalError with one sentence that says what to do.
    """
    webhook = parse_webhook(url)
    with open_prober(webhook) as client:
        probe = probe_portal(client)
    found = {"webhook_url": webhook.url, "connection": Portal.Connection.WORKING, "connection_note": ""}
    found |= {key: value for key, value in (("name", name), ("time_zone", time_zone)) if value}
    zone = Portal.objects.filter(origin=webhook.origin).values_list("time_zone", flat=True).first()
    portal, created = Portal.objects.update_or_create(
        kind=Portal.Kind.BITRIX24,
        origin=webhook.origin,
        defaults=found,
        create_defaults={"name": urlsplit(webhook.origin).netloc[:LONGEST_NAME], **found},
    )
    return Connected(portal, created, probe, zone_changed=zone not in (None, portal.time_zone))


def probe_portal(client: Client) -> Probe:
    """Ask who the webhook belongs to and what it may do. *Raises* ConfigurationError without the `crm` scope."""
    profile = as_map(client.call("profile").result)
    if not profile:
        raise ConfigurationError("USER_INACTIVE", method="profile")
    scopes = client.call("scope").result
    granted = {str(scope).lower() for scope in scopes} if isinstance(scopes, list) else set()
    missing = [scope for scope in NEEDED_SCOPES if not granted & {scope, f"{scope}_basic", f"{scope}_brief"}]
    if "crm" in missing:
        raise ConfigurationError(
            "INSUFFICIENT_SCOPE",
            method="scope",
            advice=_("The webhook may not read the CRM: open it in the portal, tick the “crm” scope and save it."),
        )
    name = " ".join(str(profile.get(key) or "") for key in ("NAME", "LAST_NAME")).strip()
    return Probe(user=name, is_admin=bool(profile.get("ADMIN")), missing_scopes=missing)


def open_source(portal: Portal, *, on_request: Callable[[], None]) -> Bitrix24Source:
    """Open a connected portal for reading; all processes share the request bucket of its host.

    *Raises* ConfigurationError when the webhook cannot be decrypted.
    """
    if not portal.webhook_url:
        raise ConfigurationError(
            "KEY_LOST",
            advice=_(
                "The stored webhook cannot be decrypted: restore FIELD_ENCRYPTION_KEYS or connect the portal again."
            ),
        )
    throttle = Throttle(urlsplit(portal.origin).netloc, capacity=portal.bucket_capacity, leak=portal.bucket_leak)
    client = Client(parse_webhook(portal.webhook_url), throttle=throttle, on_request=on_request)
    return Bitrix24Source(client, custom_fields=portal.custom_fields)


def open_prober(webhook: Webhook) -> Client:
    """Build an impatient client for a person who waits for the answer.

    Two requests need no bucket: a refused webhook leaves no trace, not even a limit's row.
    """
    throttle = Throttle(urlsplit(webhook.origin).netloc, capacity=1, leak=0)
    return Client(webhook, throttle=throttle, deadline=20.0, attempts=3)


def as_map(raw: Any) -> Mapping[str, Any]:
    """Take a map as it is, and everything else for an empty one."""
    return raw if isinstance(raw, dict) else {}
