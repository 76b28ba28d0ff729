"""What is written once and shipped is what it would be if it were written now: `make generated`."""

import contextlib
import ssl

import pytest
from certificates import loopback_tls, signed_in_the_name_of

from handler.dws.authorities import tls
from local.generated import authorities, models, validators


def shipped(folder, pattern="*"):
    found = (path for path in folder.rglob(pattern) if path.is_file())
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in found}


def test_the_models_are_the_installed_botocores_cut():
    assert shipped(models.FOLDER) == models.files()


def test_the_checks_of_schemas_are_those_of_the_schemas():
    written = shipped(validators.FOLDER, "[a-z]*.py")
    assert written == validators.files()


def test_the_authorities_are_certifis():
    assert sorted(shipped(authorities.BY_HASH).values()) == authorities.authorities()
    assert authorities.AMAZONS.read_text() == authorities.amazons()


def test_amazons_are_the_five_roots_that_it_says_to_believe():
    """Amazon Trust Services, "Trust store and pinning recommendations"."""
    names = [line for line in authorities.amazons().splitlines() if line.startswith("#")]
    assert [name.split("CN=")[1].split(" O=")[0] for name in names] == [
        "Amazon Root CA 1", "Amazon Root CA 2", "Amazon Root CA 3", "Amazon Root CA 4",
        "Starfield Services Root Certificate Authority - G2",
    ]  # fmt: skip


MODEL = {
    "metadata": {"protocol": "json"},
    "documentation": "what it is",
    "operations": {
        "Get": {"input": {"shape": "Asked"}, "errors": [{"shape": "Missing"}]},
        "Put": {"input": {"shape": "Other"}},
    },
    "shapes": {
        "Asked": {"type": "structure", "members": {"documentation": {"shape": "Texts"}}},
        "Texts": {"type": "list", "member": {"shape": "Text", "documentation": "one"}},
        "Text": {"type": "string", "documentation": "a text"},
        "Missing": {"type": "structure", "members": {}},
        "Other": {"type": "string"},
    },
}


def test_a_model_keeps_the_operations_that_are_called_and_what_they_reach():
    cut = models.cut(MODEL, ("Get",))
    assert cut["operations"] == {"Get": MODEL["operations"]["Get"]}
    assert set(cut["shapes"]) == {"Asked", "Texts", "Text", "Missing"}
    assert cut["metadata"] == MODEL["metadata"]


def test_a_models_words_are_left_out_but_not_a_member_that_is_called_so():
    cut = models.cut(MODEL, ("Get",))
    assert "documentation" not in cut
    assert cut["shapes"]["Text"] == {"type": "string"}
    assert cut["shapes"]["Asked"] == MODEL["shapes"]["Asked"]


def meet(client, server):
    """A handshake in memory, as far as it comes."""
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    caller = client.wrap_bio(back, there, server_hostname="dws.example")
    called = server.wrap_bio(there, back, server_side=True)
    with contextlib.suppress(ssl.SSLWantReadError):
        caller.do_handshake()
    with contextlib.suppress(ssl.SSLWantReadError):
        called.do_handshake()
    caller.do_handshake()


@pytest.mark.parametrize("pem", authorities.authorities(), ids=lambda pem: pem.split("\n")[0][11:])
def test_openssl_finds_each_authority_by_its_name(pem, tmp_path):
    """Somebody says to be signed by it, who is not: to see that, OpenSSL had to find it."""
    context = tls()
    assert context.get_ca_certs() == []
    server = signed_in_the_name_of(pem, tmp_path)
    with pytest.raises(ssl.SSLCertVerificationError):
        meet(context, server)
    assert context.get_ca_certs(binary_form=True) == [
        ssl.PEM_cert_to_DER_cert(pem[pem.index("---") :])
    ]


def test_nobody_else_is_believed(tmp_path):
    context, _ = loopback_tls(tmp_path)
    with pytest.raises(ssl.SSLCertVerificationError, match="self-signed"):
        meet(tls(), context)
