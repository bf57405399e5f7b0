"""PDF that a screen reader can read: typst, held to PDF/UA-1, with the fonts it brings along."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings


def typeset(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF of `templates/TEMPLATE`, which reads `data` with `json(bytes(sys.inputs.data))`.

    A chart goes in as the text of its SVG: `image(bytes(data.chart), format: "svg", alt: ...)`. `at` is the date of
    the document; the same input gives the same bytes on every machine. Raises typst.TypstError where the document is
    not PDF/UA-1, such as a picture without an alternative text.
    """
    # Imported at the first call: a process that is forked after its parent used typst hangs in it for ever.
    import typst

    return typst.compile(
        settings.BASE_DIR / "templates" / template,
        format="pdf",
        sys_inputs={"data": json.dumps(data)},
        pdf_standards="ua-1",
        ignore_system_fonts=True,
        timestamp=int(at.timestamp()),
    )
