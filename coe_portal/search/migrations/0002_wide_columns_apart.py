from django.db import migrations

# Ranking reads titles and short vectors of many rows: with the body and its vector out of line a page holds a
# dozen rows instead of two.
APART = """
ALTER TABLE search_searchdocument
    SET (toast_tuple_target = 256),
    ALTER COLUMN title SET STORAGE MAIN,
    ALTER COLUMN lead SET STORAGE MAIN,
    ALTER COLUMN short_vector SET STORAGE MAIN;
"""
TOGETHER = """
ALTER TABLE search_searchdocument
    RESET (toast_tuple_target),
    ALTER COLUMN title SET STORAGE EXTENDED,
    ALTER COLUMN lead SET STORAGE EXTENDED,
    ALTER COLUMN short_vector SET STORAGE EXTENDED;
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunSQL(APART, TOGETHER)]
