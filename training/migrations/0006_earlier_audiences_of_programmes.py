from django.db import migrations

from coe_portal.people.keeping_audiences import keeps_earlier_audiences


class Migration(migrations.Migration):
    dependencies = [("training", "0005_video_names"), ("people", "0008_earlier_audiences")]

    operations = [
        keeps_earlier_audiences("training_programme"),
    ]
