"""SMN's function URL in this process."""

import json
from datetime import UTC, datetime

from handler.smn import web
from handler.smn.app import respond
from handler.smn.certificates import Certificates
from handler.smn.ingress import Ingress
from local.smn import TOPIC


class Url:
    """The function URL, and what has been handed on."""

    def __init__(self, topics=(TOPIC,), forward=None, now=None):
        self.forwarded = []
        self.now = now or datetime.now(UTC)
        self._ingress = Ingress(
            topics=frozenset(topics),
            certificates=Certificates(web.fetch),
            confirm=web.confirm,
            forward=forward or self._forward,
            clock=lambda: self.now,
        )

    def _forward(self, event):
        self.forwarded.append(event)
        return True

    def post(self, message):
        body = message if isinstance(message, str) else json.dumps(message)
        return self.answer({"version": "2.0", "body": body, "isBase64Encoded": False})

    def answer(self, event):
        """What a whole event is answered, as Lambda hands it on."""
        answer = respond(event, self._ingress)
        return answer["statusCode"], json.loads(answer["body"])["result"]
