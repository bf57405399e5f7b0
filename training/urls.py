from django.urls import include, path

from training.views import learning, media, quizzes

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

urlpatterns = [
    path("", learning.index, name="index"),
    path("courses/", learning.catalogue, name="catalogue"),
    path("courses/<slug:course_slug>/", include(course_urls)),
    path("programmes/<slug:programme_slug>/", learning.programme, name="programme"),
    path("lessons/<int:lesson_id>/video", media.video, name="video"),
    path("lessons/<int:lesson_id>/captions.vtt", media.captions, name="captions"),
    path("attempts/<int:attempt_id>/", include(attempt_urls)),
]
