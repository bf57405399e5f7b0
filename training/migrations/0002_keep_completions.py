from django.db import migrations

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
    dependencies = [("training", "0001_initial")]

    operations = [migrations.RunSQL(FORBID, ALLOW)]
