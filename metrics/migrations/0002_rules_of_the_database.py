from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FORBID = """
CREATE FUNCTION metrics_samples_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Samples are append-only: a correction is a newer sample.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER metrics_sample_is_append_only BEFORE UPDATE OR DELETE ON metrics_sample
    FOR EACH ROW EXECUTE FUNCTION metrics_samples_are_append_only();
CREATE TRIGGER metrics_postsample_is_append_only BEFORE UPDATE OR DELETE ON metrics_postsample
    FOR EACH ROW EXECUTE FUNCTION metrics_samples_are_append_only();

CREATE FUNCTION metrics_is_kept_as_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Answers and sealed months are kept as they were given.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER metrics_rating_is_append_only BEFORE UPDATE OR DELETE ON metrics_rating
    FOR EACH ROW EXECUTE FUNCTION metrics_is_kept_as_given();
CREATE TRIGGER metrics_snapshot_is_append_only BEFORE UPDATE OR DELETE ON metrics_snapshot
    FOR EACH ROW EXECUTE FUNCTION metrics_is_kept_as_given();
"""
ALLOW = """
DROP TRIGGER metrics_snapshot_is_append_only ON metrics_snapshot;
DROP TRIGGER metrics_rating_is_append_only ON metrics_rating;
DROP FUNCTION metrics_is_kept_as_given();
DROP TRIGGER metrics_postsample_is_append_only ON metrics_postsample;
DROP TRIGGER metrics_sample_is_append_only ON metrics_sample;
DROP FUNCTION metrics_samples_are_append_only();
"""


def add_first_comparator(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The organisation that the center of excellence set out to learn from; nobody has opened a source for it yet."""
    apps.get_model("metrics", "Comparator").objects.create(
        name="Mayo Clinic",
        employees=56_000,
        team=40,
        model="hub-and-spoke",
        moving_to="dandelion",
        note=(
            "About 56,000 employees and about 40 people who make content: one for every 1,400. A central team with a "
            "strong training programme, moving towards hubs at each campus."
        ),
        source="Planning notes of the center of excellence; no public source has been opened for these figures",
    )


def remove_first_comparator(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("metrics", "Comparator").objects.filter(name="Mayo Clinic").delete()


class Migration(migrations.Migration):
    dependencies = [("metrics", "0001_initial")]

    operations = [
        migrations.RunSQL(FORBID, ALLOW),
        migrations.RunPython(add_first_comparator, remove_first_comparator),
    ]
