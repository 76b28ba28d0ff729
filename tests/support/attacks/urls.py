"""URLs and topics that are not SMN's, however much they look like it."""

from local.smn import HOST, REGION, TOPIC

FILE = f"/smn/SMN_{REGION}_0.pem"
CONFIRM = "/smn/subscription/confirm?token=1"
CONSOLE = "console.huaweicloud.com"
TABS = "\t\n\r\0\x0b\x7f"

# What only looks like a host, wherever a host stands: `{}` is the real one's name.
HOSTS = (
    # other hosts, whose names begin or end like it
    "{}.evil.example", "evil-{}", "evil{}", "a.{}", "{}x", "{}.", "{}..", ".{}", "{}.com", "{}-evil.example",
    "evil.example", "localhost", "",
    # users and ports
    "{}@evil.example", "{}:443@evil.example", "user@{}", "user:pass@{}", "@{}", ":@{}", "evil.example@{}",
    "evil.example%40{}", "{}%40evil.example", "evil.example\\@{}", "evil.example#@{}", "evil.example?@{}",
    "evil.example/@{}", "{}:443", "{}:8443", "{}:80", "{}:", "{}:0", "{}:99999", "{}:443:443",
    # addresses
    "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[{}]", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "127.1", "0",
    "169.254.169.254", "[fd00:ec2::254]",
    # backslashes, encodings
    "evil.example\\{}", "evil.example\\.{}", "{}\\", "evil.example%2f{}", "evil.example%5c{}", "evil.example%00{}",
    "evil.example%0d%0a{}", "%65vil.example", "evil.example;{}", "evil.example,{}", "evil.example&{}",
    # what cannot be printed, or cannot be told from it
    *(f"evil.example{one}{{}}" for one in TABS), *(f"{{}}{one}" for one in TABS),
    "evil.example {}", " {}", "{} ", "evil.example\r\nHost: {}", "evil.example\N{FULLWIDTH SOLIDUS}{}",
    "evil.example\N{FRACTION SLASH}{}", "\N{ZERO WIDTH SPACE}{}", "{}\N{SOFT HYPHEN}", "\N{RIGHT-TO-LEFT OVERRIDE}{}",
)  # fmt: skip


def _alike(host):
    """A name that is written otherwise, which some software takes for the same."""
    return (
        host.upper(), host.title(), host.replace(".", "%2e", 1), host.replace(".", ".."),
        host.replace(".", "\N{IDEOGRAPHIC FULL STOP}"), host.replace(".", "\N{FULLWIDTH FULL STOP}"),
        host.replace("a", "\N{CYRILLIC SMALL LETTER A}", 1), host.replace("o", "\N{GREEK SMALL LETTER OMICRON}", 1),
        host.replace("l", "\N{SMALL ROMAN NUMERAL FIFTY}", 1), host.replace("e", "\N{CYRILLIC SMALL LETTER IE}", 1),
        f"xn--{host}", host.replace("huawei", "xn--huawei-"), host.replace("cloud", "c1oud"),
        host.replace("huawei", "huawel"), host.replace("huaweicloud", "huawei-cloud"), host.replace(".", "-"),
        f"%{ord(host[0]):x}{host[1:]}",
    )  # fmt: skip


def _at(host, path):
    names = [one.replace("{}", host) for one in HOSTS] + [*_alike(host)]
    return [f"https://{name}{path}" for name in names]


# Other schemes than https://, and what some software reads as one.
SCHEMES = (
    "http://", "HTTPS://", "Https://", "https:/", "https:", "https:///", "//", "", "https:\\\\", "https://\\",
    " https://", "\nhttps://", "\0https://", "ftp://", "file://", "gopher://", "https+unix://", "view-source:https://",
    "url:https://", "javascript://", "data:text/plain,https://",
)  # fmt: skip

PATHS = (
    "", "/", "/smn/", "/smn/.pem", "/smn/x.crt", "/smn/x.PEM", "/SMN/x.pem", "/v2/x.pem", "//smn/x.pem", "/smn//x.pem",
    "/smn/a/x.pem", "/smn/../v2/x.pem", "/smn/./x.pem", "/smn/..%2fv2%2fx.pem", "/smn/%2e%2e/x.pem", "/%73mn/x.pem",
    "/smn%2fx.pem", "/smn\\x.pem", "/smn/..\\x.pem", "/smn/x.pem/", "/smn/x.pem/..", "/smn/x.pem.txt", "/smn/x.pem?a=b",
    "/smn/x.pem?", "/smn/x.pem#", "/smn/x.pem#/x.pem", "/smn/x?.pem", "/smn/x#.pem", "/smn/x;.pem", "/smn/x.pem;a",
    "/smn/x y.pem", "/smn/x%20.pem", "/smn/x%00.pem", "/smn/x\0.pem", "/smn/x.pem\0", "/smn/x.pem\n", "/smn/x.pem ",
    "/smn/x.pem\r\nHost: evil.example", "/smn/\N{ARABIC-INDIC DIGIT ONE}.pem", "/smn/\N{CYRILLIC SMALL LETTER ER}.pem",
    "/smn/x.p\N{CYRILLIC SMALL LETTER IE}m", "/smn/x.pem\N{ZERO WIDTH SPACE}", "/smn/*.pem", "/smn/~x.pem", "/smn/@x.pem",
)  # fmt: skip

OTHER_HOSTS = (
    HOST.replace("101", "102"), HOST.replace("eu-west", "eu-north"), HOST.replace(".eu", ".cn"), HOST.replace(".eu", ".co"),
    HOST.replace(".eu", ".eu.com"), HOST.replace(".eu", ".com.cn"), HOST.replace("smn.", "obs."), HOST.replace("smn.", "bucket.obs."),
    HOST.replace("smn.", "smn-"), HOST.replace("smn.", ""), HOST.replace("myhuaweicloud", "huaweicloud"),
    HOST.replace("my", "my-"), "smn.myhuaweicloud.eu", "smn.cn-north-4.myhuaweicloud.com", CONSOLE,
)  # fmt: skip

CERTIFICATE_URLS = tuple(
    dict.fromkeys(
        [f"{scheme}{HOST}{FILE}" for scheme in SCHEMES]
        + _at(HOST, FILE)
        + [f"https://{host}{FILE}" for host in OTHER_HOSTS]
        + [f"https://{HOST}{path}" for path in PATHS]
        + ["/smn/x.pem", "x.pem", "null", f"https://evil.example/?https://{HOST}{FILE}", f"https://evil.example/{HOST}{FILE}"]
    )
)  # fmt: skip

_CONFIRMED_AT = (
    HOST.replace("101", "102"), HOST.replace("smn.", "obs."), HOST.replace("smn.", "bucket.obs."), HOST.replace(".eu", ".cn"),
    "huaweicloud.com", "www.huaweicloud.com", "console.myhuaweicloud.com", "console.huaweicloud.cn", "console.huaweicloud.co",
    "console.huaweicloud.com.cn", "console-huaweicloud.com", "consolehuaweicloud.com", "console.a.b.huaweicloud.com",
    "console_intl.huaweicloud.com", "evil.example.console.huaweicloud.com", "a.console.huaweicloud.com",
)  # fmt: skip

SUBSCRIBE_URLS = tuple(
    dict.fromkeys(
        [f"{scheme}{CONSOLE}{CONFIRM}" for scheme in SCHEMES]
        # `<region>-console` is the provider's, whatever the region.
        + [one for one in _at(CONSOLE, CONFIRM) if f"-{CONSOLE}" not in one]
        + _at(HOST, CONFIRM)
        + [f"https://{host}{CONFIRM}" for host in _CONFIRMED_AT]
        + [
            f"https://{HOST}{path}"
            for path in (
                "", "/", "/smn/subscription/confirm", "/smn/subscription/confirm?", "/smn/subscription/confirm#token=1",
                "/smn/subscription/unsubscribe?token=1", "/smn/subscription/confirm/?token=1", "/smn/subscription/confirm/..?token=1",
                "/smn/subscription/confirmed?token=1", "/SMN/subscription/confirm?token=1", "//smn/subscription/confirm?token=1",
                "/smn/subscription/%63onfirm?token=1", "/smn/../smn/subscription/confirm?token=1", "/v2/subscription/confirm?token=1",
                "/smn\\subscription\\confirm?token=1", "/smn/subscription/confirm;?token=1", "/smn/subscription/confirm%3ftoken=1",
                "/smn/subscription/confirm?token=1 ", "/smn/subscription/confirm?token=1\n", "/smn/subscription/confirm?token=\0",
                "/smn/subscription/confirm?token=1\r\nHost: evil.example", "/smn/subscription/confirm?token=\N{FULLWIDTH DIGIT ONE}",
            )
        ]
    )
)  # fmt: skip

_PROJECT = TOPIC.split(":")[3]
TOPICS = (
    TOPIC.replace(_PROJECT, "f" * 32), TOPIC.replace("101", "102"), f"{TOPIC}s", TOPIC[:-1], TOPIC.upper(), TOPIC.title(),
    f" {TOPIC}", f"{TOPIC} ", f"{TOPIC}\n", f"{TOPIC}\0", f"{TOPIC}:", f"{TOPIC}:x", f"x{TOPIC}", f"{TOPIC},{TOPIC}", f"{TOPIC}/x",
    TOPIC.replace("dws-alarms", "*"), TOPIC.replace("dws-alarms", ""), TOPIC.replace("dws-alarms", "dws_alarms"),
    TOPIC.replace("dws-alarms", "dws-\N{CYRILLIC SMALL LETTER A}larms"), TOPIC.replace("urn:smn", "arn:aws:sns"),
    TOPIC.replace("urn:", ""), TOPIC.replace(":", "%3a"), TOPIC.replace(":", "\N{FULLWIDTH COLON}"), TOPIC[::-1], "", "*", ".*",
    TOPIC.replace(_PROJECT, _PROJECT.upper()), TOPIC.replace(_PROJECT, _PROJECT[:-1]), TOPIC.replace("-west-", "_west_"),
)  # fmt: skip
