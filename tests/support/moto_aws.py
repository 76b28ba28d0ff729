"""A second implementation of the services that the function uses: moto, as a server.

It enforces no IAM and runs no functions. What one emulator hides, the other may show: of DynamoDB,
SNS, SQS, SSM and Secrets Manager.
"""

import os
import signal
import sys
import threading

from local.aws import EmbeddedAws
from local.aws.embedded import ACCOUNT


class MotoAws(EmbeddedAws):
    """moto's server, of the same account and spoken to in the same way."""

    def _command(self):
        return [sys.executable, __file__, str(self.port)]


def serve(port):
    """Answer until whoever started us is gone."""
    from moto.server import main  # it changes botocore: in the process of its own only

    os.environ["MOTO_ACCOUNT_ID"] = ACCOUNT
    threading.Thread(target=_end_with_parent, daemon=True).start()
    main(["-H", "127.0.0.1", "-p", port])


def _end_with_parent():
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    serve(sys.argv[1])
