from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('search', '0003_languages_and_synonyms')]

    operations = [
        migrations.AddField(
            model_name='searchdocument',
            name='weight',
            field=models.FloatField(db_default=1.0, default=1.0, verbose_name='weight'),
        ),
    ]
