import json

import pytest
from places import SIGNING_VECTORS

from handler.dws.signing import sign

VECTORS = json.loads(SIGNING_VECTORS.read_text())["vectors"]


def signed(vector, **changes):
    given = {**vector, **changes}
    headers = dict(given["headers_out"])
    headers.pop("X-Sdk-Content-Sha256", None)  # the signer adds it by itself
    date = headers["X-Sdk-Date"][:8]
    derived = given.get("derived")
    scope = f"{date}/{derived['region']}/{derived['service']}" if derived else None
    body = (given["body"] or "").encode()
    key = (given["ak"], given["sk"])
    return sign(given["method"], given["request_uri"], headers, body, key, scope)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_official_signers_vectors_are_reproduced(vector):
    assert signed(vector).authorization == vector["authorization"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
@pytest.mark.parametrize(
    "change", [{"sk": "other"}, {"method": "PATCH"}, {"request_uri": "/other"}]
)
def test_another_request_or_key_has_another_signature(vector, change):
    assert signed(vector, **change).authorization != vector["authorization"]
