"""The unmodified template, deployed to the embedded AWS with IAM enforced."""

import json
import os
import signal
import time
import uuid
from contextlib import contextmanager

from parts import access_key, received, subscribe_queue
from processes import environment_of, session_of
from stored import let_pass
from template import SMN_RESOURCES

from local.aws import EmbeddedAws
from local.aws.deploy import PACKAGES, create_stack, update_stack
from local.aws.proxy import Proxy


def package_again(source, target):
    """Upload to another AWS what `package` has uploaded to one."""
    given, taken = source.client("s3"), target.client("s3")
    taken.create_bucket(Bucket=PACKAGES)
    for one in given.list_objects_v2(Bucket=PACKAGES)["Contents"]:
        body = given.get_object(Bucket=PACKAGES, Key=one["Key"])["Body"].read()
        taken.put_object(Bucket=PACKAGES, Key=one["Key"], Body=body)


@contextmanager
def behind_proxy(source, **options):
    """Another AWS with what one has packaged, and the proxy by which its functions reach it."""
    with Proxy() as proxy, EmbeddedAws(functions_endpoint=proxy.endpoint, **options) as own:
        proxy.forward_to(own.port)
        package_again(source, own)
        yield own, proxy


class InvocationFailed(Exception):
    """The function raised; `name` is what a state machine would match on."""

    def __init__(self, payload):
        super().__init__(payload.get("errorMessage"))
        self.name = payload["errorType"]


class Deployment:
    """A stack for the emulator's pair, its subscriber, and ways to speak to it."""

    def __init__(self, aws, built, packaged, emulator, **parameters):
        self.aws, self.emulator = aws, emulator
        self.stack = f"stack-{uuid.uuid4().hex[:8]}"
        self.secret = f"{self.stack}/credentials"
        self._template = packaged
        self.parameters = {
            **built.parameters,
            "PairName": "analytics",
            "DisasterRecoveryId": emulator.pair.id,
            "ProjectId": emulator.project_id,
            "DwsEndpoint": emulator.url,
            "AllowedProviderHosts": "127.0.0.1",
            "CredentialsSecretName": self.secret,
            "CredentialsSecretPrefix": f"{self.stack}/",
            "MaxDataLossSeconds": "3600",
            "Mode": "automatic",
            "AlarmNamePrefix": f"{self.stack}-outage-",
            **parameters,
        }

    def __enter__(self):
        secret = json.dumps(access_key(self.emulator))
        self.aws.client("secretsmanager").create_secret(Name=self.secret, SecretString=secret)
        self.outputs = create_stack(self.aws, self._template, self.stack, self.parameters)
        # Every call of a test is its own: the schedule waits.
        self._switch_schedule_off()
        topic = self.outputs["NotificationTopicArn"]
        sns, self._sqs = self.aws.client("sns"), self.aws.client("sqs")
        self.queue = subscribe_queue(sns, self._sqs, topic, self.stack)
        return self

    def __exit__(self, *_):
        self.aws.client("cloudformation").delete_stack(StackName=self.stack)

    def change(self, **parameters):
        """Deploy again with other parameters, as `sam deploy` does."""
        self.parameters.update(parameters)
        self.outputs = update_stack(self.aws, self._template, self.stack, self.parameters)
        self._switch_schedule_off()

    def physical_id(self, logical_id):
        """What a resource of the template is called here."""
        stack = self.stack
        if logical_id in SMN_RESOURCES:
            stack = self._physical_id(stack, "SmnApplication")
        return self._physical_id(stack, logical_id)

    def _physical_id(self, stack, logical_id):
        found = self.aws.client("cloudformation").describe_stack_resource(
            StackName=stack, LogicalResourceId=logical_id
        )
        return found["StackResourceDetail"]["PhysicalResourceId"]

    def client_as(self, logical_id, service):
        """A client with a role's rights; only its service may take the role, so that is lifted."""
        name = self.physical_id(logical_id)
        anyone = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
        self.aws.client("iam").update_assume_role_policy(
            RoleName=name,
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [anyone]}),
        )
        return self.aws.client(service, role_arn=f"arn:aws:iam::000000000000:role/{name}")

    def person(self, policy):
        """A role that has one policy of the deployment, by the output that names it."""
        iam, name = self.aws.client("iam"), f"person-{uuid.uuid4().hex[:8]}"
        trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
        iam.attach_role_policy(RoleName=name, PolicyArn=self.outputs[policy])
        return role

    def invoke(self, event):
        """What the function answers; raises InvocationFailed if it raises."""
        answer = self.aws.client("lambda").invoke(
            FunctionName=self.outputs["FailoverFunctionArn"], Payload=json.dumps(event)
        )
        payload = json.load(answer["Payload"])
        if answer.get("FunctionError"):
            raise InvocationFailed(payload)
        return payload

    def send(self, event):
        """Have the function invoked asynchronously, as a bus does."""
        self.aws.client("lambda").invoke(
            FunctionName=self.outputs["FailoverFunctionArn"],
            InvocationType="Event",
            Payload=json.dumps(event),
        )

    def put_pair(self, **changes):
        """Change the first pair's document, as its owner would."""
        ssm = self.aws.client("ssm")
        name = f"{self.outputs['PairsParameterPath']}/analytics"
        document = json.loads(ssm.get_parameter(Name=name)["Parameter"]["Value"])
        text = json.dumps({**document, **changes})
        ssm.put_parameter(Name=name, Value=text, Type="String", Overwrite=True)

    def notices(self, within_s=10):
        """What the subscriber received, waiting for the first; that a pair is new goes unsaid."""
        until = time.monotonic() + within_s
        while True:
            came = received(self._sqs, self.queue, max(0, int(until - time.monotonic())))
            found = [one for one in came if one.attributes.get("reason_code") != "new_pair"]
            if found or time.monotonic() >= until - 1:
                return found

    def logs(self):
        """All that the function logged."""
        return self.aws.logs(self.physical_id("FailoverLogGroup"))

    def _switch_schedule_off(self):
        scheduler = self.aws.client("scheduler")
        group = self.physical_id("ScheduleGroup")
        name = self.physical_id("ReconcileSchedule")
        found = scheduler.get_schedule(Name=name, GroupName=group)
        scheduler.update_schedule(
            Name=found["Name"],
            GroupName=group,
            ScheduleExpression=found["ScheduleExpression"],
            FlexibleTimeWindow=found["FlexibleTimeWindow"],
            Target=found["Target"],
            State="DISABLED",
        )


def reconciled(deployment, times=1):
    for _ in range(times):
        (result,) = deployment.invoke({"command": "reconcile"})["results"]
    return result


def armed(deployment):
    """Reconcile until the pair is armed: three looks, then a synchronisation."""
    for _ in range(3):
        reconciled(deployment)
        let_pass(deployment, 60)
    until = time.monotonic() + 30
    while reconciled(deployment)["reason_code"] != "armed":
        assert time.monotonic() < until
        time.sleep(0.3)


def processes_of_function(deployment):
    """The processes that the embedded AWS runs the function in."""
    name = deployment.physical_id("FailoverFunction")
    return [
        pid
        for pid in session_of(deployment.aws)
        if environment_of(pid).get("AWS_LAMBDA_FUNCTION_NAME") == name
    ]


def kill_function(deployment):
    (pid,) = processes_of_function(deployment)
    os.kill(pid, signal.SIGKILL)


def is_true_within(seconds, condition):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False
