"""For the migration that keeps the tree of departments as it was."""

FUNCTION = """
CREATE FUNCTION people_keep_earlier_parent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO people_earlierparent (department_id, parent_id, until) VALUES (OLD.id, OLD.parent_id, now());
    RETURN NULL;
END $$;
CREATE TRIGGER keep_earlier_parent AFTER UPDATE OF parent_id ON people_department FOR EACH ROW
WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id) EXECUTE FUNCTION people_keep_earlier_parent();
"""
NO_FUNCTION = "DROP TRIGGER keep_earlier_parent ON people_department; DROP FUNCTION people_keep_earlier_parent();"
