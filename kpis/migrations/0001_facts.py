import crmsync.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("crmsync", "0001_mirror"),
    ]

    operations = [
        migrations.CreateModel(
            name="Filling",
            fields=[
                (
                    "portal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="crmsync.portal",
                    ),
                ),
                ("watermarks", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "filling of the facts",
                "verbose_name_plural": "fillings of the facts",
            },
        ),
        migrations.CreateModel(
            name="DailyFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("leads_received", models.IntegerField(default=0, verbose_name="leads received")),
                ("leads_converted", models.IntegerField(default=0, verbose_name="leads converted")),
                ("deals_created", models.IntegerField(default=0, verbose_name="deals created")),
                ("deals_won", models.IntegerField(default=0, verbose_name="deals won")),
                ("deals_lost", models.IntegerField(default=0, verbose_name="deals lost")),
                ("revenue", crmsync.fields.MoneyField(default=0, verbose_name="revenue")),
                ("cycle_seconds", models.BigIntegerField(default=0, verbose_name="cycle of won deals, seconds")),
                ("cycle_deals", models.IntegerField(default=0, verbose_name="won deals with a cycle")),
                ("emails_sent", models.IntegerField(default=0, verbose_name="e-mails sent")),
                ("emails_received", models.IntegerField(default=0, verbose_name="e-mails received")),
                ("calls_made", models.IntegerField(default=0, verbose_name="calls made")),
                ("calls_received", models.IntegerField(default=0, verbose_name="calls received")),
                ("meetings_held", models.IntegerField(default=0, verbose_name="meetings held")),
                ("tasks_done", models.IntegerField(default=0, verbose_name="tasks done")),
                ("chats", models.IntegerField(default=0, verbose_name="chats")),
                ("day", models.DateField(verbose_name="day")),
                (
                    "employee",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crmsync.employee",
                        verbose_name="employee",
                    ),
                ),
                (
                    "portal",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crmsync.portal",
                        verbose_name="portal",
                    ),
                ),
            ],
            options={
                "verbose_name": "daily fact",
                "verbose_name_plural": "daily facts",
                "indexes": [models.Index(fields=["portal", "day"], name="daily_fact_range")],
                "constraints": [
                    models.UniqueConstraint(fields=("portal", "employee", "day"), name="daily_fact_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("employee", None)), fields=("portal", "day"), name="daily_fact_nobody_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthlyFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("leads_received", models.IntegerField(default=0, verbose_name="leads received")),
                ("leads_converted", models.IntegerField(default=0, verbose_name="leads converted")),
                ("deals_created", models.IntegerField(default=0, verbose_name="deals created")),
                ("deals_won", models.IntegerField(default=0, verbose_name="deals won")),
                ("deals_lost", models.IntegerField(default=0, verbose_name="deals lost")),
                ("revenue", crmsync.fields.MoneyField(default=0, verbose_name="revenue")),
                ("cycle_seconds", models.BigIntegerField(default=0, verbose_name="cycle of won deals, seconds")),
                ("cycle_deals", models.IntegerField(default=0, verbose_name="won deals with a cycle")),
                ("emails_sent", models.IntegerField(default=0, verbose_name="e-mails sent")),
                ("emails_received", models.IntegerField(default=0, verbose_name="e-mails received")),
                ("calls_made", models.IntegerField(default=0, verbose_name="calls made")),
                ("calls_received", models.IntegerField(default=0, verbose_name="calls received")),
                ("meetings_held", models.IntegerField(default=0, verbose_name="meetings held")),
                ("tasks_done", models.IntegerField(default=0, verbose_name="tasks done")),
                ("chats", models.IntegerField(default=0, verbose_name="chats")),
                ("month", models.DateField(help_text="Its first day.", verbose_name="month")),
                (
                    "employee",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crmsync.employee",
                        verbose_name="employee",
                    ),
                ),
                (
                    "portal",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crmsync.portal",
                        verbose_name="portal",
                    ),
                ),
            ],
            options={
                "verbose_name": "monthly fact",
                "verbose_name_plural": "monthly facts",
                "indexes": [models.Index(fields=["portal", "month"], name="monthly_fact_range")],
                "constraints": [
                    models.UniqueConstraint(fields=("portal", "employee", "month"), name="monthly_fact_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("employee", None)),
                        fields=("portal", "month"),
                        name="monthly_fact_nobody_once",
                    ),
                ],
            },
        ),
    ]
