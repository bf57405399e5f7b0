from django.urls import path

from coe_portal.announcements import views

app_name = "announcements"
urlpatterns = [
    path("", views.index, name="index"),
    path("unpublished/", views.unpublished, name="unpublished"),
    path("new/", views.new, name="new"),
    path("read/", views.mark_all_read, name="mark_all_read"),
    path("<int:announcement_id>/", views.announcement, name="announcement"),
    path("<int:announcement_id>/edit/", views.edit, name="edit"),
    path("<int:announcement_id>/publish/", views.publish, name="publish"),
    path("<int:announcement_id>/unschedule/", views.unschedule, name="unschedule"),
    path("<int:announcement_id>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:announcement_id>/read/", views.mark_read, name="mark_read"),
    path("<int:announcement_id>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("<int:announcement_id>/receipts/", views.receipts, name="receipts"),
    path("<int:announcement_id>/receipts/export/", views.export_receipts, name="export_receipts"),
]
