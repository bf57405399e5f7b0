import coe_portal.people.models.people
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0005_rules_from_columns")]

    operations = [
        migrations.RemoveField(
            model_name='audience',
            name='branches',
        ),
        migrations.RemoveField(
            model_name='audience',
            name='kinds',
        ),
        migrations.RemoveField(
            model_name='audience',
            name='roles',
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('person', '='), ('role', '='), (django.db.models.functions.comparison.Coalesce('branch', 0), '='), (coe_portal.people.models.people.Period(models.F('starts'), models.F('ends'), django.contrib.postgres.fields.ranges.RangeBoundary()), '&&')], name='role_once_at_a_time'),
        ),
    ]
