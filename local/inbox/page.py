"""Mails as a page: the newest first, each with its text as a mail client shows it. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final

_EVERY_S: Final = 5
_STYLE: Final = """\
:root { color-scheme: light dark; --page: #eef1f5; --card: #fff; --ink: #1a2330; --soft: #566274;
  --line: #d5dbe3; --critical: #b3201b; --warning: #8a5300; --info: #1d5ea8; }
@media (prefers-color-scheme: dark) { :root { --page: #12171e; --card: #1a212a; --ink: #e4e9f0;
  --soft: #a3afbf; --line: #323c49; --critical: #ff9d96; --warning: #f3c06b; --info: #93c1f5; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 56rem; padding: 1.5rem 1rem 4rem; background: var(--page);
  color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
h1 { font-size: 1.4rem; margin: 0 0 1rem; }
h1 small { font-size: .9rem; font-weight: 400; color: var(--soft); }
article { background: var(--card); border: 1px solid var(--line);
  border-left: 5px solid var(--soft); border-radius: 8px; margin: 0 0 1rem; padding: .9rem 1.1rem; }
h2 { font-size: 1.02rem; line-height: 1.35; margin: 0; overflow-wrap: anywhere; }
p { margin: .15rem 0 .8rem; color: var(--soft); font-size: .87rem; overflow-wrap: anywhere; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; font-size: .94rem; }
.critical { border-left-color: var(--critical); } .warning { border-left-color: var(--warning); }
.info { border-left-color: var(--info); }
.critical h2 { color: var(--critical); } .warning h2 { color: var(--warning); }
"""
_SEVERITIES: Final = ("critical", "warning", "info")


@dataclass(frozen=True)
class Mail:
    """A notification as it arrived.

    Attributes:
        subject: the mail's.
        text: the mail's.
        attributes: of the message.
        topic: the name of the topic that sent it.
        at: when it came.
    """

    subject: str
    text: str
    attributes: Mapping[str, str]
    topic: str
    at: datetime


def page(mails: Iterable[Mail]) -> str:
    """All mails; it loads itself again every few seconds."""
    newest = sorted(mails, key=lambda mail: mail.at, reverse=True)
    count = "1 mail" if len(newest) == 1 else f"{len(newest)} mails"
    return "\n".join([
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="refresh" content="{_EVERY_S}">',
        f"<title>Inbox ({len(newest)})</title><style>{_STYLE}</style></head><body>",
        f"<h1>Inbox <small>{count}, the newest first</small></h1>",
        *(part for mail in newest for part in _mail(mail)),
        *([] if newest else ["<p>Nothing has come yet.</p>"]),
        "</body></html>",
        "",
    ])  # fmt: skip


def _mail(mail: Mail) -> Iterator[str]:
    said = mail.attributes.get("severity", "")
    severity = said if said in _SEVERITIES else "none"
    yield f'<article class="{severity}"><h2>{escape(mail.subject)}</h2>'
    yield f"<p>{mail.at:%Y-%m-%d %H:%M:%S} UTC · from topic {escape(mail.topic)}</p>"
    yield f"<pre>{escape(mail.text)}</pre></article>"
