from django.urls import path

from feedback.views import answers, asking, categories, forum, moderation, reading, stories, writing

app_name = "feedback"

topic = "topics/<int:topic_id>/"
post = "posts/<int:post_id>/"
story = "stories/<int:story_id>/"

urlpatterns = [
    path("", forum.index, name="index"),
    path("ask/", asking.ask, name="ask"),
    path("ask/suggestions/", asking.suggestions, name="suggestions"),
    path("ask/opened/", asking.opened, name="opened"),
    path("ask/helped/", asking.helped, name="helped"),
    path("waiting/", answers.waiting, name="waiting"),
    path("review/", moderation.review, name="review"),
    path("drafts/<slug:form>/", writing.keep_draft, name="draft"),
    path("drafts/<slug:form>/<int:about_id>/", writing.keep_draft, name="draft_about"),
    path("drafts/<slug:form>/<int:about_id>/drop/", writing.drop_draft, name="drop_draft_about"),
    path("drafts/<slug:form>/drop/", writing.drop_draft, name="drop_draft"),
    path("topics/", forum.topics, name="topics"),
    path(topic, forum.topic, name="topic"),
    path(f"{topic}reply/", writing.reply, name="reply"),
    path(f"{topic}follow/", reading.follow, name="follow"),
    path(f"{topic}claim/", answers.claim, name="claim"),
    path(f"{topic}withdraw-answer/", answers.withdraw_answer, name="withdraw_answer"),
    path(f"{topic}verify/", answers.verify, name="verify"),
    path(f"{topic}duplicate/", answers.duplicate, name="duplicate"),
    path(f"{topic}pin/", moderation.pin, name="pin"),
    path(f"{topic}lock/", moderation.lock, name="lock"),
    path(f"{topic}move/", moderation.move, name="move"),
    path(post, forum.post, name="post"),
    path(f"{post}edit/", writing.edit, name="edit"),
    path(f"{post}history/", writing.history, name="history"),
    path(f"{post}helpful/", reading.helpful, name="helpful"),
    path(f"{post}accept/", answers.accept, name="accept"),
    path(f"{post}flag/", moderation.flag, name="flag"),
    path(f"{post}flags/", moderation.decide_flags, name="decide_flags"),
    path(f"{post}remove/", moderation.remove, name="remove"),
    path(f"{post}restore/", moderation.restore, name="restore"),
    path("holds/<int:hold_id>/release/", moderation.release, name="release"),
    path("holds/<int:hold_id>/refuse/", moderation.refuse, name="refuse"),
    path("stories/", stories.index, name="stories"),
    path("stories/board/", stories.board, name="board"),
    path("stories/new/", stories.hand_in, name="hand_in"),
    path(story, stories.story, name="story"),
    path(f"{story}move/", stories.move, name="move_story"),
    path(f"{story}authorisation/", stories.authorise, name="authorise"),
    path("stories/authorisations/<int:authorisation_id>/revoke/", stories.revoke, name="revoke"),
    path("categories/", categories.index, name="categories"),
    path("categories/new/", categories.new, name="new_category"),
    path("categories/<int:category_id>/", categories.change, name="change_category"),
    path("<slug:category_slug>/", forum.category, name="category"),
    path("<slug:category_slug>/new/", writing.start, name="start"),
]
