"""Uploaded files with costs, kept between preview and confirmation: on the server, for a while, for one person.

Each is a session of its own beside that person's: it ends by itself, and any of the site's processes finds it.
"""

from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import Any

from django.conf import settings

from crmsync.models import Portal
from kpis.spend.costs import Choices

UPLOAD = "spend_upload"
KEPT_SECONDS = 30 * 60


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that waits for its confirmation."""

    user_id: int
    portal_id: int
    name: str
    content: bytes
    choices: Choices

    @property
    def portal(self) -> Portal:
        """The portal whose costs the file has."""
        return Portal.objects.defer("webhook_url").get(pk=self.portal_id)


def open_store(token: str | None = None) -> Any:
    """Open the session with this key, or a new one."""
    return import_module(settings.SESSION_ENGINE).SessionStore(token)


def keep_upload(upload: Upload) -> str:
    """Keep an upload and return the token by which it is found."""
    store = open_store()
    store[UPLOAD] = asdict(upload) | {"content": b64encode(upload.content).decode()}
    store.set_expiry(KEPT_SECONDS)
    store.create()
    return str(store.session_key)


def find_upload(token: str, *, user_id: int) -> Upload | None:
    """Find an upload. *Empty*: None when it has ended, was confirmed, or is another person's."""
    kept = open_store(token).get(UPLOAD)
    if kept is None or kept["user_id"] != user_id:
        return None
    return Upload(**kept | {"content": b64decode(kept["content"]), "choices": Choices(**kept["choices"])})


def drop_upload(token: str) -> None:
    """Forget an upload."""
    open_store(token).delete(token)
