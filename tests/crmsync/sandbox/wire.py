"""A bare HTTP client for the sandbox's tests: nothing is retried, nothing is interpreted."""

import json
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import quote, urlsplit

from crmsync.sandbox import SandboxServer


def send(
    server: SandboxServer, method: str, params: Any = None, *, code: str | None = None, timeout: float = 10
) -> tuple[int, bytes]:
    """POST a JSON body to a method; return the status and the raw body."""
    path = urlsplit(server.url).path.replace(server.code, code or server.code) + method
    response, body = exchange(server, "POST", path, json.dumps(params or {}), "application/json", timeout)
    return response.status, body


def exchange(
    server: SandboxServer, verb: str, path: str, body: str = "", content_type: str = "", timeout: float = 10
) -> tuple[HTTPResponse, bytes]:
    """Send one request on a fresh connection; return the response and its body."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=timeout)
    try:
        connection.request(verb, path, body.encode(), {"Content-Type": content_type} if content_type else {})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def ask(server: SandboxServer, method: str, params: Any = None) -> dict[str, Any]:
    """POST and return the decoded body."""
    return json.loads(send(server, method, params)[1])


def batch(server: SandboxServer, commands: Any, **params: Any) -> dict[str, Any]:
    """Run a batch and return the five maps under `result`."""
    return ask(server, "batch", {"cmd": commands, **params})["result"]


def page_command(collection: str = "crm.item.list?entityTypeId=2", *, after: str = "0") -> str:
    """Write a keyset page of deals as a batch command."""
    return f"{collection}&select[]=id&order[id]=ASC&start=-1&{quote('filter[>id]')}={quote(after)}"
