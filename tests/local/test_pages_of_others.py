"""A web page of somebody else, in the browser of this machine, does nothing to what runs here."""

import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from browser import browser

from local.browsers import is_for_a_page
from local.dws import Emulator
from local.inbox import Mailbox

# Who asks


def asks(host="127.0.0.1:4566", **headers):
    return is_for_a_page({"host": host, **headers}.get)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:4566", "localhost:4566", "LOCALHOST", "[::1]:80", "bucket.localhost:4566", "127.0.0.2"],
)  # fmt: skip
def test_a_tool_that_asks_for_this_machine_is_no_page(host):
    assert not asks(host)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:4566", "127.0.0.1.evil.example", "localhost.evil.example",
     "evil-localhost", "127.evil.example", "10.0.0.1", "127.0.0.1@evil.example", ""],
)  # fmt: skip
def test_a_name_that_somebody_lets_point_here_is_a_pages(host):
    assert asks(host)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:4566"])
def test_whatever_has_an_origin_is_a_pages(origin):
    assert asks(origin=origin)


@pytest.mark.parametrize(
    ("site", "is_pages"),
    [("cross-site", True), ("same-site", True), ("none", False), ("same-origin", False)],
)
def test_what_a_person_opens_is_no_pages_and_where_another_leads_is(site, is_pages):
    assert asks(**{"sec-fetch-site": site}) == is_pages


def test_a_tool_of_old_that_names_no_host_is_no_page():
    assert not is_for_a_page({}.get)


# What a page does


class Elsewhere:
    """A web site of somebody else; its pages are what a test says."""

    def __enter__(self):
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(site.page.encode())

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def post(self, url, body, kind):
        """Have a browser show a page that posts, in every way that needs nobody's leave."""
        given = json.dumps({"method": "POST", "body": body, "headers": {"Content-Type": kind}})
        self.page = f"""<script>
            const given = {given}
            const tried = ["no-cors", "cors"].map(mode => fetch({url!r}, {{...given, mode}}))
            Promise.allSettled(tried).then(() => document.title = "done")</script>"""
        with browser() as chromium:
            page = chromium.new_page()
            page.goto(f"http://localhost:{self._server.server_port}/")
            page.wait_for_function("document.title == 'done'")


@pytest.fixture
def elsewhere():
    with Elsewhere() as site:
        yield site


SIGNED = (
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test%2F20260115%2Fus-east-1%2Fiam%2F"
    "aws4_request&X-Amz-Date=20260115T000000Z&X-Amz-Expires=604800&X-Amz-SignedHeaders=host"
    "&X-Amz-Signature=00"
)


def test_a_page_makes_nothing_in_the_embedded_aws(aws, elsewhere):
    name = f"r-{uuid.uuid4().hex[:8]}"
    body = f"Action=CreateRole&Version=2010-05-08&RoleName={name}&AssumeRolePolicyDocument={{}}"
    elsewhere.post(f"{aws.endpoint}/?{SIGNED}", body, "application/x-www-form-urlencoded")
    roles = aws.client("iam").get_paginator("list_roles").paginate()
    assert name not in [role["RoleName"] for page in roles for role in page["Roles"]]


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"}], ids=str
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_the_embedded_aws_refuses_a_page_and_gives_it_nothing_to_read(aws, headers, method):
    answer = httpx.request(method, f"{aws.endpoint}/_ministack/health", headers=headers)
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_link_that_a_person_opens_makes_nothing_in_the_embedded_aws(aws):
    name = f"r-{uuid.uuid4().hex[:8]}"
    order = f"Action=CreateRole&Version=2010-05-08&RoleName={name}&AssumeRolePolicyDocument={{}}"
    with browser() as chromium:
        answer = chromium.new_page().goto(f"{aws.endpoint}/?{SIGNED}&{order}")
    roles = aws.client("iam").get_paginator("list_roles").paginate()
    assert answer.status == 403
    assert name not in [role["RoleName"] for page in roles for role in page["Roles"]]


def test_a_browser_of_years_ago_is_one_by_its_name(aws):
    of_old = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:60.0) Gecko/20100101 Firefox/60.0"}
    assert httpx.get(f"{aws.endpoint}/_ministack/health", headers=of_old).status_code == 403


def test_the_embedded_aws_opens_no_socket_for_a_page(aws):
    headers = {
        "Origin": "https://evil.example", "Connection": "Upgrade", "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }  # fmt: skip
    assert httpx.get(f"{aws.endpoint}/", headers=headers).status_code == 403


def test_a_page_writes_no_mail_into_the_inbox(elsewhere):
    mail = {"Type": "Notification", "TopicArn": "arn:aws:sns:us-east-1:0:t", "Message": "forged"}
    with Mailbox(None) as mailbox:
        elsewhere.post(f"{mailbox.url}/", json.dumps(mail), "text/plain")
        assert mailbox.mails == []


def test_nobodys_name_for_this_machine_shows_the_mails():
    with Mailbox(None) as mailbox:
        answer = httpx.get(mailbox.url, headers={"Host": "evil.example"})
    assert answer.status_code == 403


def test_a_person_can_open_the_inbox_and_it_loads_itself_again():
    with Mailbox(None) as mailbox, browser() as chromium:
        page = chromium.new_page()
        page.goto(mailbox.url)
        assert page.title() == "Inbox (0)"
        with page.expect_navigation(timeout=20_000) as again:
            pass
        assert again.value.status == 200


def test_a_page_breaks_nothing_at_the_emulated_provider(elsewhere):
    with Emulator() as emulator:
        elsewhere.post(f"{emulator.url}/_emulator/break-production", "{}", "text/plain")
        assert all(cluster.is_alive for cluster in emulator.pair.clusters)


def test_a_page_orders_nothing_at_the_emulated_provider_by_a_name_of_its_own():
    with Emulator() as emulator:
        order = f"{emulator.url}/v2/{emulator.project_id}/disaster-recovery/{emulator.pair.id}"
        own = {"Host": "evil.example", "Origin": "http://evil.example"}
        headers = {**own, "X-Auth-Token": emulator.issue_token()}
        answer = httpx.post(f"{order}/failover", headers=headers)
        assert (answer.status_code, [*emulator.journal]) == (403, [])
