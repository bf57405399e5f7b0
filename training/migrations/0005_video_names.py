import django.core.validators
from django.db import migrations, models

import training.models.content


class Migration(migrations.Migration):
    dependencies = [("training", "0004_earlier_audiences")]

    operations = [
        migrations.AlterField(
            "lesson",
            "video",
            models.FileField(
                blank=True,
                help_text="MP4 or WebM, at most 200 MB.",
                max_length=200,
                upload_to=training.models.content.video_name,
                validators=[django.core.validators.FileExtensionValidator(["mp4", "webm"])],
                verbose_name="video file",
            ),
        )
    ]
