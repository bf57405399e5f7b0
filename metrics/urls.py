from metrics.standing.urls import urlpatterns as standing

app_name = "metrics"
urlpatterns = [*standing]
