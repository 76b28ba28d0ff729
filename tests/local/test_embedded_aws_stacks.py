"""Stacks within stacks and layers: that the gap is filled, and that it still has to be."""

import io
import json
import uuid
import zipfile

import pytest
from functions import a_function, called, still_needed

from local.aws import EmbeddedAws, deploy
from local.aws.processes import Failed

INNER = {
    "Transform": "AWS::Serverless-2016-10-31",
    "Resources": {
        "Table": {"Type": "AWS::Serverless::SimpleTable"},
        "Kept": {"Type": "AWS::Logs::LogGroup", "DeletionPolicy": "Retain"},
        "Dropped": {"Type": "AWS::Logs::LogGroup"},
    },
    "Outputs": {name: {"Value": {"Ref": name}} for name in ("Table", "Kept", "Dropped")},
}
PLAIN = {"Resources": {name: INNER["Resources"][name] for name in ("Kept", "Dropped")}}
PLAIN["Outputs"] = {name: INNER["Outputs"][name] for name in PLAIN["Resources"]}

WORDY = {
    "Parameters": {"Word": {"Type": "String"}},
    "Resources": {
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "Word"}}},
    },
    "Outputs": {"QueueName": {"Value": {"Fn::GetAtt": ["Queue", "QueueName"]}}},
}


@pytest.fixture(scope="module")
def plain():
    """What only takes functions as Lambda does."""
    with EmbeddedAws(auth=False, gaps=["runtime"]) as running:
        yield running


def nested(aws, inner):
    """The name, the template and the outputs of a stack around another one."""
    name = f"outer-{uuid.uuid4().hex[:8]}"
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="inner.template", Body=json.dumps(inner))
    given = {"Word": {"Ref": "Word"}} if "Parameters" in inner else {}
    properties = {"TemplateURL": f"{aws.endpoint}/{name}/inner.template", "Parameters": given}
    stack = {"Type": "AWS::CloudFormation::Stack", "Properties": properties}
    outputs = {
        output: {"Value": {"Fn::GetAtt": ["Inner", f"Outputs.{output}"]}}
        for output in inner["Outputs"]
    }
    word = {"Word": {"Type": "String", "Default": "one"}}
    outer = json.dumps({"Parameters": word, "Resources": {"Inner": stack}, "Outputs": outputs})
    return name, outer, deploy.create_stack(aws, outer, name, {})


def fails(change, *given):
    try:
        change(*given)
    except Failed:
        return True
    return False


def log_groups(aws):
    pages = aws.client("logs").get_paginator("describe_log_groups").paginate()
    return {group["logGroupName"] for page in pages for group in page["logGroups"]}


class TestNestedStacks:
    def test_the_nested_template_may_be_sams(self, aws):
        *_, outputs = nested(aws, INNER)
        assert aws.client("dynamodb").describe_table(TableName=outputs["Table"])

    def test_its_transform_must_have_been_acknowledged(self, aws, monkeypatch):
        monkeypatch.setattr(deploy, "CAPABILITIES", ("CAPABILITY_IAM",))
        with pytest.raises(Failed, match="CAPABILITY_AUTO_EXPAND"):
            nested(aws, INNER)

    def test_what_it_retains_is_there_when_it_is_gone(self, aws):
        name, _, outputs = nested(aws, INNER)
        deploy.delete_stack(aws, name)
        left = {outputs["Kept"], outputs["Dropped"]} & log_groups(aws)
        assert left == {outputs["Kept"]}

    def test_what_does_not_change_keeps_its_attributes(self, aws):
        name, template, _ = nested(aws, WORDY)
        outputs = deploy.update_stack(aws, template, name, {"Word": "two"})
        assert outputs["QueueName"].startswith(name)

    def test_the_transform_is_still_needed(self, plain):
        still_needed(fails(nested, plain, INNER), "nested-stacks")

    def test_that_attributes_are_kept_is_still_needed(self, plain):
        name, template, _ = nested(plain, WORDY)
        is_refused = fails(deploy.update_stack, plain, template, name, {"Word": "two"})
        still_needed(is_refused, "nested-stacks")

    def test_that_what_is_retained_stays_is_still_needed(self, plain):
        name, _, outputs = nested(plain, PLAIN)
        deploy.delete_stack(plain, name)
        still_needed(outputs["Kept"] not in log_groups(plain), "nested-stacks")


LAYERED = "def handler(event, context):\n    from layered import WORD\n    return WORD\n"


class TestLayers:
    def test_a_function_imports_from_its_layer(self, aws):
        assert called(aws, layered_function(aws)) == "of the layer"

    def test_is_still_needed(self, plain):
        still_needed(called(plain, layered_function(plain)) != "of the layer", "layers")


def layered_function(aws):
    client, arn = aws.client("lambda"), a_function(aws)
    layer = client.publish_layer_version(
        LayerName=f"layer-{uuid.uuid4().hex[:8]}",
        Content={"ZipFile": archive("python/layered.py", "WORD = 'of the layer'\n")},
    )["LayerVersionArn"]
    client.update_function_code(FunctionName=arn, ZipFile=archive("layering.py", LAYERED))
    client.update_function_configuration(
        FunctionName=arn, Handler="layering.handler", Layers=[layer]
    )
    return arn


def archive(path, text):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr(path, text)
    return packed.getvalue()
