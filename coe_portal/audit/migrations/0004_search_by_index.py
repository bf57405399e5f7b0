from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    """Built while entries go on being written: there may be millions."""

    atomic = False

    dependencies = [
        ("audit", "0003_chain"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="auditentry",
            index=models.Index(fields=["verb", "-at"], name="audit_verb_newest"),
        ),
        AddIndexConcurrently(
            model_name="auditentry",
            index=GinIndex(OpClass(Upper("summary"), name="gin_trgm_ops"), name="audit_words"),
        ),
    ]
