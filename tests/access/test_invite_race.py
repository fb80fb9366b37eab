"""One link, two people at once: one account arises, and without the claim the second would fall over the first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection
from django.utils import timezone

from crmsync import invites
from crmsync.invites import InviteClosedError, NewUser, accept_invite
from crmsync.models import Invite
from tests.access.people import PASSWORD
from tests.access.test_invites import invite
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def race(token: str, monkeypatch: pytest.MonkeyPatch) -> list[type]:
    """Let two accept between the look at the link and the claim; returns what became of each."""
    barrier, find = Barrier(2, timeout=20), invites.find_invite

    def find_together(*args: object, **kwargs: object) -> Invite:
        found = find(*args, **kwargs)  # type: ignore[arg-type]
        barrier.wait()
        return found

    monkeypatch.setattr(invites, "find_invite", find_together)
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda name: attempt(lambda: accept(token, name)), ("bob", "mallory")))


def accept(token: str, name: str) -> None:
    accept_invite(token, person=NewUser(name, PASSWORD), now=timezone.now())


def attempt(run: Callable[[], None]) -> type:
    try:
        run()
    except (InviteClosedError, IntegrityError) as error:
        return type(error)
    finally:
        connection.close()
    return User


@pytest.mark.parametrize(("is_guarded", "loser"), [(True, InviteClosedError), (False, IntegrityError)])
def test_link_works_once(cast: Cast, monkeypatch: pytest.MonkeyPatch, is_guarded: bool, loser: type) -> None:
    token = invite(cast.bob).rstrip("/").rsplit("/", 1)[-1]
    if not is_guarded:
        # The control: everybody may claim, nobody looks whether somebody was first.
        monkeypatch.setattr(invites, "claim_invite", lambda *_, **__: True)
        monkeypatch.setattr(invites, "is_taken", lambda _email: False)
        monkeypatch.setattr(invites, "has_account", lambda _employee: False)
    outcomes = race(token, monkeypatch)
    assert sorted(each.__name__ for each in outcomes) == sorted([loser.__name__, "User"])
    assert User.objects.count() == 1
