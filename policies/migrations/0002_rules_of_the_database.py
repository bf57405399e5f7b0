from django.db import migrations

FORBID = """
CREATE FUNCTION policies_version_is_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('published', 'retired') AND (
        TG_OP = 'DELETE'
        OR (NEW.policy_id, NEW.major, NEW.minor, NEW.title, NEW.summary, NEW.text, NEW.sha256, NEW.change, NEW.published_at)
           IS DISTINCT FROM
           (OLD.policy_id, OLD.major, OLD.minor, OLD.title, OLD.summary, OLD.text, OLD.sha256, OLD.change, OLD.published_at)
    ) THEN
        RAISE EXCEPTION 'A published version never changes.' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER policies_version_is_sealed BEFORE UPDATE OR DELETE ON policies_version
    FOR EACH ROW EXECUTE FUNCTION policies_version_is_sealed();

CREATE FUNCTION policies_version_has_quorum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE needed integer; counted integer;
BEGIN
    SELECT quorum INTO needed FROM policies_policy WHERE id = NEW.policy_id;
    SELECT count(DISTINCT reviewer_id) INTO counted FROM policies_review r
        WHERE r.version_id = NEW.id AND r.edition = NEW.edition AND r.decision = 'approve' AND r.change = NEW.change
        AND NOT EXISTS (SELECT 1 FROM policies_writer w WHERE w.version_id = r.version_id AND w.person_id = r.reviewer_id);
    IF counted < needed THEN
        RAISE EXCEPTION 'The version has % of % approvals.', counted, needed USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER policies_version_has_quorum BEFORE UPDATE ON policies_version
    FOR EACH ROW WHEN (NEW.state IN ('approved', 'published') AND OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION policies_version_has_quorum();

CREATE FUNCTION policies_review_is_not_a_writers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM policies_writer WHERE version_id = NEW.version_id AND person_id = NEW.reviewer_id) THEN
        RAISE EXCEPTION 'Who has written on a version cannot decide on it.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER policies_review_is_not_a_writers BEFORE INSERT ON policies_review
    FOR EACH ROW EXECUTE FUNCTION policies_review_is_not_a_writers();

CREATE FUNCTION policies_evidence_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Evidence is append-only.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER policies_acknowledgement_is_append_only BEFORE UPDATE OR DELETE ON policies_acknowledgement
    FOR EACH ROW EXECUTE FUNCTION policies_evidence_is_append_only();
CREATE TRIGGER policies_review_is_append_only BEFORE UPDATE OR DELETE ON policies_review
    FOR EACH ROW EXECUTE FUNCTION policies_evidence_is_append_only();
"""
ALLOW = """
DROP TRIGGER policies_review_is_append_only ON policies_review;
DROP TRIGGER policies_acknowledgement_is_append_only ON policies_acknowledgement;
DROP FUNCTION policies_evidence_is_append_only();
DROP TRIGGER policies_review_is_not_a_writers ON policies_review;
DROP FUNCTION policies_review_is_not_a_writers();
DROP TRIGGER policies_version_has_quorum ON policies_version;
DROP FUNCTION policies_version_has_quorum();
DROP TRIGGER policies_version_is_sealed ON policies_version;
DROP FUNCTION policies_version_is_sealed();
"""


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial")]

    operations = [migrations.RunSQL(FORBID, ALLOW)]
