import crmsync.fields
import crmsync.models.portal
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Department",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content_hash", models.BigIntegerField(default=0, editable=False)),
                ("external_id", models.BigIntegerField(help_text="ID", verbose_name="ID")),
                ("name", models.CharField(help_text="NAME", max_length=255, verbose_name="name")),
                ("parent_external_id", models.BigIntegerField(help_text="PARENT", null=True, verbose_name="parent")),
                ("head_external_id", models.BigIntegerField(help_text="UF_HEAD", null=True, verbose_name="head")),
            ],
            options={
                "verbose_name": "department",
                "verbose_name_plural": "departments",
            },
        ),
        migrations.CreateModel(
            name="RateLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=255, unique=True)),
                ("level", models.FloatField(default=0)),
                ("leaked_at", models.DateTimeField(null=True)),
                ("paused_until", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "rate limit",
                "verbose_name_plural": "rate limits",
            },
        ),
        migrations.CreateModel(
            name="Portal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("bitrix24", "Bitrix24")], default="bitrix24", max_length=20, verbose_name="kind"
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        help_text="Scheme and host, without the webhook's code.", max_length=255, verbose_name="address"
                    ),
                ),
                (
                    "webhook_url",
                    crmsync.fields.EncryptedTextField(
                        help_text="Stored encrypted and never shown.", verbose_name="incoming webhook"
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        default="Europe/Moscow",
                        max_length=64,
                        validators=[crmsync.models.portal.validate_zone],
                        verbose_name="business time zone",
                    ),
                ),
                ("base_currency", models.CharField(default="RUB", max_length=3, verbose_name="base currency")),
                ("is_enabled", models.BooleanField(default=True, verbose_name="synchronised")),
                (
                    "bucket_capacity",
                    models.PositiveIntegerField(
                        default=50,
                        help_text="50 on ordinary plans, 250 on Enterprise.",
                        verbose_name="requests at once",
                    ),
                ),
                (
                    "bucket_leak",
                    models.FloatField(
                        default=2.0,
                        help_text="2 on ordinary plans, 5 on Enterprise; 0 means without a limit.",
                        verbose_name="requests per second",
                    ),
                ),
                (
                    "overlap_hours",
                    models.PositiveIntegerField(
                        default=14,
                        help_text="How far each run looks back behind the last one; covers clocks and zones that disagree.",
                        verbose_name="overlap, hours",
                    ),
                ),
                (
                    "custom_fields",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text='UF_* fields to copy by table, for example {"deal": ["UF_CRM_COST"]}.',
                        verbose_name="custom fields",
                    ),
                ),
                (
                    "activity_map",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Own rules before the built-in ones: [[type or null, provider or null, kind], …].",
                        verbose_name="activity map",
                    ),
                ),
                (
                    "connection",
                    models.CharField(
                        choices=[("working", "working"), ("broken", "needs attention")],
                        default="working",
                        max_length=10,
                        verbose_name="connection",
                    ),
                ),
                ("connection_note", models.CharField(blank=True, max_length=300, verbose_name="what to do")),
                ("lease_owner", models.CharField(blank=True, max_length=100, verbose_name="sync held by")),
                ("lease_until", models.DateTimeField(blank=True, null=True, verbose_name="sync held until")),
                ("lease_fence", models.PositiveBigIntegerField(default=0, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="connected at")),
            ],
            options={
                "verbose_name": "portal",
                "verbose_name_plural": "portals",
                "constraints": [models.UniqueConstraint(fields=("kind", "origin"), name="portal_once")],
            },
        ),
        migrations.CreateModel(
            name="Employee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content_hash", models.BigIntegerField(default=0, editable=False)),
                ("external_id", models.BigIntegerField(help_text="ID", verbose_name="ID")),
                (
                    "first_name",
                    models.CharField(blank=True, help_text="NAME", max_length=100, verbose_name="first name"),
                ),
                (
                    "middle_name",
                    models.CharField(blank=True, help_text="SECOND_NAME", max_length=100, verbose_name="middle name"),
                ),
                (
                    "last_name",
                    models.CharField(blank=True, help_text="LAST_NAME", max_length=100, verbose_name="last name"),
                ),
                ("email", models.CharField(blank=True, help_text="EMAIL", max_length=255, verbose_name="e-mail")),
                (
                    "position",
                    models.CharField(blank=True, help_text="WORK_POSITION", max_length=255, verbose_name="position"),
                ),
                (
                    "department_external_ids",
                    models.JSONField(default=list, help_text="UF_DEPARTMENT", verbose_name="department IDs"),
                ),
                ("is_active", models.BooleanField(default=False, help_text="ACTIVE", verbose_name="active")),
                (
                    "is_stub",
                    models.BooleanField(
                        default=True,
                        help_text="Records name this person, but the portal does not list him.",
                        verbose_name="not listed",
                    ),
                ),
                (
                    "departments",
                    models.ManyToManyField(
                        blank=True, related_name="employees", to="crmsync.department", verbose_name="departments"
                    ),
                ),
                (
                    "portal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crmsync.portal",
                        verbose_name="portal",
                    ),
                ),
            ],
            options={
                "verbose_name": "employee",
                "verbose_name_plural": "employees",
            },
        ),
        migrations.AddField(
            model_name="department",
            name="portal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="crmsync.portal",
                verbose_name="portal",
            ),
        ),
        migrations.CreateModel(
            name="DealProduct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content_hash", models.BigIntegerField(default=0, editable=False)),
                ("external_id", models.BigIntegerField(help_text="id", verbose_name="ID")),
                ("deal_external_id", models.BigIntegerField(help_text="ownerId", verbose_name="deal")),
                (
                    "product_external_id",
                    models.BigIntegerField(help_text="productId", null=True, verbose_name="product"),
                ),
                (
                    "product_name",
                    models.CharField(blank=True, help_text="productName", max_length=255, verbose_name="name"),
                ),
                (
                    "price",
                    models.DecimalField(
                        decimal_places=4, help_text="price", max_digits=20, null=True, verbose_name="price"
                    ),
                ),
                (
                    "quantity",
                    models.DecimalField(
                        decimal_places=4, help_text="quantity", max_digits=20, null=True, verbose_name="quantity"
                    ),
                ),
                (
                    "portal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crmsync.portal",
                        verbose_name="portal",
                    ),
                ),
            ],
            options={
                "verbose_name": "product line",
                "verbose_name_plural": "product lines",
            },
        ),
        migrations.CreateModel(
            name="Deal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content_hash", models.BigIntegerField(default=0, editable=False)),
                ("external_id", models.BigIntegerField(help_text="id", verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(help_text="createdTime, CREATED", null=True, verbose_name="created at"),
                ),
                (
                    "modified_at",
                    models.DateTimeField(help_text="updatedTime, LAST_UPDATED", null=True, verbose_name="changed at"),
                ),
                ("custom_fields", models.JSONField(default=dict, help_text="UF_*", verbose_name="custom fields")),
                ("title", models.CharField(blank=True, help_text="title", max_length=255, verbose_name="name")),
                (
                    "stage_external_id",
                    models.CharField(blank=True, help_text="stageId", max_length=64, verbose_name="stage"),
                ),
                (
                    "semantics",
                    models.CharField(
                        choices=[("P", "in progress"), ("S", "success"), ("F", "failure")],
                        default="P",
                        help_text="stageSemanticId",
                        max_length=1,
                        verbose_name="meaning",
                    ),
                ),
                (
                    "semantics_source",
                    models.CharField(
                        choices=[("record", "the record"), ("dictionary", "the stage"), ("unknown", "nobody knows")],
                        default="record",
                        max_length=10,
                        verbose_name="meaning known from",
                    ),
                ),
                (
                    "source_external_id",
                    models.CharField(blank=True, help_text="sourceId", max_length=64, verbose_name="source"),
                ),
                (
                    "utm_source",
                    models.CharField(blank=True, help_text="utmSource", max_length=255, verbose_name="UTM source"),
                ),
                (
                    "utm_medium",
                    models.CharField(blank=True, help_text="utmMedium", max_length=255, verbose_name="UTM medium"),
                ),
                (
                    "utm_campaign",
                    models.CharField(blank=True, help_text="utmCampaign", max_length=255, verbose_name="UTM campaign"),
                ),
                (
                    "company_external_id",
                    models.BigIntegerField(help_text="companyId", null=True, verbose_name="company"),
                ),
                (
                    "contact_external_id",
                    models.BigIntegerField(help_text="contactId, contactIds", null=True, verbose_name="contact"),
                ),
                (
                    "created_on",
                    models.DateField(help_text="Business day of creation.", null=True, verbose_name="created on"),
                ),
                ("moved_at", models.DateTimeField(help_text="movedTime", null=True, verbose_name="moved at")),
                (
                    "pipeline_external_id",
                    models.BigIntegerField(default=0, help_text="categoryId", verbose_name="pipeline"),
                ),
                ("lead_external_id", models.BigIntegerField(help_text="leadId", null=True, verbose_name="lead")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=4, help_text="opportunity", max_digits=20, null=True, verbose_name="amount"
                    ),
                ),
                (
                    "currency",
                    models.CharField(blank=True, help_text="currencyId", max_length=3, verbose_name="currency"),
                ),
                (
                    "planned_close_on",
                    models.DateField(help_text="closedate", null=True, verbose_name="planned to close on"),
                ),
                ("is_recurring", models.BooleanField(default=False, help_text="isRecurring", verbose_name="template")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="won or lost at")),
                (
                    "closed_on",
                    models.DateField(
                        help_text="Business day of the outcome.", null=True, verbose_name="won or lost on"
                    ),
                ),
                (
                    "closed_source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("history", "stage history"),
                            ("moved", "last move"),
                            ("planned", "planned date"),
                            ("changed", "last change"),
                        ],
                        max_length=10,
                        verbose_name="moment known from",
                    ),
                ),
                ("amount_base", crmsync.fields.MoneyField(null=True, verbose_name="amount in base currency")),
                ("cycle_seconds", models.BigIntegerField(null=True, verbose_name="cycle, seconds")),
                ("products_due", models.BooleanField(default=True, editable=False)),
                (
                    "credited_to",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Responsible when the mirror first saw the deal won or lost.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crmsync.employee",
                        verbose_name="credited to",
                    ),
                ),
                (
                    "responsible",
                    models.ForeignKey(
                        db_index=False,
                        help_text="assignedById, RESPONSIBLE_ID",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crmsync.employee",
                        verbose_name="responsible",
                    ),
                ),
                (
                    "portal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crmsync.portal",
                        verbose_name="portal",
                    ),
                ),
            ],
            options={
                "verbose_name": "deal",
                "verbose_name_plural": "deals",
            },
        ),
        migrations.CreateModel(
            name="CurrencyRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("rated_on", models.DateField(verbose_name="rate of")),
                (
                    "rate",
                    models.DecimalField(
                        decimal_places=10,
                        help_text="Base currency for one unit of this currency.",
                        max_digits=24,
                        verbose_name="rate",
                    ),
                ),
                (
                    "portal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crmsync.portal",
                        verbose_name="portal",
                    ),
                ),
            ],
            options={
                "verbose_name": "currency rate",
                "verbose_name_plural": "currency rates",
            },
        ),
        migrations.CreateModel(
            name="Currency",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content_hash", models.BigIntegerField(default=0, editable=False)),
                ("external_id", models.CharField(help_text="CURRENCY", max_length=3, verbose_name="code")),
                ("name", models.CharField(blank=True, help_text="FULL_NAME", max_length=255, verbose_name="name")),
                ("is_base", models.BooleanField(default=False, help_text="BASE", verbose_name="base")),
                (
                    "rate",
                    models.DecimalField(
                        decimal_places=10,
                        help_text="AMOUNT / AMOUNT_CNT",
                        max_digits=24,
                        null=True,
                        verbose_name="current rate",
                    ),
                ),
                ("rated_on", models.DateField(help_text="DATE_UPDATE", null=True, verbose_name="rate of")),
                (
                    "portal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crmsync.portal",
                        verbose_name="portal",
                    ),
                ),
            ],
            options={
                "verbose_name": "currency",
                "verbose_name_plural": "currencies",
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content_hash", models.BigIntegerField(default=0, editable=False)),
                ("external_id", models.BigIntegerField(help_text="id", verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(help_text="createdTime, CREATED", null=True, verbose_name="created at"),
                ),
                (
                    "modified_at",
                    models.DateTimeField(help_text="updatedTime, LAST_UPDATED", null=True, verbose_name="changed at"),
                ),
                ("custom_fields", models.JSONField(default=dict, help_text="UF_*", verbose_name="custom fields")),
                (
                    "first_name",
                    models.CharField(blank=True, help_text="name", max_length=255, verbose_name="first name"),
                ),
                (
                    "last_name",
                    models.CharField(blank=True, help_text="lastName", max_length=255, verbose_name="last name"),
                ),
                (
                    "email",
                    models.CharField(blank=True, help_text="fm, emailWork", max_length=255, verbose_name="e-mail"),
                ),
                (
                    "phone",
                    models.CharField(blank=True, help_text="fm, phoneWork", max_length=100, verbose_name="phone"),
                ),
                (
                    "company_external_id",
                    models.BigIntegerField(help_text="companyId", null=True, verbose_name="company"),
                ),
                (
                    "responsible",
                    models.ForeignKey(
                        db_index=False,
                        help_text="assignedById, RESPONSIBLE_ID",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crmsync.employee",
                        verbose_name="responsible",
                    ),
                ),
                (
                    "portal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crmsync.portal",
                        verbose_name="portal",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
            },
        ),
        migrations.CreateModel(
            name="Company",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content_hash", models.BigIntegerField(default=0, editable=False)),
                ("external_id", models.BigIntegerField(help_text="id", verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(help_text="createdTime, CREATED", null=True, verbose_name="created at"),
                ),
                (
                    "modified_at",
                    models.DateTimeField(help_text="updatedTime, LAST_UPDATED", null=True, verbose_name="changed at"),
                ),
                ("custom_fields", models.JSONField(default=dict, help_text="UF_*", verbose_name="custom fields")),
                ("title", models.CharField(blank=True, help_text="title", max_length=255, verbose_name="name")),
                (
                    "email",
                    models.CharField(blank=True, help_text="fm, emailWork", max_length=255, verbose_name="e-mail"),
                ),
                (
                    "phone",
                    models.CharField(blank=True, help_text="fm, phoneWork", max_length=100, verbose_name="phone"),
                ),
                (
                    "is_own",
                    models.BooleanField(default=False, help_text="isMyCompany", verbose_name="own legal entity"),
                ),
                (
                    "responsible",
                    models.ForeignKey(
                        db_index=False,
                        help_text="assignedById, RESPONSIBLE_ID",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crmsync.employee",
                        verbose_name="responsible",
                    ),
                ),
                (
                    "portal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crmsync.portal",
                        verbose_name="portal",
                    ),
                ),
            ],
            options={
                "verbose_name": "company",
                "verbose_name_plural": "companies",
            },
        ),
        migrations.CreateModel(
            name="Activity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content_hash", models.BigIntegerField(default=0, editable=False)),
                ("external_id", models.BigIntegerField(help_text="id", verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(help_text="createdTime, CREATED", null=True, verbose_name="created at"),
                ),
                (
                    "modified_at",
                    models.DateTimeField(help_text="updatedTime, LAST_UPDATED", null=True, verbose_name="changed at"),
                ),
                ("custom_fields", models.JSONField(default=dict, help_text="UF_*", verbose_name="custom fields")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("email", "e-mail"),
                            ("call", "call"),
                            ("meeting", "meeting"),
                            ("task", "task"),
                            ("chat", "chat"),
                            ("ignored", "not counted"),
                            ("unknown", "unknown provider"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "direction",
                    models.SmallIntegerField(
                        choices=[(0, "none"), (1, "incoming"), (2, "outgoing")],
                        default=0,
                        help_text="DIRECTION",
                        verbose_name="direction",
                    ),
                ),
                ("type_id", models.SmallIntegerField(help_text="TYPE_ID", null=True, verbose_name="type")),
                (
                    "provider",
                    models.CharField(blank=True, help_text="PROVIDER_ID", max_length=64, verbose_name="provider"),
                ),
                (
                    "provider_type",
                    models.CharField(
                        blank=True, help_text="PROVIDER_TYPE_ID", max_length=64, verbose_name="provider's type"
                    ),
                ),
                (
                    "owner_type",
                    models.IntegerField(help_text="OWNER_TYPE_ID", null=True, verbose_name="belongs to type"),
                ),
                (
                    "owner_external_id",
                    models.BigIntegerField(help_text="OWNER_ID", null=True, verbose_name="belongs to"),
                ),
                ("is_completed", models.BooleanField(default=False, help_text="COMPLETED", verbose_name="completed")),
                (
                    "started_at",
                    models.DateTimeField(help_text="START_TIME, CREATED", null=True, verbose_name="started at"),
                ),
                (
                    "started_on",
                    models.DateField(help_text="Business day of the start.", null=True, verbose_name="started on"),
                ),
                ("ended_at", models.DateTimeField(help_text="END_TIME", null=True, verbose_name="ended at")),
                ("deadline_at", models.DateTimeField(help_text="DEADLINE", null=True, verbose_name="deadline")),
                (
                    "responsible",
                    models.ForeignKey(
                        db_index=False,
                        help_text="assignedById, RESPONSIBLE_ID",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crmsync.employee",
                        verbose_name="responsible",
                    ),
                ),
                (
                    "portal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crmsync.portal",
                        verbose_name="portal",
                    ),
                ),
            ],
            options={
                "verbose_name": "activity",
                "verbose_name_plural": "activities",
            },
        ),
        migrations.CreateModel(
            name="Quarantine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stream", models.CharField(max_length=40, verbose_name="stream")),
                ("external_id", models.CharField(max_length=64, verbose_name="ID")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("payload", models.JSONField(default=dict, verbose_name="record")),
                ("first_seen_at", models.DateTimeField(verbose_name="first seen at")),
                ("last_seen_at", models.DateTimeField(verbose_name="last seen at")),
                (
                    "portal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crmsync.portal",
                        verbose_name="portal",
                    ),
                ),
            ],
            options={
                "verbose_name": "quarantined record",
                "verbose_name_plural": "quarantine",
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content_hash", models.BigIntegerField(default=0, editable=False)),
                ("external_id", models.CharField(help_text="STATUS_ID", max_length=64, verbose_name="ID")),
                ("name", models.CharField(help_text="NAME", max_length=255, verbose_name="name")),
                (
                    "portal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crmsync.portal",
                        verbose_name="portal",
                    ),
                ),
            ],
            options={
                "verbose_name": "source",
                "verbose_name_plural": "sources",
            },
        ),
        migrations.CreateModel(
            name="Stage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content_hash", models.BigIntegerField(default=0, editable=False)),
                ("entity", models.SmallIntegerField(choices=[(1, "lead"), (2, "deal")], verbose_name="of")),
                ("external_id", models.CharField(help_text="STATUS_ID", max_length=64, verbose_name="ID")),
                (
                    "pipeline_external_id",
                    models.BigIntegerField(
                        default=0, help_text="ENTITY_ID; lead statuses have one pipeline, 0.", verbose_name="pipeline"
                    ),
                ),
                ("name", models.CharField(help_text="NAME", max_length=255, verbose_name="name")),
                ("position", models.IntegerField(default=0, help_text="SORT", verbose_name="position")),
                (
                    "semantics",
                    models.CharField(
                        choices=[("P", "in progress"), ("S", "success"), ("F", "failure")],
                        default="P",
                        help_text="SEMANTICS",
                        max_length=1,
                        verbose_name="meaning",
                    ),
                ),
                (
                    "portal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crmsync.portal",
                        verbose_name="portal",
                    ),
                ),
            ],
            options={
                "verbose_name": "stage",
                "verbose_name_plural": "stages",
            },
        ),
        migrations.CreateModel(
            name="StageChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content_hash", models.BigIntegerField(default=0, editable=False)),
                ("entity", models.SmallIntegerField(choices=[(1, "lead"), (2, "deal")], verbose_name="of")),
                ("external_id", models.BigIntegerField(help_text="ID", verbose_name="ID")),
                ("owner_external_id", models.BigIntegerField(help_text="OWNER_ID", verbose_name="record")),
                (
                    "change_type",
                    models.SmallIntegerField(help_text="TYPE_ID", null=True, verbose_name="type of change"),
                ),
                (
                    "pipeline_external_id",
                    models.BigIntegerField(help_text="CATEGORY_ID", null=True, verbose_name="pipeline"),
                ),
                (
                    "stage_external_id",
                    models.CharField(help_text="STAGE_ID, STATUS_ID", max_length=64, verbose_name="stage"),
                ),
                (
                    "semantics",
                    models.CharField(
                        blank=True,
                        help_text="STAGE_SEMANTIC_ID, STATUS_SEMANTIC_ID",
                        max_length=1,
                        verbose_name="meaning",
                    ),
                ),
                ("changed_at", models.DateTimeField(help_text="CREATED_TIME", verbose_name="changed at")),
                (
                    "portal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crmsync.portal",
                        verbose_name="portal",
                    ),
                ),
            ],
            options={
                "verbose_name": "stage change",
                "verbose_name_plural": "stage changes",
            },
        ),
        migrations.CreateModel(
            name="StreamState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stream", models.CharField(max_length=40, verbose_name="stream")),
                ("watermark_at", models.DateTimeField(null=True, verbose_name="complete through")),
                ("walk_since", models.DateTimeField(editable=False, null=True)),
                ("walk_until", models.DateTimeField(editable=False, null=True)),
                ("cursor", models.BigIntegerField(default=0, verbose_name="cursor")),
                ("rows", models.BigIntegerField(default=0, verbose_name="records read")),
                ("error_class", models.CharField(blank=True, max_length=40, verbose_name="error")),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="message")),
                ("checked_at", models.DateTimeField(null=True, verbose_name="last tried at")),
                (
                    "portal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stream_states",
                        to="crmsync.portal",
                        verbose_name="portal",
                    ),
                ),
            ],
            options={
                "verbose_name": "stream",
                "verbose_name_plural": "streams",
            },
        ),
        migrations.CreateModel(
            name="SyncRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField(verbose_name="started at")),
                ("seen_at", models.DateTimeField(verbose_name="last sign of life")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished at")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("running", "running"),
                            ("complete", "complete"),
                            ("incomplete", "incomplete"),
                            ("unfinished", "goes on in the next run"),
                            ("failed", "failed"),
                            ("abandoned", "abandoned"),
                        ],
                        default="running",
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                ("error_class", models.CharField(blank=True, max_length=40, verbose_name="error")),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="message")),
                ("done", models.BigIntegerField(default=0, verbose_name="read")),
                ("expected", models.BigIntegerField(null=True, verbose_name="expected")),
                ("changed", models.BigIntegerField(default=0, verbose_name="changed")),
                ("quarantined", models.BigIntegerField(default=0, verbose_name="quarantined")),
                ("requests", models.BigIntegerField(default=0, verbose_name="requests")),
                ("streams", models.JSONField(default=dict, verbose_name="streams")),
                (
                    "portal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="runs",
                        to="crmsync.portal",
                        verbose_name="portal",
                    ),
                ),
            ],
            options={
                "verbose_name": "sync run",
                "verbose_name_plural": "sync runs",
                "ordering": ["-started_at"],
            },
        ),
        migrations.CreateModel(
            name="TouchedDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(null=True)),
                (
                    "employee",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crmsync.employee",
                    ),
                ),
                (
                    "portal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="crmsync.portal"
                    ),
                ),
            ],
            options={
                "verbose_name": "touched day",
                "verbose_name_plural": "touched days",
            },
        ),
        migrations.CreateModel(
            name="Pipeline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content_hash", models.BigIntegerField(default=0, editable=False)),
                ("external_id", models.BigIntegerField(help_text="id", verbose_name="ID")),
                ("name", models.CharField(help_text="name", max_length=255, verbose_name="name")),
                ("position", models.IntegerField(default=0, help_text="sort", verbose_name="position")),
                (
                    "portal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crmsync.portal",
                        verbose_name="portal",
                    ),
                ),
            ],
            options={
                "verbose_name": "pipeline",
                "verbose_name_plural": "pipelines",
                "constraints": [models.UniqueConstraint(fields=("portal", "external_id"), name="pipeline_once")],
            },
        ),
        migrations.CreateModel(
            name="Lead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content_hash", models.BigIntegerField(default=0, editable=False)),
                ("external_id", models.BigIntegerField(help_text="id", verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(help_text="createdTime, CREATED", null=True, verbose_name="created at"),
                ),
                (
                    "modified_at",
                    models.DateTimeField(help_text="updatedTime, LAST_UPDATED", null=True, verbose_name="changed at"),
                ),
                ("custom_fields", models.JSONField(default=dict, help_text="UF_*", verbose_name="custom fields")),
                ("title", models.CharField(blank=True, help_text="title", max_length=255, verbose_name="name")),
                (
                    "stage_external_id",
                    models.CharField(blank=True, help_text="stageId", max_length=64, verbose_name="stage"),
                ),
                (
                    "semantics",
                    models.CharField(
                        choices=[("P", "in progress"), ("S", "success"), ("F", "failure")],
                        default="P",
                        help_text="stageSemanticId",
                        max_length=1,
                        verbose_name="meaning",
                    ),
                ),
                (
                    "semantics_source",
                    models.CharField(
                        choices=[("record", "the record"), ("dictionary", "the stage"), ("unknown", "nobody knows")],
                        default="record",
                        max_length=10,
                        verbose_name="meaning known from",
                    ),
                ),
                (
                    "source_external_id",
                    models.CharField(blank=True, help_text="sourceId", max_length=64, verbose_name="source"),
                ),
                (
                    "utm_source",
                    models.CharField(blank=True, help_text="utmSource", max_length=255, verbose_name="UTM source"),
                ),
                (
                    "utm_medium",
                    models.CharField(blank=True, help_text="utmMedium", max_length=255, verbose_name="UTM medium"),
                ),
                (
                    "utm_campaign",
                    models.CharField(blank=True, help_text="utmCampaign", max_length=255, verbose_name="UTM campaign"),
                ),
                (
                    "company_external_id",
                    models.BigIntegerField(help_text="companyId", null=True, verbose_name="company"),
                ),
                (
                    "contact_external_id",
                    models.BigIntegerField(help_text="contactId, contactIds", null=True, verbose_name="contact"),
                ),
                (
                    "created_on",
                    models.DateField(help_text="Business day of creation.", null=True, verbose_name="created on"),
                ),
                ("moved_at", models.DateTimeField(help_text="movedTime", null=True, verbose_name="moved at")),
                (
                    "responsible",
                    models.ForeignKey(
                        db_index=False,
                        help_text="assignedById, RESPONSIBLE_ID",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crmsync.employee",
                        verbose_name="responsible",
                    ),
                ),
                (
                    "portal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crmsync.portal",
                        verbose_name="portal",
                    ),
                ),
            ],
            options={
                "verbose_name": "lead",
                "verbose_name_plural": "leads",
                "indexes": [models.Index(fields=["portal", "created_on", "responsible"], name="lead_created")],
                "constraints": [models.UniqueConstraint(fields=("portal", "external_id"), name="lead_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="employee",
            constraint=models.UniqueConstraint(fields=("portal", "external_id"), name="employee_once"),
        ),
        migrations.AddConstraint(
            model_name="department",
            constraint=models.UniqueConstraint(fields=("portal", "external_id"), name="department_once"),
        ),
        migrations.AddIndex(
            model_name="dealproduct",
            index=models.Index(fields=["portal", "deal_external_id"], name="deal_product_deal"),
        ),
        migrations.AddConstraint(
            model_name="dealproduct",
            constraint=models.UniqueConstraint(fields=("portal", "external_id"), name="deal_product_once"),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(fields=["portal", "closed_on", "credited_to"], name="deal_closed"),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(fields=["portal", "created_on", "responsible"], name="deal_created"),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                condition=models.Q(("products_due", True)), fields=["portal", "external_id"], name="deal_products_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.UniqueConstraint(fields=("portal", "external_id"), name="deal_once"),
        ),
        migrations.AddConstraint(
            model_name="currencyrate",
            constraint=models.UniqueConstraint(fields=("portal", "currency", "rated_on"), name="currency_rate_once"),
        ),
        migrations.AddConstraint(
            model_name="currency",
            constraint=models.UniqueConstraint(fields=("portal", "external_id"), name="currency_once"),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(fields=("portal", "external_id"), name="contact_once"),
        ),
        migrations.AddConstraint(
            model_name="company",
            constraint=models.UniqueConstraint(fields=("portal", "external_id"), name="company_once"),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(fields=["portal", "started_on", "responsible"], name="activity_started"),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.UniqueConstraint(fields=("portal", "external_id"), name="activity_once"),
        ),
        migrations.AddConstraint(
            model_name="quarantine",
            constraint=models.UniqueConstraint(fields=("portal", "stream", "external_id"), name="quarantine_once"),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(fields=("portal", "external_id"), name="source_once"),
        ),
        migrations.AddConstraint(
            model_name="stage",
            constraint=models.UniqueConstraint(
                fields=("portal", "entity", "pipeline_external_id", "external_id"), name="stage_once"
            ),
        ),
        migrations.AddIndex(
            model_name="stagechange",
            index=models.Index(fields=["portal", "entity", "owner_external_id"], name="stage_change_owner"),
        ),
        migrations.AddConstraint(
            model_name="stagechange",
            constraint=models.UniqueConstraint(fields=("portal", "entity", "external_id"), name="stage_change_once"),
        ),
        migrations.AddConstraint(
            model_name="streamstate",
            constraint=models.UniqueConstraint(fields=("portal", "stream"), name="stream_state_once"),
        ),
        migrations.AddIndex(
            model_name="syncrun",
            index=models.Index(fields=["portal", "-started_at"], name="sync_run_newest"),
        ),
        migrations.AddIndex(
            model_name="touchedday",
            index=models.Index(fields=["portal", "day", "employee"], name="touched_day_cell"),
        ),
    ]
