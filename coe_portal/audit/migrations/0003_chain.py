import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CHAIN = """
CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit_auditentry' AND current_setting('coe.pruning', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The audit trail is append-only.' USING ERRCODE = 'insufficient_privilege';
END $$;

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
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("audit", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name='Pruning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('upto', models.BigIntegerField(verbose_name='up to entry')),
                ('entries', models.PositiveIntegerField(verbose_name='entries')),
            ],
            options={
                'verbose_name': 'removal of old entries',
                'verbose_name_plural': 'removals of old entries',
            },
        ),
        migrations.AddField(
            model_name='auditentry',
            name='digest',
            field=models.BinaryField(null=True, verbose_name='digest'),
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField(unique=True, verbose_name='number')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('after', models.BigIntegerField(verbose_name='after entry')),
                ('upto', models.BigIntegerField(verbose_name='up to entry')),
                ('entries', models.PositiveIntegerField(verbose_name='entries')),
                ('content', models.CharField(max_length=64, verbose_name='SHA-256 of the entries')),
                ('previous', models.CharField(blank=True, max_length=64, verbose_name='hash of the seal before')),
                ('hash', models.CharField(max_length=64, verbose_name='hash')),
                ('signature', models.CharField(max_length=64, verbose_name='signature')),
                ('seen_id', models.BigIntegerField(verbose_name='newest entry seen')),
                ('seen_transaction', models.BigIntegerField(verbose_name='newest transaction seen')),
            ],
            options={
                'verbose_name': 'seal',
                'verbose_name_plural': 'seals',
                'constraints': [models.CheckConstraint(condition=models.Q(('upto__gte', models.F('after'))), name='seal_range_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Access',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('event', models.CharField(choices=[('signed_in', 'Signed in'), ('failed', 'Sign-in failed'), ('signed_out', 'Signed out'), ('denied', 'Page refused')], max_length=12, verbose_name='event')),
                ('address', models.GenericIPAddressField(null=True, verbose_name='network address')),
                ('path', models.CharField(blank=True, max_length=300, verbose_name='page')),
                ('is_shortened', models.BooleanField(default=False, verbose_name='address shortened')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'access',
                'verbose_name_plural': 'accesses',
                'indexes': [models.Index(fields=['-at', '-id'], name='access_newest'), models.Index(fields=['person', '-at'], name='access_of_person'), models.Index(condition=models.Q(('is_shortened', False)), fields=['at'], name='access_with_address')],
            },
        ),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('entries', models.PositiveBigIntegerField(verbose_name='entries')),
                ('seals', models.PositiveBigIntegerField(verbose_name='seals')),
                ('head', models.CharField(blank=True, max_length=64, verbose_name='hash of the newest seal')),
                ('problem', models.CharField(blank=True, choices=[('changed', 'An entry was changed'), ('missing', 'Entries are missing'), ('added', 'Entries were added afterwards'), ('replaced', 'Entries were changed, and their digests with them'), ('chain', 'The chain of seals was changed'), ('signature', 'The newest seal was not made by this portal'), ('shorter', 'The chain is shorter than it was')], max_length=10, verbose_name='problem')),
                ('broken_entry', models.BigIntegerField(null=True, verbose_name='first broken entry')),
                ('seconds', models.FloatField(verbose_name='seconds')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'verification',
                'verbose_name_plural': 'verifications',
                'indexes': [models.Index(fields=['-at'], name='audit_verif_at_0b7763_idx')],
            },
        ),
        migrations.RunSQL(CHAIN, UNCHAIN),
    ]
