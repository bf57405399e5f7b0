from django.urls import URLPattern, URLResolver, include, path, re_path

from training.views import assigning, authoring, certificates, learning, media, quizzes, team, writing

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

draft_urls = [
    path("", authoring.workbench, name="workbench"),
    path("draft/", authoring.start_draft, name="start_draft"),
    path("details/", authoring.details, name="write_details"),
    path("preview/", authoring.preview, name="preview"),
    path("publish/", authoring.publish, name="publish"),
    path("statistics/", authoring.statistics, name="statistics"),
    path("enrol/", assigning.assign, name="assign"),
    path("modules/new/", writing.module, name="new_module"),
    path("modules/<int:module_id>/", writing.module, name="write_module"),
    path("lessons/new/", writing.lesson, name="new_lesson"),
    path("lessons/<int:lesson_id>/", writing.lesson, name="write_lesson"),
    path("questions/new/<slug:kind>/", writing.new_question, name="new_question"),
    path("questions/<int:question_id>/", writing.question, name="write_question"),
    path("questions/<int:question_id>/steps/new/", writing.step, name="new_step"),
    path("questions/<int:question_id>/steps/<int:step_id>/", writing.step, name="write_step"),
    path("<slug:kind>/<int:part_id>/move/", writing.move, name="move"),
    path("<slug:kind>/<int:part_id>/remove/", writing.remove, name="remove"),
]

write_urls: list[URLPattern | URLResolver] = [
    path("", authoring.authoring, name="authoring"),
    path("courses/new/", authoring.new, name="new_course"),
    path("courses/<slug:course_slug>/", include(draft_urls)),
    path("programmes/new/", assigning.write_programme, name="new_programme"),
    path("programmes/<slug:programme_slug>/", assigning.write_programme, name="write_programme"),
    path("programmes/<slug:programme_slug>/courses/", assigning.change_places, name="change_places"),
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
    path("write/", include(write_urls)),
]
