from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('search', '0004_weight')]

    operations = [
        migrations.RemoveIndex(model_name='searchdocument', name='search_newest'),
        migrations.AddIndex(
            model_name='searchdocument',
            index=models.Index(fields=['-weight', '-changed_at'], name='search_first'),
        ),
    ]
