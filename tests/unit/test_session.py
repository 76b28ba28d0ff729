"""The session of the functions: what its clients know, where they ask, and whom they believe."""

import ast

import boto3
import pytest
from botocore import xform_name
from botocore.exceptions import BotoCoreError
from places import ROOT

from handler.aws.session import make_session
from local.generated.authorities import AMAZONS
from local.generated.models import OPERATIONS

# A region of each partition, one that everybody has, and two that nobody has listed yet.
REGIONS = (
    "us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1", "us-iso-east-1", "us-isob-east-1",
    "eusc-de-east-1", "eu-west-99", "mars-north-1",
)  # fmt: skip


@pytest.fixture
def environ(monkeypatch, tmp_path):
    """Sets environment variables, for botocore as for the session; a key is there."""

    def put(**variables):
        given = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", **variables}
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        return given

    for name in ("REQUESTS_CA_BUNDLE", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return put


def authorities(environ, **variables):
    """Whom a client believes: a file, or True for all that botocore does."""
    client = make_session(environ(**variables)).client("ssm")
    return client._endpoint.http_session._verify


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "eu-west-99"])
def test_amazons_authorities_are_believed_alone_where_they_have_signed_all(environ, region):
    assert authorities(environ, AWS_REGION=region, AWS_DEFAULT_REGION=region) == str(AMAZONS)


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1", "us-iso-east-1", "mars-north-1"])
def test_all_authorities_are_believed_elsewhere(environ, region):
    assert authorities(environ, AWS_DEFAULT_REGION=region) is True


@pytest.mark.parametrize(
    "name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SSM", "HTTPS_PROXY", "https_proxy"]
)
def test_all_authorities_are_believed_by_who_may_ask_somebody_else(environ, name):
    """A gateway within a company, say, with a certificate of any authority."""
    assert (
        authorities(environ, AWS_DEFAULT_REGION="us-east-1", **{name: "https://aws.example"})
        is True
    )


@pytest.mark.parametrize("name", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
def test_authorities_that_somebody_has_set_are_believed(environ, name):
    """Both are botocore's own variables."""
    assert authorities(environ, AWS_DEFAULT_REGION="us-east-1", **{name: "/own.pem"}) == "/own.pem"


def test_a_configuration_file_says_whom_to_believe(environ, tmp_path):
    config = tmp_path / "config"
    config.write_text("[default]\nca_bundle = /own.pem\n")
    said = authorities(environ, AWS_DEFAULT_REGION="us-east-1", AWS_CONFIG_FILE=str(config))
    assert said == "/own.pem"


@pytest.fixture(scope="module")
def sessions():
    """Ours, and one of botocore's own: it reads each model once."""
    return make_session({}), boto3.Session()


@pytest.mark.parametrize("name", ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT", ""])
@pytest.mark.parametrize("region", REGIONS)
def test_its_clients_ask_where_botocores_own_do(environ, sessions, region, name):
    environ(**({name: "true"} if name else {}))
    for service in OPERATIONS:
        ours, botocores = (told(session, service, region) for session in sessions)
        assert ours == botocores


def told(session, service, region):
    """Where a client asks and how it signs, or why there is none."""
    try:
        client = session.client(service, region)
    except BotoCoreError as err:
        return repr(err)
    meta = client.meta
    asked = client._ruleset_resolver._builtins.items()  # what its rules are asked with at each call
    rules = {name: one for name, one in asked if not callable(one)}
    return meta.endpoint_url, meta.partition, meta.service_model.signing_name, rules


CLIENTS = ("self._client", "self._parameters.client")


def calls():
    """Methods of clients that the code calls, but for those that Powertools calls for it."""
    for path in (ROOT / "src" / "handler").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) in CLIENTS:
                yield node.attr


def test_what_the_code_calls_is_known_and_nothing_else_is():
    powertools = {"get_parameters_by_path", "get_secret_value"}
    known = {xform_name(one) for operations in OPERATIONS.values() for one in operations}
    assert {*calls()} | powertools == known


@pytest.mark.parametrize(("service", "operations"), OPERATIONS.items())
def test_a_client_has_the_operations_that_are_called_and_no_other(environ, service, operations):
    """Who calls another one hears it in the first test, and not from AWS."""
    client = make_session(environ(AWS_DEFAULT_REGION="us-east-1")).client(service)
    assert set(client.meta.service_model.operation_names) == set(operations)
    assert not hasattr(client, "list_tags_of_resource")


def test_what_is_not_in_our_models_is_taken_from_botocore(environ):
    """Lambda's botocore changes without us, and may want more: pages are such a thing already."""
    client = make_session(environ(AWS_DEFAULT_REGION="us-east-1")).client("ssm")
    assert client.can_paginate("get_parameters_by_path")
