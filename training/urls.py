from django.urls import include, path, re_path

from training.views import certificates, learning, media, quizzes, team

app_name = "training"

course_urls = [
    path("", learning.course, name="course"),
    path("enrol/", learning.enrol, name="enrol"),
    path("lessons/<slug:lesson_slug>/", learning.lesson, name="lesson"),
    path("lessons/<slug:lesson_slug>/done/", learning.lesson_done, name="lesson_done"),
    path("quiz/", quizzes.quiz, name="quiz"),
    path("quiz/start/", quizzes.start, name="start"),
]

attempt_urls = [
    path("", quizzes.attempt, name="attempt"),
    path("questions/<int:number>/", quizzes.question, name="question"),
    path("submit/", quizzes.submit, name="submit"),
    path("result/", quizzes.result, name="result"),
    path("review/", quizzes.review, name="review"),
]

certificate_urls = [
    path("", certificates.certificate, name="certificate"),
    path("certificate.pdf", certificates.pdf, name="certificate_pdf"),
    path("revoke/", certificates.revoke, name="revoke"),
]

team_urls = [
    path("", team.team, name="team"),
    re_path(r"^export\.(?P<form>csv|xlsx)$", team.export, name="export"),
    path("remind/", team.remind, name="remind"),
    path("enrolments/<int:enrolment_id>/", team.enrolment, name="enrolment"),
    path("enrolments/<int:enrolment_id>/allow-attempt/", team.allow_attempt, name="allow_attempt"),
    path("enrolments/<int:enrolment_id>/end/", team.end, name="end"),
]

urlpatterns = [
    path("", learning.index, name="index"),
    path("courses/", learning.catalogue, name="catalogue"),
    path("courses/<slug:course_slug>/", include(course_urls)),
    path("programmes/<slug:programme_slug>/", learning.programme, name="programme"),
    path("lessons/<int:lesson_id>/video", media.video, name="video"),
    path("lessons/<int:lesson_id>/captions.vtt", media.captions, name="captions"),
    path("attempts/<int:attempt_id>/", include(attempt_urls)),
    path("certificates/", certificates.certificates, name="certificates"),
    path("certificates/<str:code>/", include(certificate_urls)),
    path("team/", include(team_urls)),
]
