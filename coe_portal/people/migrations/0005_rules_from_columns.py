from typing import Any

from django.db import migrations
from django.utils import timezone

# Since when somebody is in an audience was not noted before. The day they were hired is the earliest that can be true,
# and the one that the clocks of their tasks were counted from.
JOINED = """
UPDATE people_audiencemember AS member
SET joined_on = LEAST(COALESCE(person.hired_on, person.joined_at::date), CURRENT_DATE)
FROM people_user AS person WHERE person.id = member.person_id
"""

# The same role twice at the same time in the same place becomes one, from the first beginning to the last end.
OVERLAPPING = """
SELECT first.id, second.id FROM people_rolegrant AS first
JOIN people_rolegrant AS second ON second.id > first.id AND second.person_id = first.person_id
    AND second.role = first.role AND second.branch_id IS NOT DISTINCT FROM first.branch_id
    AND daterange(first.starts, first.ends) && daterange(second.starts, second.ends)
ORDER BY first.id, second.id LIMIT 1
"""
UNITE = """
UPDATE people_rolegrant AS first SET
    starts = LEAST(first.starts, second.starts),
    ends = CASE WHEN first.ends IS NULL OR second.ends IS NULL THEN NULL ELSE GREATEST(first.ends, second.ends) END
FROM people_rolegrant AS second WHERE first.id = %s AND second.id = %s
"""


def write_rules(apps: Any, schema_editor: Any) -> None:
    Audience, Version = apps.get_model("people", "Audience"), apps.get_model("people", "AudienceVersion")
    everyone = Audience.objects.filter(is_everyone=True).first()
    for audience in Audience.objects.prefetch_related("branches"):
        columns = [("kind", audience.kinds), ("role", audience.roles), ("department", [each.pk for each in audience.branches.all()])]
        parts = [{"about": about, "values": list(values)} for about, values in columns if values]
        if not parts and everyone and audience.pk != everyone.pk:
            parts = [{"about": "audience", "values": [everyone.pk]}]
        audience.rule = {"op": "all", "parts": parts, "also": [], "never": []}
        audience.edition = 1
        audience.save(update_fields=["rule", "edition"])
        Version.objects.create(audience=audience, number=1, name=audience.name, rule=audience.rule, at=timezone.now())


def write_columns(apps: Any, schema_editor: Any) -> None:
    """Back again as far as the columns could say it."""
    for audience in apps.get_model("people", "Audience").objects.all():
        values = {part["about"]: part["values"] for part in audience.rule["parts"] if "about" in part}
        audience.kinds, audience.roles = values.get("kind", []), values.get("role", [])
        audience.save(update_fields=["kinds", "roles"])
        audience.branches.set(values.get("department", []))


def unite_grants(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(JOINED)
        cursor.execute(OVERLAPPING)
        while pair := cursor.fetchone():
            cursor.execute(UNITE, pair)
            cursor.execute("DELETE FROM people_rolegrant WHERE id = %s", [pair[1]])
            cursor.execute(OVERLAPPING)


class Migration(migrations.Migration):
    dependencies = [("people", "0004_dated_audiences")]

    operations = [
        migrations.RunPython(write_rules, write_columns),
        migrations.RunPython(unite_grants, migrations.RunPython.noop),
    ]
