"""The mails that topics of an embedded AWS send, received and shown as a page."""

from local.inbox.mailbox import Mailbox
from local.inbox.page import Mail

__all__ = ["Mail", "Mailbox"]
