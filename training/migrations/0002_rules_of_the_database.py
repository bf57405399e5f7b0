from django.db import migrations

from coe_portal.people.keeping_audiences import keeps_earlier_audiences

FORBID = """
CREATE FUNCTION training_completions_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Completions are kept for ever.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER training_completions_are_kept BEFORE DELETE ON training_completion
    FOR EACH ROW EXECUTE FUNCTION training_completions_are_kept();
"""
ALLOW = """
DROP TRIGGER training_completions_are_kept ON training_completion;
DROP FUNCTION training_completions_are_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("training", "0001_initial"), ("people", "0002_everyone")]

    operations = [
        migrations.RunSQL(FORBID, ALLOW),
        keeps_earlier_audiences("training_course"),
        keeps_earlier_audiences("training_programme"),
    ]
