"""Certificates by which a host says to be SMN's and is not believed, each with the throw-away authority.

Each gives what the host shows, in PEM: its key, its certificate, and those that shall vouch for it.
"""

from datetime import timedelta

from cryptography.x509.oid import ExtendedKeyUsageOID

from local.smn import HOST, Signer

DAY = timedelta(days=1)


def shown(own, *others):
    return own.key_pem + own.pem + b"".join(one.pem for one in others)


def leaf(**how):
    """One of the authority's own, but for one thing."""
    return lambda authority: shown(Signer(HOST, authority, **{"hosts": (HOST,), **how}))


def _by_nobody(_):
    return shown(Signer(HOST, hosts=(HOST,)))


def _by_another_authority(_):
    other = Signer("throw-away authority")
    return shown(Signer(HOST, other, hosts=(HOST,)), other)


def _by_a_leaf(authority):
    """Whoever has a certificate of some host cannot make one of another."""
    own = Signer("evil.example", authority, hosts=("evil.example",))
    return shown(Signer(HOST, own, hosts=(HOST,)), own)


def _by_an_expired_middle(authority):
    middle = Signer("middle", authority, may_issue=True, valid=(-9 * DAY, -DAY))
    return shown(Signer(HOST, middle, hosts=(HOST,)), middle)


def by_a_good_middle(authority):
    middle = Signer("middle", authority, may_issue=True)
    return shown(Signer(HOST, middle, hosts=(HOST,)), middle)


def _without_its_middle(authority):
    middle = Signer("middle", authority, may_issue=True)
    return shown(Signer(HOST, middle, hosts=(HOST,)))


CHAINS = {
    "expired": leaf(valid=(-9 * DAY, -DAY)),
    "expired a minute ago": leaf(valid=(-DAY, timedelta(minutes=-1))),
    "valid from tomorrow on": leaf(valid=(DAY, 9 * DAY)),
    "of no host": lambda authority: shown(Signer("nobody", authority)),
    "of another host's name alone": lambda authority: shown(Signer("evil.example", authority)),
    "of its name, for another host": leaf(hosts=("evil.example", "a.evil.example")),
    "of another region": leaf(hosts=(HOST.replace("101", "102"),)),
    "of hosts below it": leaf(hosts=(f"*.{HOST}",)),
    "of the domain": leaf(hosts=(HOST.partition(".")[2],)),
    "of a star too far": leaf(hosts=("*.myhuaweicloud.eu",)),
    "of everything": leaf(hosts=("*",)),
    "of half a label": leaf(hosts=(HOST.replace("smn", "s*n"),)),
    "of a name that goes on": leaf(hosts=(f"{HOST}.evil.example",)),
    "of a look-alike": leaf(hosts=(HOST.replace("cloud", "c1oud"),)),
    "for clients": leaf(usages=(ExtendedKeyUsageOID.CLIENT_AUTH,)),
    "for mails": leaf(usages=(ExtendedKeyUsageOID.EMAIL_PROTECTION,)),
    "for programs": leaf(usages=(ExtendedKeyUsageOID.CODE_SIGNING,)),
    "with a key of 1024 bits": leaf(bits=1024),
    "by itself": _by_nobody,
    "by another authority of that name": _by_another_authority,
    "by another host's": _by_a_leaf,
    "by one in between that has expired": _by_an_expired_middle,
    "by one in between that is not shown": _without_its_middle,
}
