"""What changed: the days and the records that later stages must follow."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmsync.models.people import Employee
from crmsync.models.portal import Portal


class TouchedDay(models.Model):
    """One row per change that later stages must follow: this employee's numbers of this day are stale.

    Append-only: a reader deletes exactly the rows it has read, so a change that lands
    meanwhile is never lost. `day` None means every day of the portal; it is what first walks write.
    """

    portal = models.ForeignKey(Portal, models.CASCADE, related_name="+")
    employee = models.ForeignKey(Employee, models.CASCADE, null=True, related_name="+", db_index=False)
    day = models.DateField(null=True)

    class Meta:
        verbose_name = _("touched day")
        verbose_name_plural = _("touched days")
        indexes = [models.Index(fields=["portal", "day", "employee"], name="touched_day_cell")]

    def __str__(self) -> str:
        return f"{self.day}"


class TouchedRecord(models.Model):
    """One row per record of the CRM around which something changed: its own figures, or those of what hangs on it.

    A lead or deal is touched by itself and by its activities, a lead also by its deals, a customer by his deals.
    Append-only, like touched days; a whole portal is touched by a touched day without a day.
    """

    portal = models.ForeignKey(Portal, models.CASCADE, related_name="+")
    # Bitrix24's entity type: 1 lead, 2 deal, 3 contact, 4 company, others by activities alone.
    owner_type = models.IntegerField()
    external_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("touched record")
        verbose_name_plural = _("touched records")

    def __str__(self) -> str:
        return f"{self.owner_type} {self.external_id}"
