from metrics.collection.urls import urlpatterns as collection
from metrics.dashboards.urls import urlpatterns as dashboards
from metrics.executive.urls import urlpatterns as executive
from metrics.imports.urls import urlpatterns as imports
from metrics.returns.urls import urlpatterns as returns
from metrics.standing.urls import urlpatterns as standing

app_name = "metrics"
urlpatterns = [*collection, *dashboards, *executive, *imports, *returns, *standing]
