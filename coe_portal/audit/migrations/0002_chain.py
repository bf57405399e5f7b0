from django.db import migrations

CHAIN = """
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit_auditentry' AND current_setting('coe.pruning', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The audit trail is append-only.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON audit_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();

-- The number of the transaction is taken before that of the entry: what the seals rely on.
CREATE FUNCTION audit_number_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_current_xact_id();
    RETURN NULL;
END $$;
CREATE TRIGGER audit_number_transaction BEFORE INSERT ON audit_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_number_transaction();

CREATE FUNCTION audit_digest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.digest := sha256(convert_to(json_build_array(
        NEW.id, (extract(epoch FROM NEW.at) * 1000000)::bigint, NEW.actor_id, NEW.verb, NEW.kind, NEW.object_id,
        NEW.summary, NEW.details
    )::text, 'UTF8'));
    RETURN NEW;
END $$;
CREATE TRIGGER audit_digest BEFORE INSERT ON audit_auditentry FOR EACH ROW EXECUTE FUNCTION audit_digest();

CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_seal_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_verification_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_verification
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_pruning_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_pruning
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

-- The one way for old entries to go: whole seals, and never before six years are over. Runs as the owner.
CREATE FUNCTION audit_prune(before timestamptz) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
DECLARE
    last bigint;
    removed bigint;
BEGIN
    IF before > now() - interval '6 years' THEN
        RAISE EXCEPTION 'Entries stay for six years at least.' USING ERRCODE = 'check_violation';
    END IF;
    SELECT max(upto) INTO last FROM public.audit_seal WHERE at < before;
    IF last IS NULL THEN
        RETURN 0;
    END IF;
    PERFORM set_config('coe.pruning', 'on', true);
    DELETE FROM public.audit_auditentry WHERE id <= last;
    GET DIAGNOSTICS removed = ROW_COUNT;
    PERFORM set_config('coe.pruning', 'off', true);
    IF removed > 0 THEN
        INSERT INTO public.audit_pruning (at, upto, entries) VALUES (now(), last, removed);
    END IF;
    RETURN removed;
END $$;
"""
UNCHAIN = """
DROP FUNCTION audit_prune(timestamptz);
DROP TRIGGER audit_pruning_is_append_only ON audit_pruning;
DROP TRIGGER audit_verification_is_append_only ON audit_verification;
DROP TRIGGER audit_seal_is_append_only ON audit_seal;
DROP TRIGGER audit_is_not_emptied ON audit_auditentry;
DROP TRIGGER audit_digest ON audit_auditentry;
DROP FUNCTION audit_digest();
DROP TRIGGER audit_number_transaction ON audit_auditentry;
DROP FUNCTION audit_number_transaction();
DROP TRIGGER audit_is_append_only ON audit_auditentry;
DROP FUNCTION audit_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(CHAIN, UNCHAIN)]
