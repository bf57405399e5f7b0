from django.db import migrations

from coe_portal.people.keeping_audiences import keeps_earlier_audiences


class Migration(migrations.Migration):
    dependencies = [("announcements", "0001_initial"), ("people", "0002_everyone")]

    operations = [keeps_earlier_audiences("announcements_announcement")]
