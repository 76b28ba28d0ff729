"""A function that does with AWS what the product's does and says how it went; fails on events."""

import os
import urllib.request

import boto3
from botocore.exceptions import ClientError


def handler(event, _context):
    if event.get("fail") or "detail" in event:
        raise RuntimeError("as told")
    if url := event.get("fetch"):
        return urllib.request.urlopen(url, timeout=5).read().decode()
    if "write" in event:
        return write_twice(event["write"])
    return {"parameter": read_parameters(), "event": event}


def read_parameters():
    found = boto3.client("ssm").get_parameters_by_path(Path=os.environ["PARAMETERS"])
    return [one["Value"] for one in found["Parameters"]]


def write_twice(token):
    """The same transaction under one token, then another that expects what is no longer so."""
    dynamodb, table = boto3.client("dynamodb"), os.environ["TABLE"]
    new = {"TableName": table, "Item": {"id": {"S": token}},
           "ConditionExpression": "attribute_not_exists(id)"}  # fmt: skip
    for _ in range(2):
        dynamodb.transact_write_items(TransactItems=[{"Put": new}], ClientRequestToken=token)
    try:
        dynamodb.transact_write_items(TransactItems=[{"Put": new}], ClientRequestToken=f"{token}2")
    except ClientError as err:
        return err.response["CancellationReasons"][0]["Code"]
    return "written again"
