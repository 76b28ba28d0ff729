"""A subscriber to a topic, over HTTP: it receives what a person would read."""

import json
import queue
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class Message:
    """A notification as it arrived."""

    subject: str
    text: str
    attributes: dict[str, str]


class Subscriber:
    """Listens on a loopback port and confirms its own subscription."""

    def __init__(self, sns: Any, topic_arn: str) -> None:
        self._sns = sns
        self._topic_arn = topic_arn
        self._arrived: queue.Queue[Message] = queue.Queue()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        url = f"http://127.0.0.1:{self._server.server_port}"
        self._sns.subscribe(TopicArn=self._topic_arn, Protocol="http", Endpoint=url)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def next(self, within_s: float) -> Message:
        """The next notification.

        Raises:
            TimeoutError: none came in time.
        """
        try:
            return self._arrived.get(timeout=within_s)
        except queue.Empty:
            raise TimeoutError(f"no notification came within {within_s:.0f} s") from None

    def _take(self, envelope: dict[str, Any]) -> None:
        if envelope["Type"] == "SubscriptionConfirmation":
            self._sns.confirm_subscription(TopicArn=self._topic_arn, Token=envelope["Token"])
            return
        attributes = envelope.get("MessageAttributes", {})
        values = {name: one["Value"] for name, one in attributes.items()}
        self._arrived.put(Message(envelope["Subject"], envelope["Message"], values))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        take = self._take

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                self.send_response(204)
                self.end_headers()
                take(json.loads(body))

            def log_message(self, *_: object) -> None:
                """Stay silent."""

        return Handler
