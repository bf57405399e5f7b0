from django.db import migrations

from coe_portal.people.keeping_audiences import keeps_earlier_audiences

FORBID = """
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

CREATE FUNCTION policies_reading_hash(version policies_version) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(
        version.title || ' ' || version.major || '.' || version.minor || E'\\n\\n' || version.summary || E'\\n\\n' || version.text,
        'UTF8')), 'hex')
$$;

-- Whether one text is the other with pieces taken out and the marker in their place, and nothing put in beside it.
CREATE FUNCTION policies_only_redacts(before text, after text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT before = after OR before LIKE regexp_replace(
        regexp_replace(after, '([\\\\%_])', '\\\\\\1', 'g'),
        'Removed for privacy|Eliminado por privacidad|removed-for-privacy-[0-9]+|Former employee [0-9A-F]{6}', '%', 'g')
$$;

-- The note that this very transaction has made, as long as what it refers to is still under way.
CREATE FUNCTION policies_redaction_under_way(version bigint) RETURNS SETOF policies_redaction LANGUAGE sql STABLE AS $$
    SELECT note.* FROM policies_redaction note
        LEFT JOIN privacy_purge purge ON purge.id = note.purge_id
        LEFT JOIN privacy_erasure erasure ON erasure.id = note.erasure_id
        WHERE note.version_id = version AND note.transaction = pg_current_xact_id()::text::bigint
        AND (purge.state = 'waiting' OR erasure.state = 'waiting')
        ORDER BY note.id DESC LIMIT 1
$$;

CREATE FUNCTION policies_redaction_tells_the_truth() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'A note of what was removed never changes.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    NEW.transaction := pg_current_xact_id()::text::bigint;
    SELECT policies_reading_hash(v) INTO NEW.before FROM policies_version v WHERE v.id = NEW.version_id;
    RETURN NEW;
END $$;
CREATE TRIGGER policies_redaction_tells_the_truth BEFORE INSERT OR UPDATE OR DELETE ON policies_redaction
    FOR EACH ROW EXECUTE FUNCTION policies_redaction_tells_the_truth();

CREATE FUNCTION policies_version_is_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state NOT IN ('published', 'retired') THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A published version never changes.' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.policy_id, NEW.major, NEW.minor, NEW.title, NEW.summary, NEW.text, NEW.sha256, NEW.change, NEW.published_at,
        NEW.intro_html, NEW.change_note)
       IS DISTINCT FROM
       (OLD.policy_id, OLD.major, OLD.minor, OLD.title, OLD.summary, OLD.text, OLD.sha256, OLD.change, OLD.published_at,
        OLD.intro_html, OLD.change_note)
    AND NOT (
        to_jsonb(NEW) - ARRAY['title', 'summary', 'text', 'change_note', 'intro_html', 'words'] = to_jsonb(OLD) - ARRAY['title', 'summary', 'text', 'change_note', 'intro_html', 'words']
        AND policies_only_redacts(OLD.title, NEW.title) AND policies_only_redacts(OLD.summary, NEW.summary)
        AND policies_only_redacts(OLD.text, NEW.text) AND policies_only_redacts(OLD.change_note, NEW.change_note)
        AND EXISTS (SELECT 1 FROM policies_redaction_under_way(OLD.id) note WHERE note.after = policies_reading_hash(NEW))
    ) THEN
        RAISE EXCEPTION 'A published version never changes.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER policies_version_is_sealed BEFORE UPDATE OR DELETE ON policies_version
    FOR EACH ROW EXECUTE FUNCTION policies_version_is_sealed();

CREATE FUNCTION policies_clause_is_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM policies_version v WHERE v.id = OLD.version_id AND v.state IN ('published', 'retired')) THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF NEW = OLD OR (
            to_jsonb(NEW) - ARRAY['anchor', 'part', 'title', 'text', 'html', 'examples', 'sources'] = to_jsonb(OLD) - ARRAY['anchor', 'part', 'title', 'text', 'html', 'examples', 'sources']
            AND policies_only_redacts(OLD.anchor, NEW.anchor) AND policies_only_redacts(OLD.part, NEW.part)
            AND policies_only_redacts(OLD.title, NEW.title) AND policies_only_redacts(OLD.text, NEW.text)
            AND EXISTS (SELECT 1 FROM policies_redaction_under_way(OLD.version_id))
        ) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'A published clause never changes.' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER policies_clause_is_sealed BEFORE UPDATE OR DELETE ON policies_clause
    FOR EACH ROW EXECUTE FUNCTION policies_clause_is_sealed();

CREATE FUNCTION policies_review_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - 'comment' = to_jsonb(OLD) - 'comment' AND policies_only_redacts(OLD.comment, NEW.comment)
           AND EXISTS (SELECT 1 FROM policies_redaction_under_way(OLD.version_id)) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'Evidence is append-only.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER policies_review_is_append_only BEFORE UPDATE OR DELETE ON policies_review
    FOR EACH ROW EXECUTE FUNCTION policies_review_is_kept();

-- Of an acknowledgement, a name in the sentence may be taken out, and after 30 days the last part of the address goes.
CREATE FUNCTION policies_acknowledgement_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - ARRAY['consent', 'user_agent'] = to_jsonb(OLD) - ARRAY['consent', 'user_agent']
           AND policies_only_redacts(OLD.consent, NEW.consent) AND policies_only_redacts(OLD.user_agent, NEW.user_agent)
           AND EXISTS (SELECT 1 FROM policies_redaction_under_way(OLD.version_id)) THEN
            RETURN NEW;
        END IF;
        IF to_jsonb(NEW) - ARRAY['address', 'is_shortened'] = to_jsonb(OLD) - ARRAY['address', 'is_shortened']
           AND NEW.is_shortened AND NOT OLD.is_shortened AND OLD.at < now() - interval '30 days'
           AND NEW.address IS NOT DISTINCT FROM
               host(network(set_masklen(OLD.address, CASE family(OLD.address) WHEN 4 THEN 24 ELSE 48 END)))::inet THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'Evidence is append-only.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER policies_acknowledgement_is_append_only BEFORE UPDATE OR DELETE ON policies_acknowledgement
    FOR EACH ROW EXECUTE FUNCTION policies_acknowledgement_is_kept();
"""
ALLOW = """
DROP TRIGGER policies_acknowledgement_is_append_only ON policies_acknowledgement;
DROP FUNCTION policies_acknowledgement_is_kept();
DROP TRIGGER policies_review_is_append_only ON policies_review;
DROP FUNCTION policies_review_is_kept();
DROP TRIGGER policies_clause_is_sealed ON policies_clause;
DROP FUNCTION policies_clause_is_sealed();
DROP TRIGGER policies_version_is_sealed ON policies_version;
DROP FUNCTION policies_version_is_sealed();
DROP TRIGGER policies_redaction_tells_the_truth ON policies_redaction;
DROP FUNCTION policies_redaction_tells_the_truth();
DROP FUNCTION policies_redaction_under_way(bigint);
DROP FUNCTION policies_only_redacts(text, text);
DROP FUNCTION policies_reading_hash(policies_version);
DROP TRIGGER policies_review_is_not_a_writers ON policies_review;
DROP FUNCTION policies_review_is_not_a_writers();
DROP TRIGGER policies_version_has_quorum ON policies_version;
DROP FUNCTION policies_version_has_quorum();
"""


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial"), ("people", "0002_everyone"), ("privacy", "0001_initial")]

    operations = [
        migrations.RunSQL(FORBID, ALLOW),
        keeps_earlier_audiences("policies_policy"),
    ]
