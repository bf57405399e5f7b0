"""What is taught, and the record of who learnt it."""

from training.models.content import Choice, Lesson, Module, Question, Step
from training.models.courses import Course, CourseVersion, Programme, ProgrammeCourse
from training.models.quizzes import Answer, Attempt
from training.models.records import Assignment, Certificate, Completion, Enrolment, LessonDone

__all__ = [
    "Answer",
    "Assignment",
    "Attempt",
    "Certificate",
    "Choice",
    "Completion",
    "Course",
    "CourseVersion",
    "Enrolment",
    "Lesson",
    "LessonDone",
    "Module",
    "Programme",
    "ProgrammeCourse",
    "Question",
    "Step",
]
