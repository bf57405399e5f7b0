from django.db import migrations

FORBID = """
CREATE FUNCTION metrics_samples_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Samples are append-only: a correction is a newer sample.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER metrics_sample_is_append_only BEFORE UPDATE OR DELETE ON metrics_sample
    FOR EACH ROW EXECUTE FUNCTION metrics_samples_are_append_only();
CREATE TRIGGER metrics_postsample_is_append_only BEFORE UPDATE OR DELETE ON metrics_postsample
    FOR EACH ROW EXECUTE FUNCTION metrics_samples_are_append_only();
"""
ALLOW = """
DROP TRIGGER metrics_postsample_is_append_only ON metrics_postsample;
DROP TRIGGER metrics_sample_is_append_only ON metrics_sample;
DROP FUNCTION metrics_samples_are_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("metrics", "0001_initial")]

    operations = [migrations.RunSQL(FORBID, ALLOW)]
