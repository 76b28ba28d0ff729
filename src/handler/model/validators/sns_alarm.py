"""Written by `make generated` from the schema of this name."""

VERSION = "2.22.3"
from decimal import Decimal
import re
from fastjsonschema import JsonSchemaValueException, JsonSchemaValuesException


REGEX_PATTERNS = {
    '^[^\\x00-\\x1f\\x7f]+\\Z': re.compile('^[^\\x00-\\x1f\\x7f]+\\Z'),
    '^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z': re.compile('^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z'),
    '^[^\\x00-\\x1f\\x7f]{1,1024}\\Z': re.compile('^[^\\x00-\\x1f\\x7f]{1,1024}\\Z')
}

NoneType = type(None)

def validate(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (dict)):
        raise JsonSchemaValueException("" + (name_prefix or "data") + " must be object", value=data, name="" + (name_prefix or "data") + "", definition={'$schema': 'http://json-schema.org/draft-07/schema#', 'title': 'the message of a CloudWatch alarm to an SNS topic', 'type': 'object', 'required': ['AlarmName', 'AlarmArn', 'NewStateValue', 'StateChangeTime'], 'properties': {'AlarmName': {'title': "an alarm's name", 'type': 'string', 'maxLength': 255, 'pattern': '^[^\\x00-\\x1f\\x7f]+\\Z'}, 'AlarmArn': {'title': 'the ARN of a CloudWatch alarm', 'type': 'string', 'maxLength': 1600, 'pattern': '^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z'}, 'NewStateValue': {'title': "'ALARM', 'OK' or 'INSUFFICIENT_DATA'", 'enum': ['ALARM', 'OK', 'INSUFFICIENT_DATA']}, 'AlarmContributorId': {'title': "a contributor's id", 'type': 'string', 'pattern': '^[^\\x00-\\x1f\\x7f]{1,1024}\\Z'}, 'OldStateValue': {'title': 'a state', 'type': 'string'}, 'StateChangeTime': {'title': 'a time (ISO 8601)', 'type': 'string'}}}, rule='type')
    data_is_dict = isinstance(data, dict)
    if data_is_dict:
        data__missing_keys = set(['AlarmName', 'AlarmArn', 'NewStateValue', 'StateChangeTime']) - data.keys()
        if data__missing_keys:
            raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'$schema': 'http://json-schema.org/draft-07/schema#', 'title': 'the message of a CloudWatch alarm to an SNS topic', 'type': 'object', 'required': ['AlarmName', 'AlarmArn', 'NewStateValue', 'StateChangeTime'], 'properties': {'AlarmName': {'title': "an alarm's name", 'type': 'string', 'maxLength': 255, 'pattern': '^[^\\x00-\\x1f\\x7f]+\\Z'}, 'AlarmArn': {'title': 'the ARN of a CloudWatch alarm', 'type': 'string', 'maxLength': 1600, 'pattern': '^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z'}, 'NewStateValue': {'title': "'ALARM', 'OK' or 'INSUFFICIENT_DATA'", 'enum': ['ALARM', 'OK', 'INSUFFICIENT_DATA']}, 'AlarmContributorId': {'title': "a contributor's id", 'type': 'string', 'pattern': '^[^\\x00-\\x1f\\x7f]{1,1024}\\Z'}, 'OldStateValue': {'title': 'a state', 'type': 'string'}, 'StateChangeTime': {'title': 'a time (ISO 8601)', 'type': 'string'}}}, rule='required')
        data_keys = set(data.keys())
        if "AlarmName" in data_keys:
            data_keys.remove("AlarmName")
            data__AlarmName = data["AlarmName"]
            if not isinstance(data__AlarmName, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".AlarmName must be string", value=data__AlarmName, name="" + (name_prefix or "data") + ".AlarmName", definition={'title': "an alarm's name", 'type': 'string', 'maxLength': 255, 'pattern': '^[^\\x00-\\x1f\\x7f]+\\Z'}, rule='type')
            if isinstance(data__AlarmName, str):
                data__AlarmName_len = len(data__AlarmName)
                if data__AlarmName_len > 255:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".AlarmName must be shorter than or equal to 255 characters", value=data__AlarmName, name="" + (name_prefix or "data") + ".AlarmName", definition={'title': "an alarm's name", 'type': 'string', 'maxLength': 255, 'pattern': '^[^\\x00-\\x1f\\x7f]+\\Z'}, rule='maxLength')
                if not REGEX_PATTERNS['^[^\\x00-\\x1f\\x7f]+\\Z'].search(data__AlarmName):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".AlarmName must match pattern ^[^\\x00-\\x1f\\x7f]+\\Z", value=data__AlarmName, name="" + (name_prefix or "data") + ".AlarmName", definition={'title': "an alarm's name", 'type': 'string', 'maxLength': 255, 'pattern': '^[^\\x00-\\x1f\\x7f]+\\Z'}, rule='pattern')
        if "AlarmArn" in data_keys:
            data_keys.remove("AlarmArn")
            data__AlarmArn = data["AlarmArn"]
            if not isinstance(data__AlarmArn, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".AlarmArn must be string", value=data__AlarmArn, name="" + (name_prefix or "data") + ".AlarmArn", definition={'title': 'the ARN of a CloudWatch alarm', 'type': 'string', 'maxLength': 1600, 'pattern': '^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z'}, rule='type')
            if isinstance(data__AlarmArn, str):
                data__AlarmArn_len = len(data__AlarmArn)
                if data__AlarmArn_len > 1600:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".AlarmArn must be shorter than or equal to 1600 characters", value=data__AlarmArn, name="" + (name_prefix or "data") + ".AlarmArn", definition={'title': 'the ARN of a CloudWatch alarm', 'type': 'string', 'maxLength': 1600, 'pattern': '^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z'}, rule='maxLength')
                if not REGEX_PATTERNS['^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z'].search(data__AlarmArn):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".AlarmArn must match pattern ^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z", value=data__AlarmArn, name="" + (name_prefix or "data") + ".AlarmArn", definition={'title': 'the ARN of a CloudWatch alarm', 'type': 'string', 'maxLength': 1600, 'pattern': '^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z'}, rule='pattern')
        if "NewStateValue" in data_keys:
            data_keys.remove("NewStateValue")
            data__NewStateValue = data["NewStateValue"]
            if not (isinstance(data__NewStateValue, str) and data__NewStateValue == 'ALARM' or isinstance(data__NewStateValue, str) and data__NewStateValue == 'OK' or isinstance(data__NewStateValue, str) and data__NewStateValue == 'INSUFFICIENT_DATA'):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".NewStateValue must be one of ['ALARM', 'OK', 'INSUFFICIENT_DATA']", value=data__NewStateValue, name="" + (name_prefix or "data") + ".NewStateValue", definition={'title': "'ALARM', 'OK' or 'INSUFFICIENT_DATA'", 'enum': ['ALARM', 'OK', 'INSUFFICIENT_DATA']}, rule='enum')
        if "AlarmContributorId" in data_keys:
            data_keys.remove("AlarmContributorId")
            data__AlarmContributorId = data["AlarmContributorId"]
            if not isinstance(data__AlarmContributorId, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".AlarmContributorId must be string", value=data__AlarmContributorId, name="" + (name_prefix or "data") + ".AlarmContributorId", definition={'title': "a contributor's id", 'type': 'string', 'pattern': '^[^\\x00-\\x1f\\x7f]{1,1024}\\Z'}, rule='type')
            if isinstance(data__AlarmContributorId, str):
                if not REGEX_PATTERNS['^[^\\x00-\\x1f\\x7f]{1,1024}\\Z'].search(data__AlarmContributorId):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".AlarmContributorId must match pattern ^[^\\x00-\\x1f\\x7f]{1,1024}\\Z", value=data__AlarmContributorId, name="" + (name_prefix or "data") + ".AlarmContributorId", definition={'title': "a contributor's id", 'type': 'string', 'pattern': '^[^\\x00-\\x1f\\x7f]{1,1024}\\Z'}, rule='pattern')
        if "OldStateValue" in data_keys:
            data_keys.remove("OldStateValue")
            data__OldStateValue = data["OldStateValue"]
            if not isinstance(data__OldStateValue, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".OldStateValue must be string", value=data__OldStateValue, name="" + (name_prefix or "data") + ".OldStateValue", definition={'title': 'a state', 'type': 'string'}, rule='type')
        if "StateChangeTime" in data_keys:
            data_keys.remove("StateChangeTime")
            data__StateChangeTime = data["StateChangeTime"]
            if not isinstance(data__StateChangeTime, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".StateChangeTime must be string", value=data__StateChangeTime, name="" + (name_prefix or "data") + ".StateChangeTime", definition={'title': 'a time (ISO 8601)', 'type': 'string'}, rule='type')
    return data
