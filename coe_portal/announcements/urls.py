from django.urls import path

from coe_portal.announcements.views import reading, receipts, talking, writing

app_name = "announcements"
urlpatterns = [
    path("", reading.index, name="index"),
    path("archive/", reading.archive, name="archive"),
    path("read/", reading.mark_all_read, name="mark_all_read"),
    path("unpublished/", writing.unpublished, name="unpublished"),
    path("new/", writing.new, name="new"),
    path("new/preview/", writing.preview, name="preview_new"),
    path("new/preview/mail/<slug:language>/", writing.preview_mail, name="preview_mail_new"),
    path("new/forget/", writing.forget, name="forget_new"),
    path("comments/", talking.to_look_at, name="to_look_at"),
    path("comments/<int:comment_id>/edit/", talking.edit_comment, name="edit_comment"),
    path("comments/<int:comment_id>/remove/", talking.remove_comment, name="remove_comment"),
    path("comments/<int:comment_id>/flag/", talking.flag_comment, name="flag_comment"),
    path("comments/<int:comment_id>/release/", talking.release_comment, name="release_comment"),
    path("<int:announcement_id>/", reading.announcement, name="announcement"),
    path("<int:announcement_id>/read/", reading.mark_read, name="mark_read"),
    path("<int:announcement_id>/acknowledge/", reading.acknowledge, name="acknowledge"),
    path("<int:announcement_id>/comments/", talking.comments, name="comments"),
    path("<int:announcement_id>/edit/", writing.edit, name="edit"),
    path("<int:announcement_id>/edit/preview/", writing.preview, name="preview"),
    path("<int:announcement_id>/edit/preview/mail/<slug:language>/", writing.preview_mail, name="preview_mail"),
    path("<int:announcement_id>/edit/forget/", writing.forget, name="forget"),
    path("<int:announcement_id>/publish/", writing.publish, name="publish"),
    path("<int:announcement_id>/unschedule/", writing.unschedule, name="unschedule"),
    path("<int:announcement_id>/withdraw/", writing.withdraw, name="withdraw"),
    path("<int:announcement_id>/history/", writing.history, name="history"),
    path("<int:announcement_id>/sending/", receipts.sending, name="sending"),
    path("<int:announcement_id>/receipts/", receipts.receipts, name="receipts"),
    path("<int:announcement_id>/receipts/remind/", receipts.remind, name="remind"),
    path("<int:announcement_id>/receipts/<slug:form>/", receipts.export_receipts, name="export_receipts"),
]
