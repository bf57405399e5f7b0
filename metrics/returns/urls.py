from django.urls import path

from metrics.returns import entry, views

urlpatterns = [
    path("returns/", views.returns, name="returns"),
    path("returns/formula/", views.formula, name="formula"),
    path("returns/campaigns/add/", entry.campaign_add, name="campaign_add"),
    path("returns/campaigns/<int:campaign_id>/", views.campaign, name="campaign"),
    path("returns/campaigns/<int:campaign_id>/change/", entry.campaign_change, name="campaign_change"),
    path("returns/activities/", views.activities, name="activities"),
    path("returns/activities/add/", entry.activity_add, name="activity_add"),
    path("returns/activities/<int:activity_id>/", entry.activity_change, name="activity_change"),
    path("returns/outcomes/", views.outcomes, name="outcomes"),
    path("returns/outcomes/add/", entry.outcome_add, name="outcome_add"),
    path("returns/outcomes/import/", entry.outcome_import, name="outcome_import"),
    path("returns/values/", views.values, name="values"),
    path("returns/values/add/", entry.value_add, name="value_add"),
    path("returns/assumptions/", views.assumptions, name="assumptions"),
    path("returns/assumptions/add/", entry.assumption_add, name="assumption_add"),
    path("goals/add/", entry.goal_add, name="goal_add"),
    path("goals/<int:goal_id>/target/", entry.target_move, name="target_move"),
]
