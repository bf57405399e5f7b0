from django.urls import path

from coe_portal.home.views import (
    account,
    administration,
    chat,
    delegations,
    departments,
    jobs,
    mails,
    notifications,
    pages,
)

app_name = "home"
urlpatterns = [
    path("", pages.index, name="index"),
    path("my/", pages.my, name="my"),
    path("my/team/", departments.team, name="team"),
    path("my/account/", account.account, name="account"),
    path("my/account/roles/", delegations.delegations, name="delegations"),
    path("my/account/roles/<int:grant_id>/end/", delegations.end_delegation, name="end_delegation"),
    path("my/account/notifications/", notifications.notifications, name="notifications"),
    path("my/account/notifications/times/", notifications.mail_times, name="mail_times"),
    path("people/<int:person_id>/", pages.person, name="person"),
    path("departments/", departments.departments, name="departments"),
    path("departments/<int:department_id>/", departments.department, name="department"),
    path("departments/<int:department_id>/export/", departments.export, name="export"),
    path("departments/<int:department_id>/remind/", departments.remind, name="remind"),
    path("administration/", administration.administration, name="administration"),
    path("administration/jobs/", jobs.jobs, name="jobs"),
    path("administration/jobs/again/", jobs.run_all_again, name="run_all_again"),
    path("administration/jobs/<int:job_id>/again/", jobs.run_again, name="run_again"),
    path("administration/mail/", mails.mails, name="mails"),
    path("administration/mail/again/", mails.send_all_again, name="all_mail_again"),
    path("administration/mail/<int:mail_id>/again/", mails.send_again, name="mail_again"),
    path("administration/mail/<int:mail_id>/give-up/", mails.give_up, name="mail_give_up"),
    path("administration/chat/", chat.rooms, name="chat_rooms"),
    path("administration/chat/<int:room_id>/", chat.room, name="chat_room"),
    path("administration/chat/<int:room_id>/try/", chat.try_room, name="try_chat_room"),
    path("administration/chat/<int:room_id>/switch/", chat.switch_room, name="switch_chat_room"),
    path("administration/chat/<int:room_id>/remove/", chat.remove_room, name="remove_chat_room"),
    path("healthz", pages.healthz, name="healthz"),
]
