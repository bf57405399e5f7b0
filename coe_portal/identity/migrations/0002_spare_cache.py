from django.db import migrations


class Migration(migrations.Migration):
    """A table for what must be counted while the cache server is away: Django's own form of a cache table."""

    dependencies = [("identity", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE spare_cache (
                cache_key varchar(255) NOT NULL PRIMARY KEY,
                value text NOT NULL,
                expires timestamptz NOT NULL
            );
            CREATE INDEX spare_cache_expires ON spare_cache (expires);
            """,
            "DROP TABLE spare_cache",
        )
    ]
