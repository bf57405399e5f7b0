"""The video of a lesson and its captions, for those who may open the course."""

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import IO

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from coe_portal.core.http import PortalRequest
from training.models import Lesson
from training.permissions import may_author

TYPES = {".mp4": "video/mp4", ".webm": "video/webm"}
CHUNK = 64 * 1024


def _lesson_or_404(request: PortalRequest, lesson_id: int) -> Lesson:
    """Of a course for the reader's audience that is or was published; authors see drafts too."""
    lessons = Lesson.objects.filter(kind=Lesson.Kind.VIDEO).select_related("version__course")
    lesson = get_object_or_404(lessons, pk=lesson_id)
    course = lesson.version.course
    readable = lesson.version.published_at is not None and course.audience_id in request.user.access.audience_ids
    if not (readable or may_author(request.user)):
        raise Http404
    return lesson


@require_safe
def captions(request: PortalRequest, lesson_id: int) -> HttpResponse:
    return HttpResponse(_lesson_or_404(request, lesson_id).captions, content_type="text/vtt; charset=utf-8")


@require_safe
def video(request: PortalRequest, lesson_id: int) -> HttpResponseBase:
    file: FieldFile = _lesson_or_404(request, lesson_id).video
    kind = TYPES.get(PurePath(str(file)).suffix.lower(), "application/octet-stream")
    asked = _asked_range(request.headers.get("Range", ""), file.size)
    response = _part(file, *asked, kind) if asked else FileResponse(file.open("rb"), content_type=kind)
    response["Accept-Ranges"] = "bytes"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _asked_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a single range; anything else gets the whole file, as HTTP allows."""
    match = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", header.strip())
    if not match or not any(match.groups()):
        return None
    first, last = match.groups()
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last), size - 1) if first and last else size - 1
    return (start, end) if start <= end else None


def _part(file: FieldFile, start: int, end: int, kind: str) -> StreamingHttpResponse:
    """Browsers that seek in a video ask for parts; Safari plays nothing without."""
    response = StreamingHttpResponse(_bytes(file.open("rb").file, start, end), status=206, content_type=kind)
    response["Content-Range"] = f"bytes {start}-{end}/{file.size}"
    response["Content-Length"] = str(end - start + 1)
    return response


def _bytes(file: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        left = end - start + 1
        while left > 0 and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
