"""A function with marked secrets, and all that is said of it wherever people look."""

import gc
import io
import json
import logging
import traceback
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace

from marks import Mark
from parts import bus_alarm, command, signed
from stored import items

from handler.aws.telemetry import logger, metrics
from handler.model.result import is_command
from local.dws.auth.identity import Credentials
from local.dws.auth.tokens import Login

LOGIN = Login(
    'mark-user "Zoë\\O\'Hara" & 7%/+',
    'mark-password "pä\\s\'w/ör+d" & 9%=<b>',
    "mark-domain/ä & 'b'",
)
MARKED = Credentials(
    "MARKAKQ7F3Z9L2X0WVTB", "mark-Sk/Qz8+pL%27\"w\\Jt&k'R5=<Wx>", "mark-St/0a+Zz%2F\"q\\uT&x'7==", LOGIN
)  # fmt: skip
NAMES = {
    "AWS_ACCESS_KEY_ID": "AccessKeyId",
    "AWS_SECRET_ACCESS_KEY": "SecretAccessKey",
    "AWS_SESSION_TOKEN": "SessionToken",
}


def by_key(_url):
    return {
        "access_key_id": MARKED.access_key,
        "secret_access_key": MARKED.secret_key,
        "security_token": MARKED.security_token,
    }


def by_user(url):
    return {
        "username": LOGIN.username,
        "password": LOGIN.password,
        "domain": LOGIN.domain,
        "iam_endpoint": url,
    }


FORMS = {"a temporary key": by_key, "a user": by_user}


def keys_of_a_role(aws):
    """Credentials as Lambda gives them to a function: of a role, for an hour."""
    iam, name = aws.client("iam"), "overheard"
    anybody = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    anything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    trust, may = (policy(one) for one in (anybody, anything))
    with suppress(iam.exceptions.EntityAlreadyExistsException):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=may)
    role = iam.get_role(RoleName=name)["Role"]["Arn"]
    found = aws.client("sts").assume_role(RoleArn=role, RoleSessionName="function")["Credentials"]
    return {variable: found[key] for variable, key in NAMES.items()}


def policy(statement):
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@contextmanager
def written_down(level):
    """What every logger says at a level, as Lambda would write it."""
    root, written = logging.getLogger(), io.StringIO()
    before = root.level, logger.level
    handler = logging.StreamHandler(written)
    handler.setFormatter(logger.registered_formatter)
    for one in (root, logger):
        one.addHandler(handler)
    root.setLevel(1 if level == logging.DEBUG else level)
    logger.setLevel(level)
    try:
        yield written
    finally:
        for one, was in zip((root, logger), before, strict=True):
            one.removeHandler(handler)
            one.setLevel(was)


def representations():
    """What each object of ours that is alive says of itself."""
    alive = gc.get_objects()
    return [repr(one) for one in alive if str(type(one).__module__).startswith("handler.")]


class Hurried:
    """An invocation whose time is nearly over once its order is claimed: no answer is waited for long."""

    def __init__(self):
        self._asked = 0

    def __mul__(self, milliseconds):
        self._asked += 1
        return (300 if self._asked < 3 else 12) * milliseconds


class Told:
    """All that is said, by whomever, from its beginning on."""

    def __init__(self, parts, secret, own_keys, written, captured):
        self.parts, self.secret, self._own_keys = parts, secret, own_keys
        self._written, self._captured, self._said = written, captured, []

    def say(self, event):
        """What the handler answers, or how its failure is traced."""
        answer = {}
        try:
            answer = self.parts.send(event)
            self._said.append(json.dumps(answer, ensure_ascii=False))
        except Exception as err:  # noqa: BLE001 - whatever it is, it is traced in the log
            self._said += [*traceback.format_exception(err), repr(err)]
        if metrics.metric_set:
            metrics.flush_metrics()
        return answer.get("results", [answer])

    def reconcile(self, *after_s):
        for seconds in after_s:
            self.parts.let_pass(seconds)
            self.say({"command": "reconcile"})

    def pass_by(self, begin):
        """An outage as it may come, all that can be asked of it, and what a person may do."""
        parts = self.parts
        parts.arm(role_words={"production": "primary", "standby": "standby"})
        begin(parts.emulator)
        parts.remaining_s = Hurried()
        results = self.say(bus_alarm("dws-outage-analytics"))
        parts.remaining_s = 300
        self.reconcile(61, 61, 1000)
        parts.emulator.revoke_tokens()
        for name in ("rehearse", "verify", "status", "history"):
            self.say({"command": name, "pair": "analytics"})
        self.say({"command": "report"})
        self.say(command())
        for result in results:
            if any(map(is_command, result.get("next_steps", ()))):
                self.say(signed(result))
        self.say(bus_alarm("dws-outage-analytics", state="OK"))

    @property
    def known_to_the_provider(self):
        """The marks of what the provider is told, or gives."""
        given = {name: text for name, text in self.secret.items() if name != "iam_endpoint"}
        issued = self.parts.emulator._world.tokens._issued
        given |= {f"token {number}": text for number, text in enumerate(issued)}
        return [Mark(name, text) for name, text in given.items()]

    @property
    def marks(self):
        own = [Mark(name, text) for name, text in self._own_keys.items()]
        return [*self.known_to_the_provider, *own]

    @property
    def text(self):
        """Logs, metrics, answers, traces, notices, table, failure queue, the provider's journal, objects."""
        captured = self._captured()
        return "\n".join([
            *self._said, self._written.getvalue(), captured.out, captured.err, self._kept(),
            *representations(),
        ])  # fmt: skip

    def _kept(self):
        parts = self.parts
        notices = [vars(notice) for notice in parts.notices()]
        failed = parts.aws.client("sqs").receive_message(QueueUrl=parts.failed_events)
        # Who asked is in the journal by what the provider has made of the signature.
        journal = [asdict(replace(call, access_key=None)) for call in parts.emulator.journal]
        kept = [notices, items(parts), failed.get("Messages"), journal]
        return json.dumps(kept, default=str, ensure_ascii=False)
