"""The letter that invites an employee: as text and as HTML, in the language that was chosen for him."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import override

from crmsync.models import Invite

FOLDER = "crmsync/invite"


def send_invite(invite: Invite, *, address: str) -> None:
    """Send the letter with the link. Raises: OSError, SMTPException where no mail can be sent."""
    context = {"invite": invite, "employee": invite.employee, "address": address}
    with override(invite.language):
        subject = " ".join(render_to_string(f"{FOLDER}/subject.txt", context).split())
        text = render_to_string(f"{FOLDER}/letter.txt", context)
        html = render_to_string(f"{FOLDER}/letter.html", {**context, "language": invite.language})
    letter = EmailMultiAlternatives(subject, text, settings.DEFAULT_FROM_EMAIL, [invite.email])
    letter.attach_alternative(html, "text/html")
    letter.send()
