"""The handler that one would write with the official SDK: look, fail over, tell. The peer."""

import os
from typing import Any

import boto3
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkdws.v2 import (
    DwsClient,
    ShowDisasterDetailRequest,
    SwitchFailoverDisasterRequest,
)

_credentials = BasicCredentials(
    os.environ["ACCESS_KEY"], os.environ["SECRET_KEY"], os.environ["PROJECT_ID"]
)
_dws = (
    DwsClient.new_builder()
    .with_credentials(_credentials)
    .with_endpoint(os.environ["DWS_ENDPOINT"])
    .build()
)
_sns = boto3.client("sns")


def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, str]:
    """Fail the pair over if its disaster recovery looks fit for it."""
    id_ = event["disaster_recovery_id"]
    shown = _dws.show_disaster_detail(ShowDisasterDetailRequest(id_)).disaster_recovery
    if shown.status not in ("abnormal", "running"):
        return {"decision": "refused"}
    _dws.switch_failover_disaster(SwitchFailoverDisasterRequest(id_))
    _sns.publish(TopicArn=os.environ["NOTIFICATION_TOPIC_ARN"], Message=f"failed over {id_}")
    return {"decision": "submitted"}
