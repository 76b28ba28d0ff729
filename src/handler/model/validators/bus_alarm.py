"""Written by `make generated` from the schema of this name."""

VERSION = "2.22.3"
from decimal import Decimal
import re
from fastjsonschema import JsonSchemaValueException, JsonSchemaValuesException


REGEX_PATTERNS = {
    '^[0-9]{12}\\Z': re.compile('^[0-9]{12}\\Z'),
    '^[a-z0-9-]{1,32}\\Z': re.compile('^[a-z0-9-]{1,32}\\Z'),
    '^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z': re.compile('^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z'),
    '^[^\\x00-\\x1f\\x7f]+\\Z': re.compile('^[^\\x00-\\x1f\\x7f]+\\Z'),
    '^[^\\x00-\\x1f\\x7f]{1,1024}\\Z': re.compile('^[^\\x00-\\x1f\\x7f]{1,1024}\\Z')
}

NoneType = type(None)

def validate(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (dict)):
        raise JsonSchemaValueException("" + (name_prefix or "data") + " must be object", value=data, name="" + (name_prefix or "data") + "", definition={'$schema': 'http://json-schema.org/draft-07/schema#', 'title': "an EventBridge event 'CloudWatch Alarm State Change' or 'CloudWatch Alarm Contributor State Change'", 'description': "Amazon CloudWatch User Guide, 'Alarm events and EventBridge'; metric, composite and multi time series alarms alike.", 'type': 'object', 'required': ['id', 'source', 'account', 'region', 'resources', 'detail'], 'properties': {'id': {'title': "the event's id", 'type': 'string', 'minLength': 1, 'maxLength': 128}, 'source': {'title': "'aws.cloudwatch'", 'enum': ['aws.cloudwatch']}, 'account': {'title': '12 digits', 'type': 'string', 'pattern': '^[0-9]{12}\\Z'}, 'region': {'title': 'a region', 'type': 'string', 'pattern': '^[a-z0-9-]{1,32}\\Z'}, 'resources': {'title': "a list with the alarm's ARN", 'type': 'array', 'minItems': 1, 'items': {'title': 'the ARN of a CloudWatch alarm', 'type': 'string', 'maxLength': 1600, 'pattern': '^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z'}}, 'detail': {'title': 'an object', 'type': 'object', 'required': ['alarmName', 'state'], 'properties': {'alarmName': {'title': "an alarm's name", 'type': 'string', 'maxLength': 255, 'pattern': '^[^\\x00-\\x1f\\x7f]+\\Z'}, 'state': {'title': 'an object', 'type': 'object', 'required': ['value', 'timestamp'], 'properties': {'value': {'title': "'ALARM', 'OK' or 'INSUFFICIENT_DATA'", 'enum': ['ALARM', 'OK', 'INSUFFICIENT_DATA']}, 'timestamp': {'title': 'a time (ISO 8601)', 'type': 'string'}}}, 'alarmContributor': {'title': 'an object', 'description': 'Of an alarm over many time series: the one that has turned.', 'type': 'object', 'required': ['id'], 'properties': {'id': {'title': "a contributor's id", 'type': 'string', 'pattern': '^[^\\x00-\\x1f\\x7f]{1,1024}\\Z'}}}, 'previousState': {'title': 'an object', 'type': 'object', 'properties': {'value': {'title': 'a state', 'type': 'string'}}}}}}}, rule='type')
    data_is_dict = isinstance(data, dict)
    if data_is_dict:
        data__missing_keys = set(['id', 'source', 'account', 'region', 'resources', 'detail']) - data.keys()
        if data__missing_keys:
            raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'$schema': 'http://json-schema.org/draft-07/schema#', 'title': "an EventBridge event 'CloudWatch Alarm State Change' or 'CloudWatch Alarm Contributor State Change'", 'description': "Amazon CloudWatch User Guide, 'Alarm events and EventBridge'; metric, composite and multi time series alarms alike.", 'type': 'object', 'required': ['id', 'source', 'account', 'region', 'resources', 'detail'], 'properties': {'id': {'title': "the event's id", 'type': 'string', 'minLength': 1, 'maxLength': 128}, 'source': {'title': "'aws.cloudwatch'", 'enum': ['aws.cloudwatch']}, 'account': {'title': '12 digits', 'type': 'string', 'pattern': '^[0-9]{12}\\Z'}, 'region': {'title': 'a region', 'type': 'string', 'pattern': '^[a-z0-9-]{1,32}\\Z'}, 'resources': {'title': "a list with the alarm's ARN", 'type': 'array', 'minItems': 1, 'items': {'title': 'the ARN of a CloudWatch alarm', 'type': 'string', 'maxLength': 1600, 'pattern': '^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z'}}, 'detail': {'title': 'an object', 'type': 'object', 'required': ['alarmName', 'state'], 'properties': {'alarmName': {'title': "an alarm's name", 'type': 'string', 'maxLength': 255, 'pattern': '^[^\\x00-\\x1f\\x7f]+\\Z'}, 'state': {'title': 'an object', 'type': 'object', 'required': ['value', 'timestamp'], 'properties': {'value': {'title': "'ALARM', 'OK' or 'INSUFFICIENT_DATA'", 'enum': ['ALARM', 'OK', 'INSUFFICIENT_DATA']}, 'timestamp': {'title': 'a time (ISO 8601)', 'type': 'string'}}}, 'alarmContributor': {'title': 'an object', 'description': 'Of an alarm over many time series: the one that has turned.', 'type': 'object', 'required': ['id'], 'properties': {'id': {'title': "a contributor's id", 'type': 'string', 'pattern': '^[^\\x00-\\x1f\\x7f]{1,1024}\\Z'}}}, 'previousState': {'title': 'an object', 'type': 'object', 'properties': {'value': {'title': 'a state', 'type': 'string'}}}}}}}, rule='required')
        data_keys = set(data.keys())
        if "id" in data_keys:
            data_keys.remove("id")
            data__id = data["id"]
            if not isinstance(data__id, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".id must be string", value=data__id, name="" + (name_prefix or "data") + ".id", definition={'title': "the event's id", 'type': 'string', 'minLength': 1, 'maxLength': 128}, rule='type')
            if isinstance(data__id, str):
                data__id_len = len(data__id)
                if data__id_len < 1:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".id must be longer than or equal to 1 characters", value=data__id, name="" + (name_prefix or "data") + ".id", definition={'title': "the event's id", 'type': 'string', 'minLength': 1, 'maxLength': 128}, rule='minLength')
                if data__id_len > 128:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".id must be shorter than or equal to 128 characters", value=data__id, name="" + (name_prefix or "data") + ".id", definition={'title': "the event's id", 'type': 'string', 'minLength': 1, 'maxLength': 128}, rule='maxLength')
        if "source" in data_keys:
            data_keys.remove("source")
            data__source = data["source"]
            if not (isinstance(data__source, str) and data__source == 'aws.cloudwatch'):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".source must be one of ['aws.cloudwatch']", value=data__source, name="" + (name_prefix or "data") + ".source", definition={'title': "'aws.cloudwatch'", 'enum': ['aws.cloudwatch']}, rule='enum')
        if "account" in data_keys:
            data_keys.remove("account")
            data__account = data["account"]
            if not isinstance(data__account, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".account must be string", value=data__account, name="" + (name_prefix or "data") + ".account", definition={'title': '12 digits', 'type': 'string', 'pattern': '^[0-9]{12}\\Z'}, rule='type')
            if isinstance(data__account, str):
                if not REGEX_PATTERNS['^[0-9]{12}\\Z'].search(data__account):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".account must match pattern ^[0-9]{12}\\Z", value=data__account, name="" + (name_prefix or "data") + ".account", definition={'title': '12 digits', 'type': 'string', 'pattern': '^[0-9]{12}\\Z'}, rule='pattern')
        if "region" in data_keys:
            data_keys.remove("region")
            data__region = data["region"]
            if not isinstance(data__region, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".region must be string", value=data__region, name="" + (name_prefix or "data") + ".region", definition={'title': 'a region', 'type': 'string', 'pattern': '^[a-z0-9-]{1,32}\\Z'}, rule='type')
            if isinstance(data__region, str):
                if not REGEX_PATTERNS['^[a-z0-9-]{1,32}\\Z'].search(data__region):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".region must match pattern ^[a-z0-9-]{1,32}\\Z", value=data__region, name="" + (name_prefix or "data") + ".region", definition={'title': 'a region', 'type': 'string', 'pattern': '^[a-z0-9-]{1,32}\\Z'}, rule='pattern')
        if "resources" in data_keys:
            data_keys.remove("resources")
            data__resources = data["resources"]
            if not isinstance(data__resources, (list, tuple)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".resources must be array", value=data__resources, name="" + (name_prefix or "data") + ".resources", definition={'title': "a list with the alarm's ARN", 'type': 'array', 'minItems': 1, 'items': {'title': 'the ARN of a CloudWatch alarm', 'type': 'string', 'maxLength': 1600, 'pattern': '^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z'}}, rule='type')
            data__resources_is_list = isinstance(data__resources, (list, tuple))
            if data__resources_is_list:
                data__resources_len = len(data__resources)
                if data__resources_len < 1:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".resources must contain at least 1 items", value=data__resources, name="" + (name_prefix or "data") + ".resources", definition={'title': "a list with the alarm's ARN", 'type': 'array', 'minItems': 1, 'items': {'title': 'the ARN of a CloudWatch alarm', 'type': 'string', 'maxLength': 1600, 'pattern': '^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z'}}, rule='minItems')
                for data__resources_x, data__resources_item in enumerate(data__resources):
                    if not isinstance(data__resources_item, (str)):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".resources[{data__resources_x}]".format(**locals()) + " must be string", value=data__resources_item, name="" + (name_prefix or "data") + ".resources[{data__resources_x}]".format(**locals()) + "", definition={'title': 'the ARN of a CloudWatch alarm', 'type': 'string', 'maxLength': 1600, 'pattern': '^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z'}, rule='type')
                    if isinstance(data__resources_item, str):
                        data__resources_item_len = len(data__resources_item)
                        if data__resources_item_len > 1600:
                            raise JsonSchemaValueException("" + (name_prefix or "data") + ".resources[{data__resources_x}]".format(**locals()) + " must be shorter than or equal to 1600 characters", value=data__resources_item, name="" + (name_prefix or "data") + ".resources[{data__resources_x}]".format(**locals()) + "", definition={'title': 'the ARN of a CloudWatch alarm', 'type': 'string', 'maxLength': 1600, 'pattern': '^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z'}, rule='maxLength')
                        if not REGEX_PATTERNS['^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z'].search(data__resources_item):
                            raise JsonSchemaValueException("" + (name_prefix or "data") + ".resources[{data__resources_x}]".format(**locals()) + " must match pattern ^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z", value=data__resources_item, name="" + (name_prefix or "data") + ".resources[{data__resources_x}]".format(**locals()) + "", definition={'title': 'the ARN of a CloudWatch alarm', 'type': 'string', 'maxLength': 1600, 'pattern': '^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z'}, rule='pattern')
        if "detail" in data_keys:
            data_keys.remove("detail")
            data__detail = data["detail"]
            if not isinstance(data__detail, (dict)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".detail must be object", value=data__detail, name="" + (name_prefix or "data") + ".detail", definition={'title': 'an object', 'type': 'object', 'required': ['alarmName', 'state'], 'properties': {'alarmName': {'title': "an alarm's name", 'type': 'string', 'maxLength': 255, 'pattern': '^[^\\x00-\\x1f\\x7f]+\\Z'}, 'state': {'title': 'an object', 'type': 'object', 'required': ['value', 'timestamp'], 'properties': {'value': {'title': "'ALARM', 'OK' or 'INSUFFICIENT_DATA'", 'enum': ['ALARM', 'OK', 'INSUFFICIENT_DATA']}, 'timestamp': {'title': 'a time (ISO 8601)', 'type': 'string'}}}, 'alarmContributor': {'title': 'an object', 'description': 'Of an alarm over many time series: the one that has turned.', 'type': 'object', 'required': ['id'], 'properties': {'id': {'title': "a contributor's id", 'type': 'string', 'pattern': '^[^\\x00-\\x1f\\x7f]{1,1024}\\Z'}}}, 'previousState': {'title': 'an object', 'type': 'object', 'properties': {'value': {'title': 'a state', 'type': 'string'}}}}}, rule='type')
            data__detail_is_dict = isinstance(data__detail, dict)
            if data__detail_is_dict:
                data__detail__missing_keys = set(['alarmName', 'state']) - data__detail.keys()
                if data__detail__missing_keys:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".detail must contain " + (str(sorted(data__detail__missing_keys)) + " properties"), value=data__detail, name="" + (name_prefix or "data") + ".detail", definition={'title': 'an object', 'type': 'object', 'required': ['alarmName', 'state'], 'properties': {'alarmName': {'title': "an alarm's name", 'type': 'string', 'maxLength': 255, 'pattern': '^[^\\x00-\\x1f\\x7f]+\\Z'}, 'state': {'title': 'an object', 'type': 'object', 'required': ['value', 'timestamp'], 'properties': {'value': {'title': "'ALARM', 'OK' or 'INSUFFICIENT_DATA'", 'enum': ['ALARM', 'OK', 'INSUFFICIENT_DATA']}, 'timestamp': {'title': 'a time (ISO 8601)', 'type': 'string'}}}, 'alarmContributor': {'title': 'an object', 'description': 'Of an alarm over many time series: the one that has turned.', 'type': 'object', 'required': ['id'], 'properties': {'id': {'title': "a contributor's id", 'type': 'string', 'pattern': '^[^\\x00-\\x1f\\x7f]{1,1024}\\Z'}}}, 'previousState': {'title': 'an object', 'type': 'object', 'properties': {'value': {'title': 'a state', 'type': 'string'}}}}}, rule='required')
                data__detail_keys = set(data__detail.keys())
                if "alarmName" in data__detail_keys:
                    data__detail_keys.remove("alarmName")
                    data__detail__alarmName = data__detail["alarmName"]
                    if not isinstance(data__detail__alarmName, (str)):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".detail.alarmName must be string", value=data__detail__alarmName, name="" + (name_prefix or "data") + ".detail.alarmName", definition={'title': "an alarm's name", 'type': 'string', 'maxLength': 255, 'pattern': '^[^\\x00-\\x1f\\x7f]+\\Z'}, rule='type')
                    if isinstance(data__detail__alarmName, str):
                        data__detail__alarmName_len = len(data__detail__alarmName)
                        if data__detail__alarmName_len > 255:
                            raise JsonSchemaValueException("" + (name_prefix or "data") + ".detail.alarmName must be shorter than or equal to 255 characters", value=data__detail__alarmName, name="" + (name_prefix or "data") + ".detail.alarmName", definition={'title': "an alarm's name", 'type': 'string', 'maxLength': 255, 'pattern': '^[^\\x00-\\x1f\\x7f]+\\Z'}, rule='maxLength')
                        if not REGEX_PATTERNS['^[^\\x00-\\x1f\\x7f]+\\Z'].search(data__detail__alarmName):
                            raise JsonSchemaValueException("" + (name_prefix or "data") + ".detail.alarmName must match pattern ^[^\\x00-\\x1f\\x7f]+\\Z", value=data__detail__alarmName, name="" + (name_prefix or "data") + ".detail.alarmName", definition={'title': "an alarm's name", 'type': 'string', 'maxLength': 255, 'pattern': '^[^\\x00-\\x1f\\x7f]+\\Z'}, rule='pattern')
                if "state" in data__detail_keys:
                    data__detail_keys.remove("state")
                    data__detail__state = data__detail["state"]
                    if not isinstance(data__detail__state, (dict)):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".detail.state must be object", value=data__detail__state, name="" + (name_prefix or "data") + ".detail.state", definition={'title': 'an object', 'type': 'object', 'required': ['value', 'timestamp'], 'properties': {'value': {'title': "'ALARM', 'OK' or 'INSUFFICIENT_DATA'", 'enum': ['ALARM', 'OK', 'INSUFFICIENT_DATA']}, 'timestamp': {'title': 'a time (ISO 8601)', 'type': 'string'}}}, rule='type')
                    data__detail__state_is_dict = isinstance(data__detail__state, dict)
                    if data__detail__state_is_dict:
                        data__detail__state__missing_keys = set(['value', 'timestamp']) - data__detail__state.keys()
                        if data__detail__state__missing_keys:
                            raise JsonSchemaValueException("" + (name_prefix or "data") + ".detail.state must contain " + (str(sorted(data__detail__state__missing_keys)) + " properties"), value=data__detail__state, name="" + (name_prefix or "data") + ".detail.state", definition={'title': 'an object', 'type': 'object', 'required': ['value', 'timestamp'], 'properties': {'value': {'title': "'ALARM', 'OK' or 'INSUFFICIENT_DATA'", 'enum': ['ALARM', 'OK', 'INSUFFICIENT_DATA']}, 'timestamp': {'title': 'a time (ISO 8601)', 'type': 'string'}}}, rule='required')
                        data__detail__state_keys = set(data__detail__state.keys())
                        if "value" in data__detail__state_keys:
                            data__detail__state_keys.remove("value")
                            data__detail__state__value = data__detail__state["value"]
                            if not (isinstance(data__detail__state__value, str) and data__detail__state__value == 'ALARM' or isinstance(data__detail__state__value, str) and data__detail__state__value == 'OK' or isinstance(data__detail__state__value, str) and data__detail__state__value == 'INSUFFICIENT_DATA'):
                                raise JsonSchemaValueException("" + (name_prefix or "data") + ".detail.state.value must be one of ['ALARM', 'OK', 'INSUFFICIENT_DATA']", value=data__detail__state__value, name="" + (name_prefix or "data") + ".detail.state.value", definition={'title': "'ALARM', 'OK' or 'INSUFFICIENT_DATA'", 'enum': ['ALARM', 'OK', 'INSUFFICIENT_DATA']}, rule='enum')
                        if "timestamp" in data__detail__state_keys:
                            data__detail__state_keys.remove("timestamp")
                            data__detail__state__timestamp = data__detail__state["timestamp"]
                            if not isinstance(data__detail__state__timestamp, (str)):
                                raise JsonSchemaValueException("" + (name_prefix or "data") + ".detail.state.timestamp must be string", value=data__detail__state__timestamp, name="" + (name_prefix or "data") + ".detail.state.timestamp", definition={'title': 'a time (ISO 8601)', 'type': 'string'}, rule='type')
                if "alarmContributor" in data__detail_keys:
                    data__detail_keys.remove("alarmContributor")
                    data__detail__alarmContributor = data__detail["alarmContributor"]
                    if not isinstance(data__detail__alarmContributor, (dict)):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".detail.alarmContributor must be object", value=data__detail__alarmContributor, name="" + (name_prefix or "data") + ".detail.alarmContributor", definition={'title': 'an object', 'description': 'Of an alarm over many time series: the one that has turned.', 'type': 'object', 'required': ['id'], 'properties': {'id': {'title': "a contributor's id", 'type': 'string', 'pattern': '^[^\\x00-\\x1f\\x7f]{1,1024}\\Z'}}}, rule='type')
                    data__detail__alarmContributor_is_dict = isinstance(data__detail__alarmContributor, dict)
                    if data__detail__alarmContributor_is_dict:
                        data__detail__alarmContributor__missing_keys = set(['id']) - data__detail__alarmContributor.keys()
                        if data__detail__alarmContributor__missing_keys:
                            raise JsonSchemaValueException("" + (name_prefix or "data") + ".detail.alarmContributor must contain " + (str(sorted(data__detail__alarmContributor__missing_keys)) + " properties"), value=data__detail__alarmContributor, name="" + (name_prefix or "data") + ".detail.alarmContributor", definition={'title': 'an object', 'description': 'Of an alarm over many time series: the one that has turned.', 'type': 'object', 'required': ['id'], 'properties': {'id': {'title': "a contributor's id", 'type': 'string', 'pattern': '^[^\\x00-\\x1f\\x7f]{1,1024}\\Z'}}}, rule='required')
                        data__detail__alarmContributor_keys = set(data__detail__alarmContributor.keys())
                        if "id" in data__detail__alarmContributor_keys:
                            data__detail__alarmContributor_keys.remove("id")
                            data__detail__alarmContributor__id = data__detail__alarmContributor["id"]
                            if not isinstance(data__detail__alarmContributor__id, (str)):
                                raise JsonSchemaValueException("" + (name_prefix or "data") + ".detail.alarmContributor.id must be string", value=data__detail__alarmContributor__id, name="" + (name_prefix or "data") + ".detail.alarmContributor.id", definition={'title': "a contributor's id", 'type': 'string', 'pattern': '^[^\\x00-\\x1f\\x7f]{1,1024}\\Z'}, rule='type')
                            if isinstance(data__detail__alarmContributor__id, str):
                                if not REGEX_PATTERNS['^[^\\x00-\\x1f\\x7f]{1,1024}\\Z'].search(data__detail__alarmContributor__id):
                                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".detail.alarmContributor.id must match pattern ^[^\\x00-\\x1f\\x7f]{1,1024}\\Z", value=data__detail__alarmContributor__id, name="" + (name_prefix or "data") + ".detail.alarmContributor.id", definition={'title': "a contributor's id", 'type': 'string', 'pattern': '^[^\\x00-\\x1f\\x7f]{1,1024}\\Z'}, rule='pattern')
                if "previousState" in data__detail_keys:
                    data__detail_keys.remove("previousState")
                    data__detail__previousState = data__detail["previousState"]
                    if not isinstance(data__detail__previousState, (dict)):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".detail.previousState must be object", value=data__detail__previousState, name="" + (name_prefix or "data") + ".detail.previousState", definition={'title': 'an object', 'type': 'object', 'properties': {'value': {'title': 'a state', 'type': 'string'}}}, rule='type')
                    data__detail__previousState_is_dict = isinstance(data__detail__previousState, dict)
                    if data__detail__previousState_is_dict:
                        data__detail__previousState_keys = set(data__detail__previousState.keys())
                        if "value" in data__detail__previousState_keys:
                            data__detail__previousState_keys.remove("value")
                            data__detail__previousState__value = data__detail__previousState["value"]
                            if not isinstance(data__detail__previousState__value, (str)):
                                raise JsonSchemaValueException("" + (name_prefix or "data") + ".detail.previousState.value must be string", value=data__detail__previousState__value, name="" + (name_prefix or "data") + ".detail.previousState.value", definition={'title': 'a state', 'type': 'string'}, rule='type')
    return data
