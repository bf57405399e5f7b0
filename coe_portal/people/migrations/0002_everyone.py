from typing import Any

from django.db import migrations


def add_everyone(apps: Any, schema_editor: Any) -> None:
    apps.get_model("people", "Audience").objects.create(name="Everyone", is_everyone=True)


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [migrations.RunPython(add_everyone, migrations.RunPython.noop)]
