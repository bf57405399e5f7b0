from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tokens", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="accesstoken",
            name="owner_left",
            field=models.BooleanField(
                default=False, db_default=False, editable=False, verbose_name="ended because its maker left"
            ),
        ),
    ]
