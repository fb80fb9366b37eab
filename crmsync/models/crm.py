"""The mirrored CRM records that KPIs are computed from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmsync.fields import MoneyField
from crmsync.models.people import Employee
from crmsync.models.pipeline import Semantics
from crmsync.models.portal import MirroredRow, MirrorQuerySet

# Deleted records are few among many, and an operator asks for them alone.
GONE = models.Q(deleted_at__isnull=False)


class SemanticsSource(models.TextChoices):
    """Where a record's meaning came from."""

    RECORD = "record", _("the record")
    DICTIONARY = "dictionary", _("the stage")
    UNKNOWN = "unknown", _("nobody knows")


class OwnedRow(MirroredRow):
    """A mirrored record that belongs to an employee and changes over time."""

    seen_by: tuple[str, ...] = ("responsible",)

    external_id = models.BigIntegerField("ID", help_text="id")
    responsible = models.ForeignKey(
        Employee,
        models.PROTECT,
        null=True,
        verbose_name=_("responsible"),
        related_name="+",
        db_index=False,
        help_text="assignedById, RESPONSIBLE_ID",
    )
    created_at = models.DateTimeField(_("created at"), null=True, help_text="createdTime, CREATED")
    modified_at = models.DateTimeField(_("changed at"), null=True, help_text="updatedTime, LAST_UPDATED")
    custom_fields = models.JSONField(_("custom fields"), default=dict, help_text="UF_*")

    class Meta:
        abstract = True


class Company(OwnedRow):
    """One row per company; the portal's own legal entities are marked."""

    title = models.CharField(_("name"), max_length=255, blank=True, help_text="title")
    email = models.CharField(_("e-mail"), max_length=255, blank=True, help_text="fm, emailWork")
    phone = models.CharField(_("phone"), max_length=100, blank=True, help_text="fm, phoneWork")
    is_own = models.BooleanField(_("own legal entity"), default=False, help_text="isMyCompany")

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        constraints = [models.UniqueConstraint(fields=["portal", "external_id"], name="company_once")]
        indexes = [models.Index(fields=["portal", "external_id"], condition=GONE, name="company_gone")]

    def __str__(self) -> str:
        return self.title or f"ID {self.external_id}"


class Contact(OwnedRow):
    """One row per contact person."""

    first_name = models.CharField(_("first name"), max_length=255, blank=True, help_text="name")
    last_name = models.CharField(_("last name"), max_length=255, blank=True, help_text="lastName")
    email = models.CharField(_("e-mail"), max_length=255, blank=True, help_text="fm, emailWork")
    phone = models.CharField(_("phone"), max_length=100, blank=True, help_text="fm, phoneWork")
    company_external_id = models.BigIntegerField(_("company"), null=True, help_text="companyId")

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [models.UniqueConstraint(fields=["portal", "external_id"], name="contact_once")]
        indexes = [models.Index(fields=["portal", "external_id"], condition=GONE, name="contact_gone")]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.last_name, self.first_name))) or f"ID {self.external_id}"


class SoldRow(OwnedRow):
    """What leads and deals have in common: a stage, an origin and a customer."""

    title = models.CharField(_("name"), max_length=255, blank=True, help_text="title")
    stage_external_id = models.CharField(_("stage"), max_length=64, blank=True, help_text="stageId")
    semantics = models.CharField(
        _("meaning"), max_length=1, choices=Semantics.choices, default=Semantics.PROCESS, help_text="stageSemanticId"
    )
    semantics_source = models.CharField(
        _("meaning known from"), max_length=10, choices=SemanticsSource.choices, default=SemanticsSource.RECORD
    )
    source_external_id = models.CharField(_("source"), max_length=64, blank=True, help_text="sourceId")
    utm_source = models.CharField("UTM source", max_length=255, blank=True, help_text="utmSource")
    utm_medium = models.CharField("UTM medium", max_length=255, blank=True, help_text="utmMedium")
    utm_campaign = models.CharField("UTM campaign", max_length=255, blank=True, help_text="utmCampaign")
    company_external_id = models.BigIntegerField(_("company"), null=True, help_text="companyId")
    contact_external_id = models.BigIntegerField(_("contact"), null=True, help_text="contactId, contactIds")
    created_on = models.DateField(_("created on"), null=True, help_text=_("Business day of creation."))
    moved_at = models.DateTimeField(_("moved at"), null=True, help_text="movedTime")
    moved_by_external_id = models.BigIntegerField(_("moved by"), null=True, help_text="movedBy")
    modified_by_external_id = models.BigIntegerField(_("changed by"), null=True, help_text="updatedBy")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title or f"ID {self.external_id}"


class Lead(SoldRow):
    """One row per lead."""

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        constraints = [models.UniqueConstraint(fields=["portal", "external_id"], name="lead_once")]
        indexes = [
            models.Index(fields=["portal", "created_on", "responsible"], name="lead_created"),
            models.Index(fields=["portal", "external_id"], condition=GONE, name="lead_gone"),
        ]


class DealQuerySet(MirrorQuerySet["Deal"]):
    """The words in which KPIs speak of deals."""

    def counted(self) -> "DealQuerySet":
        """Leave out deleted deals, and templates of recurring deals, which are no sales."""
        return self.live().filter(is_recurring=False)

    def won(self) -> "DealQuerySet":
        """Keep deals that stand in a success stage."""
        return self.counted().filter(semantics=Semantics.SUCCESS)

    def lost(self) -> "DealQuerySet":
        """Keep deals that stand in a failure stage."""
        return self.counted().filter(semantics=Semantics.FAILURE)


class Deal(SoldRow):
    """One row per deal, with the moment, credit and value of its outcome as we fixed them."""

    seen_by = ("responsible", "credited_to")

    class ClosedSource(models.TextChoices):
        HISTORY = "history", _("stage history")
        MOVED = "moved", _("last move")
        PLANNED = "planned", _("planned date")
        CHANGED = "changed", _("last change")

    pipeline_external_id = models.BigIntegerField(_("pipeline"), default=0, help_text="categoryId")
    lead_external_id = models.BigIntegerField(_("lead"), null=True, help_text="leadId")
    amount = models.DecimalField(_("amount"), max_digits=20, decimal_places=4, null=True, help_text="opportunity")
    currency = models.CharField(_("currency"), max_length=3, blank=True, help_text="currencyId")
    planned_close_on = models.DateField(_("planned to close on"), null=True, help_text="closedate")
    is_recurring = models.BooleanField(_("template"), default=False, help_text="isRecurring")
    closed_at = models.DateTimeField(_("won or lost at"), null=True)
    closed_on = models.DateField(_("won or lost on"), null=True, help_text=_("Business day of the outcome."))
    closed_source = models.CharField(_("moment known from"), max_length=10, choices=ClosedSource.choices, blank=True)
    credited_to = models.ForeignKey(
        Employee,
        models.PROTECT,
        null=True,
        verbose_name=_("credited to"),
        related_name="+",
        db_index=False,
        help_text=_("Responsible when the mirror first saw the deal won or lost."),
    )
    amount_base = MoneyField(_("amount in base currency"), null=True)
    cycle_seconds = models.BigIntegerField(_("cycle, seconds"), null=True)
    products_due = models.BooleanField(default=True, editable=False)

    objects = DealQuerySet.as_manager()  # type: ignore[misc]  # inherited managers count as class variables

    class Meta:
        verbose_name = _("deal")
        verbose_name_plural = _("deals")
        constraints = [models.UniqueConstraint(fields=["portal", "external_id"], name="deal_once")]
        indexes = [
            models.Index(fields=["portal", "closed_on", "credited_to"], name="deal_closed"),
            models.Index(fields=["portal", "created_on", "responsible"], name="deal_created"),
            models.Index(
                fields=["portal", "external_id"], condition=models.Q(products_due=True), name="deal_products_due"
            ),
            models.Index(fields=["portal", "external_id"], condition=GONE, name="deal_gone"),
            # What is derived around a changed lead or customer begins with their deals.
            models.Index(fields=["portal", "lead_external_id"], name="deal_lead"),
            models.Index(fields=["portal", "company_external_id"], name="deal_company"),
            models.Index(fields=["portal", "contact_external_id"], name="deal_contact"),
            # By what explanations look for among deals that do not count.
            models.Index(fields=["portal", "moved_at"], name="deal_moved"),
            models.Index(fields=["portal", "planned_close_on"], name="deal_planned"),
        ]


class DealProduct(MirroredRow):
    """One row per product line of a deal."""

    external_id = models.BigIntegerField("ID", help_text="id")
    deal_external_id = models.BigIntegerField(_("deal"), help_text="ownerId")
    product_external_id = models.BigIntegerField(_("product"), null=True, help_text="productId")
    product_name = models.CharField(_("name"), max_length=255, blank=True, help_text="productName")
    price = models.DecimalField(_("price"), max_digits=20, decimal_places=4, null=True, help_text="price")
    quantity = models.DecimalField(_("quantity"), max_digits=20, decimal_places=4, null=True, help_text="quantity")

    class Meta:
        verbose_name = _("product line")
        verbose_name_plural = _("product lines")
        constraints = [models.UniqueConstraint(fields=["portal", "external_id"], name="deal_product_once")]
        indexes = [
            models.Index(fields=["portal", "deal_external_id"], name="deal_product_deal"),
            models.Index(fields=["portal", "product_external_id"], name="deal_product_product"),
        ]

    def __str__(self) -> str:
        return self.product_name or f"ID {self.external_id}"


class Activity(OwnedRow):
    """One row per e-mail, call, meeting, task or chat; never its text."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("e-mail")
        CALL = "call", _("call")
        MEETING = "meeting", _("meeting")
        TASK = "task", _("task")
        CHAT = "chat", _("chat")
        IGNORED = "ignored", _("not counted")
        UNKNOWN = "unknown", _("unknown provider")

    class Direction(models.IntegerChoices):
        NONE = 0, _("none")
        INCOMING = 1, _("incoming")
        OUTGOING = 2, _("outgoing")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    direction = models.SmallIntegerField(_("direction"), choices=Direction.choices, default=0, help_text="DIRECTION")
    type_id = models.SmallIntegerField(_("type"), null=True, help_text="TYPE_ID")
    provider = models.CharField(_("provider"), max_length=64, blank=True, help_text="PROVIDER_ID")
    provider_type = models.CharField(_("provider's type"), max_length=64, blank=True, help_text="PROVIDER_TYPE_ID")
    owner_type = models.IntegerField(_("belongs to type"), null=True, help_text="OWNER_TYPE_ID")
    owner_external_id = models.BigIntegerField(_("belongs to"), null=True, help_text="OWNER_ID")
    is_completed = models.BooleanField(_("completed"), default=False, help_text="COMPLETED")
    started_at = models.DateTimeField(_("started at"), null=True, help_text="START_TIME, CREATED")
    started_on = models.DateField(_("started on"), null=True, help_text=_("Business day of the start."))
    ended_at = models.DateTimeField(_("ended at"), null=True, help_text="END_TIME")
    deadline_at = models.DateTimeField(_("deadline"), null=True, help_text="DEADLINE")

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        constraints = [models.UniqueConstraint(fields=["portal", "external_id"], name="activity_once")]
        indexes = [
            models.Index(fields=["portal", "started_on", "responsible"], name="activity_started"),
            models.Index(fields=["portal", "owner_type", "owner_external_id"], name="activity_owner"),
            models.Index(
                fields=["portal", "type_id", "provider"], condition=models.Q(kind="unknown"), name="activity_unknown"
            ),
            models.Index(fields=["portal", "external_id"], condition=GONE, name="activity_gone"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.external_id}"
