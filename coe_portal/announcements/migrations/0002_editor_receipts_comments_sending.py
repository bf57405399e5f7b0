
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('announcements', '0001_initial'),
        ('notifications', '0002_ways_and_rooms'),
        ('people', '0003_directory_keys'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='text')),
                ('html', models.TextField(editable=False)),
                ('created_at', models.DateTimeField(verbose_name='written')),
                ('edited_at', models.DateTimeField(null=True, verbose_name='changed')),
                ('is_held', models.BooleanField(default=False, verbose_name='held for review')),
                ('found', models.JSONField(default=list, verbose_name='what the guard found')),
                ('removed_at', models.DateTimeField(null=True, verbose_name='removed')),
                ('removal_reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
            ],
            options={
                'verbose_name': 'comment',
                'verbose_name_plural': 'comments',
            },
        ),
        migrations.CreateModel(
            name='EarlierReceipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edition', models.PositiveIntegerField(verbose_name='edition')),
                ('acknowledged_at', models.DateTimeField(verbose_name='acknowledged')),
            ],
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='edition')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='what changed')),
                ('asked_again', models.BooleanField(default=False, verbose_name='everybody was asked to confirm again')),
                ('texts', models.JSONField(default=dict, verbose_name='texts')),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300, verbose_name='what is wrong with it')),
                ('created_at', models.DateTimeField(verbose_name='flagged')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
            ],
            options={
                'verbose_name': 'flag of a comment',
                'verbose_name_plural': 'flags of comments',
            },
        ),
        migrations.CreateModel(
            name='KeptText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fields', models.JSONField(default=dict, verbose_name='what was typed')),
                ('at', models.DateTimeField(verbose_name='kept')),
            ],
            options={
                'verbose_name': 'kept text of an announcement',
                'verbose_name_plural': 'kept texts of announcements',
            },
        ),
        migrations.CreateModel(
            name='Sending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(choices=[('published', 'Published'), ('asked_again', 'Asked to confirm again'), ('reminder', 'Reminder to those who have not confirmed')], max_length=12, verbose_name='cause')),
                ('key', models.CharField(max_length=100, unique=True, verbose_name='key')),
                ('told_as', models.CharField(max_length=100, verbose_name='told as')),
                ('mail', models.CharField(choices=[('now', 'At once'), ('digest', 'In the daily digest'), ('none', 'Not by mail')], max_length=10, verbose_name='mail')),
                ('department_ids', models.JSONField(null=True, verbose_name='departments')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='people')),
                ('told', models.PositiveIntegerField(default=0, verbose_name='told')),
                ('reached', models.BigIntegerField(default=0, verbose_name='told up to person')),
                ('started_at', models.DateTimeField(verbose_name='started')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished')),
                ('stopped_at', models.DateTimeField(null=True, verbose_name='stopped')),
            ],
            options={
                'verbose_name': 'sending of an announcement',
                'verbose_name_plural': 'sendings of announcements',
            },
        ),
        migrations.CreateModel(
            name='Translation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], max_length=10, verbose_name='language')),
                ('title', models.CharField(max_length=150, verbose_name='title')),
                ('text', models.TextField(verbose_name='text')),
                ('html', models.TextField(editable=False)),
                ('lead', models.CharField(editable=False, max_length=300)),
            ],
        ),
        migrations.AddField(
            model_name='announcement',
            name='asked_in',
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name='edition to be acknowledged'),
        ),
        migrations.AddField(
            model_name='announcement',
            name='chat_destinations',
            field=models.ManyToManyField(blank=True, related_name='+', to='notifications.chatdestination', verbose_name='chat rooms'),
        ),
        migrations.AddField(
            model_name='announcement',
            name='comments_on',
            field=models.BooleanField(default=False, verbose_name='comments allowed'),
        ),
        migrations.AddField(
            model_name='announcement',
            name='edited_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='changed after publishing'),
        ),
        migrations.AddField(
            model_name='announcement',
            name='edition',
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name='edition'),
        ),
        migrations.AddField(
            model_name='announcement',
            name='language',
            field=models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], default='en', max_length=10, verbose_name='language'),
        ),
        migrations.AddField(
            model_name='announcement',
            name='mail',
            field=models.CharField(choices=[('now', 'At once'), ('digest', 'In the daily digest'), ('none', 'Not by mail')], default='digest', max_length=10, verbose_name='mail'),
        ),
        migrations.AddIndex(
            model_name='announcement',
            index=models.Index(condition=models.Q(('state', 'published')), fields=['-expires_at'], name='announcement_archive'),
        ),
        migrations.AddIndex(
            model_name='receipt',
            index=models.Index(fields=['announcement', 'acknowledged_at'], name='announcement_receipts'),
        ),
        migrations.AddConstraint(
            model_name='announcement',
            constraint=models.CheckConstraint(condition=models.Q(('mail__in', ['now', 'digest', 'none'])), name='announcement_mail_known'),
        ),
        migrations.AddField(
            model_name='comment',
            name='announcement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='announcements.announcement'),
        ),
        migrations.AddField(
            model_name='comment',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='comment',
            name='removed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='earlierreceipt',
            name='announcement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='earlier_receipts', to='announcements.announcement'),
        ),
        migrations.AddField(
            model_name='earlierreceipt',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='edition',
            name='announcement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='editions', to='announcements.announcement'),
        ),
        migrations.AddField(
            model_name='edition',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='flag',
            name='comment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='announcements.comment'),
        ),
        migrations.AddField(
            model_name='flag',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='flag',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='kepttext',
            name='announcement',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='announcements.announcement'),
        ),
        migrations.AddField(
            model_name='kepttext',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sending',
            name='announcement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sendings', to='announcements.announcement'),
        ),
        migrations.AddField(
            model_name='sending',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='translation',
            name='announcement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='translations', to='announcements.announcement'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['announcement', '-created_at', '-id'], name='announcement_comments'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('is_held', True)), fields=['-created_at'], name='announcement_held'),
        ),
        migrations.AddConstraint(
            model_name='earlierreceipt',
            constraint=models.UniqueConstraint(fields=('announcement', 'person', 'edition'), name='announcement_earlier_receipt_once'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.UniqueConstraint(fields=('announcement', 'number'), name='announcement_edition_once'),
        ),
        migrations.AddIndex(
            model_name='flag',
            index=models.Index(condition=models.Q(('decided_at__isnull', True)), fields=['comment'], name='announcement_flags_waiting'),
        ),
        migrations.AddConstraint(
            model_name='flag',
            constraint=models.UniqueConstraint(fields=('comment', 'person'), name='announcement_flag_once'),
        ),
        migrations.AddConstraint(
            model_name='kepttext',
            constraint=models.UniqueConstraint(fields=('person', 'announcement'), name='announcement_kept_once', nulls_distinct=False),
        ),
        migrations.AddIndex(
            model_name='sending',
            index=models.Index(fields=['announcement', '-started_at'], name='announcement_sendings'),
        ),
        migrations.AddConstraint(
            model_name='translation',
            constraint=models.UniqueConstraint(fields=('announcement', 'language'), name='announcement_translation_once'),
        ),
    ]
