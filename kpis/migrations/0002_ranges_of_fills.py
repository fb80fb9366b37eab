import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("crmsync", "0002_proofs_slots_tombstones"),
        ("kpis", "0001_facts"),
    ]

    operations = [
        migrations.AddField(
            model_name="filling",
            name="planned",
            field=models.JSONField(null=True),
        ),
        migrations.CreateModel(
            name="FillRange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("start_on", models.DateField()),
                ("end_on", models.DateField(null=True)),
                (
                    "portal",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crmsync.portal",
                    ),
                ),
            ],
            options={
                "verbose_name": "range of days to fill",
                "verbose_name_plural": "ranges of days to fill",
                "constraints": [models.UniqueConstraint(fields=("portal", "start_on"), name="fill_range_once")],
            },
        ),
    ]
