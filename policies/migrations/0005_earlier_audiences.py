from django.db import migrations

from coe_portal.people.keeping_audiences import keeps_earlier_audiences


class Migration(migrations.Migration):
    dependencies = [("policies", "0004_whole_addresses"), ("people", "0008_earlier_audiences")]

    operations = [
        keeps_earlier_audiences("policies_policy"),
    ]
