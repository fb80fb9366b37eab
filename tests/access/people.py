"""Users for the tests of rights: who they are in the cast, and which role they have."""

from django.contrib.auth.models import User
from django.test import Client

from crmsync.models import Account, Employee
from crmsync.roles import give_role

PASSWORD = "correct horse battery"


def enter(name: str, role: str = "", employee: Employee | None = None) -> User:
    """Make a user of a role, linked to an employee."""
    user = User.objects.create_user(name, f"{name}@romashka.example", PASSWORD)
    give_role(user, role)
    if employee:
        Account.objects.create(portal=employee.portal, user=user, employee=employee)
    return user


def browse(user: User | None = None, *, language: str = "en") -> Client:
    """Open a browser, logged in unless there is no user."""
    browser = Client(headers={"accept-language": language})
    if user:
        browser.force_login(user)
    return browser
