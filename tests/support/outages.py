"""A service of AWS that the function finds down, in this or that way, until it comes back."""

import os

from parts import Parts

from handler import app
from local.aws.troubles import Drop, Error

REFUSED = "refused connections"
HOWS = {
    "500": Error("InternalServerError", 500),
    "503": Error("ServiceUnavailable", 503),
    "no answer": Drop(),
    REFUSED: None,
}
CLAIM = {"after": "TransactWriteItems", "containing": "state#fleet"}
_NOWHERE = "http://127.0.0.1:9"
_ENDPOINTS = {
    "dynamodb": "AWS_ENDPOINT_URL_DYNAMODB",
    "sns": "AWS_ENDPOINT_URL_SNS",
    "ssm": "AWS_ENDPOINT_URL_SSM",
    "secretsmanager": "AWS_ENDPOINT_URL_SECRETS_MANAGER",
    "sqs": "AWS_ENDPOINT_URL_SQS",
    "lambda": "AWS_ENDPOINT_URL_LAMBDA",
}


class PartsBehind(Parts):
    """Parts whose AWS stands behind a proxy, and the services of it that can be down."""

    def __init__(self, aws, emulator, proxy):
        super().__init__(aws, emulator, proxy.endpoint)
        self.proxy = proxy

    def __exit__(self, *what):
        super().__exit__(*what)
        self.proxy.clear()

    def take_down(self, service, how="503", **since):
        """Let a service be down for the function; tests reach it as ever."""
        if how == REFUSED:
            os.environ[_ENDPOINTS[service]] = _NOWHERE
            app.adapters.cache_clear()
        else:
            self.proxy.take_down(service, HOWS[how], **since)

    def bring_back(self, service):
        self.proxy.bring_back(service)
        if os.environ.pop(_ENDPOINTS[service], None):
            app.adapters.cache_clear()

    def forget(self):
        """Let the function begin anew, as in a new environment: nothing is cached."""
        app.adapters.cache_clear()

    def asked(self, operation):
        """How often the function has called an operation."""
        return sum(call.operation == operation for call in self.proxy.calls)
