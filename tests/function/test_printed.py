"""A printed command, pasted into a shell as it stands: what leaves the machine is the command."""

import json
import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from places import ROOT

from handler.notifications.command_lines import Address, command_lines

HERE = Address("failover-function", "eu-central-1")
COMMANDS = [
    {"command": "status"},
    {"command": "pause", "pair": "sales", "until": "2026-01-15T09:30:00Z", "reason": "<why>"},
    {"command": "status", "pair": """it's "$(touch pwned)" `touch pwned` \\n \x7f é %s"""},
]


class Function(BaseHTTPRequestHandler):
    """Lambda's door on this machine: notes who is invoked, with what."""

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        self.server.seen.append((self.path, json.loads(self.rfile.read(length))))
        answer = b'{"decision": "status"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


@pytest.fixture
def door():
    with HTTPServer(("127.0.0.1", 0), Function) as server:
        server.seen = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def environment(door, folder):
    """Version 1 of the AWS CLI, and an endpoint on this machine."""
    return {
        "PATH": f"{ROOT / '.venv-sam' / 'bin'}:{os.environ['PATH']}",
        "HOME": str(folder),
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{door.server_port}",
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
    }


@pytest.mark.parametrize("command", COMMANDS, ids=["plain", "pause", "hostile"])
def test_the_second_line_sends_its_command_by_version_1_of_the_cli(door, tmp_path, command):
    _, line = command_lines(json.dumps(command), HERE)
    ran = subprocess.run(
        ["sh", "-c", line], cwd=tmp_path, env=environment(door, tmp_path), capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith('{"decision": "status"}')
    assert door.seen == [("/2015-03-31/functions/failover-function/invocations", command)]
    assert list(tmp_path.glob("pwned")) == []


@pytest.mark.parametrize("command", COMMANDS, ids=["plain", "pause", "hostile"])
def test_the_first_line_is_words_for_the_tool_and_nothing_else(tmp_path, command):
    """A shell hands each word over as it is; whatever is in a name does nothing here."""
    tool, _ = command_lines(json.dumps(command), HERE)
    shown = 'failoverctl() { printf "%s\\n" "$@"; }; '
    ran = subprocess.run(
        ["sh", "-c", shown + tool], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    words = ran.stdout.splitlines()
    assert words[0] == command["command"]
    assert words[-4:] == ["--function", HERE.function, "--region", HERE.region]
    assert list(tmp_path.iterdir()) == []
