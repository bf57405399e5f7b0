"""For the migrations of apps whose things are for an audience."""

from django.db.migrations import RunSQL

FUNCTION = """
CREATE FUNCTION people_keep_earlier_audience() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO people_earlieraudience (thing, object_id, audience_id, until)
    VALUES (TG_TABLE_NAME, OLD.id, OLD.audience_id, now());
    RETURN NULL;
END $$;
"""
NO_FUNCTION = "DROP FUNCTION people_keep_earlier_audience();"


def keeps_earlier_audiences(table: str) -> RunSQL:
    """Whom its rows were for can be told for past days from then on."""
    return RunSQL(
        f"""CREATE TRIGGER keep_earlier_audience AFTER UPDATE OF audience_id ON {table} FOR EACH ROW
        WHEN (OLD.audience_id IS DISTINCT FROM NEW.audience_id) EXECUTE FUNCTION people_keep_earlier_audience();""",
        f"DROP TRIGGER keep_earlier_audience ON {table};",
    )
