"""Shows the browser an answer of Django's test client: of a page about something that is there for the moment only."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from playwright.sync_api import Browser, Page, Route

ADDRESS = "http://localhost"


class Shown:
    """One tab. What a page fetches by itself besides its styles and scripts it does not get."""

    def __init__(self, browser: Browser, **options: Any) -> None:
        context = browser.new_context(base_url=ADDRESS, **options)
        context.route(f"{ADDRESS}/**", self._answer)
        self.page: Page = context.new_page()
        self._response = HttpResponse()
        self._url = ""

    def show(self, url: str, response: HttpResponse) -> None:
        self._url, self._response = f"{ADDRESS}{url}", response
        self.page.goto(url)
        self.page.evaluate("document.fonts.ready.then(() => true)")

    def _answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith(settings.STATIC_URL):
            route.fulfill(path=finders.find(path.removeprefix(settings.STATIC_URL)))
        elif route.request.url == self._url and route.request.method == "GET":
            headers = dict(self._response.headers)
            route.fulfill(status=self._response.status_code, headers=headers, body=self._response.content)
        else:
            route.abort()
