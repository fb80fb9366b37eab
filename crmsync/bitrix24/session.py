"""The HTTP session: connections kept open, and nothing done that was not asked for."""

from http.cookiejar import DefaultCookiePolicy

import requests

from crmsync.bitrix24.watchdog import WatchedAdapter


class PortalSession(requests.Session):
    """A session that follows no redirect, heeds no environment and keeps no cookie."""

    def __init__(self, *, verify: bool | str = True) -> None:
        super().__init__()
        self.verify = verify
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for prefix in ("https://", "http://"):
            self.mount(prefix, WatchedAdapter())

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        # Even when it does not follow, requests would read the whole body to prepare the next hop.
        return None
