from metrics.collection.urls import urlpatterns as collection
from metrics.imports.urls import urlpatterns as imports
from metrics.standing.urls import urlpatterns as standing

app_name = "metrics"
urlpatterns = [*collection, *imports, *standing]
