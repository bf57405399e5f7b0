from typing import Any

from django.db import migrations
from django.utils import timezone

from coe_portal.people import keeping_audiences, keeping_departments

NO_CONDITION = {"op": "all", "parts": [], "also": [], "never": []}


def add_everyone(apps: Any, schema_editor: Any) -> None:
    Audience, Version = apps.get_model("people", "Audience"), apps.get_model("people", "AudienceVersion")
    everyone = Audience.objects.create(name="Everyone", is_everyone=True, rule=NO_CONDITION, edition=1)
    Version.objects.create(
        audience=everyone, number=1, name=everyone.name, rule=everyone.rule, at=timezone.now()
    )


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.RunSQL(keeping_audiences.FUNCTION, keeping_audiences.NO_FUNCTION),
        migrations.RunSQL(keeping_departments.FUNCTION, keeping_departments.NO_FUNCTION),
        migrations.RunPython(add_everyone, migrations.RunPython.noop),
    ]
