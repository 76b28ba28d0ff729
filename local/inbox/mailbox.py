"""A subscriber to topics, over HTTP on loopback: what a person gets by mail, and a page of it."""

import json
import queue
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Self

from local.browsers import is_for_a_page
from local.inbox.page import Mail, page

_CONFIRMED_WITHIN_S: Final = 20.0
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


class Mailbox:
    """Listens on a loopback port, confirms its own subscriptions, and shows what has come.

    SNS sends to an HTTP subscriber the text that it sends to an e-mail address, unless a message
    has another for `http`; none of ours has.
    """

    def __init__(self, sns: Any, port: int = 0) -> None:
        self._sns = sns
        self._lock = threading.Lock()
        self._mails: list[Mail] = []
        self._confirmed: dict[str, threading.Event] = {}
        self._arrived: queue.Queue[Mail] = queue.Queue()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def mails(self) -> list[Mail]:
        """All that has come, the oldest first."""
        with self._lock:
            return list(self._mails)

    def subscribe(self, topic_arn: str) -> None:
        """Receive what a topic sends from now on, once that is confirmed.

        Raises:
            TimeoutError: the topic has not asked for the confirmation in time.
        """
        confirmed = self._confirmed.setdefault(topic_arn, threading.Event())
        self._sns.subscribe(TopicArn=topic_arn, Protocol="http", Endpoint=f"{self.url}/")
        if not confirmed.wait(_CONFIRMED_WITHIN_S):
            raise TimeoutError(f"the subscription to {topic_arn} was not confirmed")

    def next(self, within_s: float) -> Mail:
        """The next mail, of whichever topic.

        Raises:
            TimeoutError: none came in time.
        """
        try:
            return self._arrived.get(timeout=within_s)
        except queue.Empty:
            raise TimeoutError(f"no notification came within {within_s:.0f} s") from None

    def _take(self, envelope: dict[str, Any]) -> None:
        if envelope["Type"] == "SubscriptionConfirmation":
            arn, token = envelope["TopicArn"], envelope["Token"]
            self._sns.confirm_subscription(TopicArn=arn, Token=token)
            self._confirmed[arn].set()
            return
        attributes = envelope.get("MessageAttributes") or {}
        mail = Mail(
            subject=envelope.get("Subject") or "AWS Notification Message",
            text=envelope["Message"],
            attributes={name: one["Value"] for name, one in attributes.items()},
            topic=envelope["TopicArn"].rpartition(":")[2],
            at=datetime.now(UTC),
        )
        with self._lock:
            self._mails.append(mail)
        self._arrived.put(mail)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        mailbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                if is_for_a_page(self.headers.get):
                    self.send_error(403)
                    return
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(204)
                self.end_headers()
                mailbox._take(json.loads(body))

            def do_GET(self) -> None:
                if is_for_a_page(self.headers.get):
                    self.send_error(403)
                    return
                if self.path != "/":
                    self.send_error(404)
                    return
                body = page(mailbox.mails).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Security-Policy", _POLICY)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Stay silent."""

        return Handler
