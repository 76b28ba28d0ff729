"""What a browser sends for a web page: the servers of this machine answer its tools and people.

A page of anybody may have the browser post to a port of this machine, and may come from a name that
its owner lets point here. The browser says so, in headers that no page can leave out.
"""

import re
from collections.abc import Callable
from typing import Final

# A function's URL has a name of AWS's, which nobody else can let point here.
_HERE: Final = re.compile(
    r"(127(\.\d{1,3}){3}|\[::1\]|([a-z0-9-]+\.)*localhost|[a-z0-9]+\.lambda-url\.[a-z0-9-]+\.on\.aws)"
    r"(:\d+)?",
    re.ASCII | re.IGNORECASE,
)
_OF_A_PERSON: Final = (None, "none", "same-origin")


def is_sent_by_a_page(header: Callable[[str], str | None]) -> bool:
    """Whether a page has a browser send this, and no person; `header` knows names in small letters.

    A page of the same origin says so, too, wherever it posts.
    """
    return header("origin") is not None or header("sec-fetch-site") not in _OF_A_PERSON


def is_for_a_page(header: Callable[[str], str | None]) -> bool:
    """The same, or it is for a name that may be a page's, which could then read the answer."""
    host = header("host")
    return is_sent_by_a_page(header) or (host is not None and not _HERE.fullmatch(host))


def is_from_a_browser(header: Callable[[str], str | None]) -> bool:
    """The same, or any browser sends it: a link that a person opens may lead anywhere."""
    marked = header("sec-fetch-site") or (header("user-agent") or "").startswith("Mozilla/")
    return bool(marked) or is_for_a_page(header)
