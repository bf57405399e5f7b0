from feedback.models.asking import Opened, QuestionStart
from feedback.models.forum import POSTS_A_PAGE, RESERVED_SLUGS, Category, Post, PostEdit, Reaction, Topic
from feedback.models.moderation import Flag, Hold
from feedback.models.reading import Draft, Follow, ReadMark
from feedback.models.stories import NEXT, Authorisation, Story, StoryMove

__all__ = [
    "NEXT",
    "POSTS_A_PAGE",
    "RESERVED_SLUGS",
    "Authorisation",
    "Category",
    "Draft",
    "Flag",
    "Follow",
    "Hold",
    "Opened",
    "Post",
    "PostEdit",
    "QuestionStart",
    "Reaction",
    "ReadMark",
    "Story",
    "StoryMove",
    "Topic",
]
