import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# As in 0002: ranking reads the short vector of many rows.
INLINE = "ALTER TABLE search_searchdocument ALTER COLUMN short_vector SET STORAGE MAIN"


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_everyone'),
        ('search', '0002_wide_columns_apart'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MissedTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.CharField(max_length=100, verbose_name='looked for')),
                ('week', models.DateField(verbose_name='week from')),
                ('times', models.PositiveIntegerField(verbose_name='times')),
                ('people', models.PositiveIntegerField(verbose_name='people')),
            ],
            options={
                'verbose_name': 'search that found nothing',
                'verbose_name_plural': 'searches that found nothing',
            },
        ),
        migrations.CreateModel(
            name='SettledTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.CharField(max_length=100, unique=True, verbose_name='looked for')),
                ('settled_at', models.DateTimeField(verbose_name='settled')),
            ],
            options={
                'verbose_name': 'settled search term',
                'verbose_name_plural': 'settled search terms',
            },
        ),
        migrations.CreateModel(
            name='Synonym',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None, verbose_name='words')),
                ('also', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None, verbose_name='also finds')),
                ('language', models.CharField(blank=True, choices=[('en', 'English'), ('es', 'Spanish')], max_length=10, verbose_name='language')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
            ],
            options={
                'verbose_name': 'synonym',
                'verbose_name_plural': 'synonyms',
            },
        ),
        migrations.RemoveConstraint(
            model_name='searchdocument',
            name='search_document_once',
        ),
        migrations.AddField(
            model_name='searchdocument',
            name='language',
            field=models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], default='en', max_length=10, verbose_name='language'),
        ),
        # PostgreSQL cannot change what a generated column is made of: it is made anew.
        migrations.RemoveIndex(model_name='searchdocument', name='search_long'),
        migrations.RemoveIndex(model_name='searchdocument', name='search_short'),
        migrations.RemoveField(model_name='searchdocument', name='short_vector'),
        migrations.RemoveField(model_name='searchdocument', name='vector'),
        migrations.AddField(
            model_name='searchdocument',
            name='short_vector',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(language='es', then=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector(models.F('title'), config='spanish', weight='A'), '||', django.contrib.postgres.search.SearchVector(models.F('title'), config='simple', weight='A'), django.contrib.postgres.search.SearchConfig('spanish')), '||', django.contrib.postgres.search.SearchVector(models.F('lead'), config='spanish', weight='B'), django.contrib.postgres.search.SearchConfig('spanish'))), default=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector(models.F('title'), config='english', weight='A'), '||', django.contrib.postgres.search.SearchVector(models.F('title'), config='simple', weight='A'), django.contrib.postgres.search.SearchConfig('english')), '||', django.contrib.postgres.search.SearchVector(models.F('lead'), config='english', weight='B'), django.contrib.postgres.search.SearchConfig('english')), output_field=django.contrib.postgres.search.SearchVectorField()), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddField(
            model_name='searchdocument',
            name='vector',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(language='es', then=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector(models.F('title'), config='spanish', weight='A'), '||', django.contrib.postgres.search.SearchVector(models.F('title'), config='simple', weight='A'), django.contrib.postgres.search.SearchConfig('spanish')), '||', django.contrib.postgres.search.SearchVector(models.F('lead'), config='spanish', weight='B'), django.contrib.postgres.search.SearchConfig('spanish')), '||', django.contrib.postgres.search.SearchVector(models.F('body'), config='spanish', weight='D'), django.contrib.postgres.search.SearchConfig('spanish'))), default=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector(models.F('title'), config='english', weight='A'), '||', django.contrib.postgres.search.SearchVector(models.F('title'), config='simple', weight='A'), django.contrib.postgres.search.SearchConfig('english')), '||', django.contrib.postgres.search.SearchVector(models.F('lead'), config='english', weight='B'), django.contrib.postgres.search.SearchConfig('english')), '||', django.contrib.postgres.search.SearchVector(models.F('body'), config='english', weight='D'), django.contrib.postgres.search.SearchConfig('english')), output_field=django.contrib.postgres.search.SearchVectorField()), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.RunSQL(INLINE, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='searchdocument',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['vector'], name='search_long'),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['short_vector'], name='search_short'),
        ),
        migrations.AddConstraint(
            model_name='searchdocument',
            constraint=models.UniqueConstraint(fields=('kind', 'object_id', 'language'), name='search_document_once'),
        ),
        migrations.AddConstraint(
            model_name='missedterm',
            constraint=models.UniqueConstraint(fields=('week', 'term'), name='search_missed_once'),
        ),
        migrations.AddField(
            model_name='settledterm',
            name='settled_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='synonym',
            index=models.Index(fields=['-changed_at', '-id'], name='search_synonym_newest'),
        ),
        migrations.AddConstraint(
            model_name='synonym',
            constraint=models.CheckConstraint(condition=models.Q(('words__len__gte', 2), models.Q(('also__len__gte', 1), ('words__len', 1)), _connector='OR'), name='search_synonym_of_something'),
        ),
    ]
