from django.db import migrations

from coe_portal.people.keeping_audiences import keeps_earlier_audiences


class Migration(migrations.Migration):
    dependencies = [("announcements", "0002_editor_receipts_comments_sending"), ("people", "0008_earlier_audiences")]

    operations = [
        keeps_earlier_audiences("announcements_announcement"),
    ]
