from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # so that nobody who signs waits for the index

    dependencies = [("policies", "0003_redactions")]

    operations = [
        AddIndexConcurrently(
            "acknowledgement",
            models.Index(fields=["id"], condition=models.Q(is_shortened=False), name="whole_address"),
        ),
    ]
