"""Written by `make generated` from the schema of this name."""

VERSION = "2.22.3"
from decimal import Decimal
import re
from fastjsonschema import JsonSchemaValueException, JsonSchemaValuesException


REGEX_PATTERNS = {
    '^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z': re.compile('^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z'),
    '^[^\\x00-\\x1f\\x7f]+\\Z': re.compile('^[^\\x00-\\x1f\\x7f]+\\Z'),
    '^[^\\x00-\\x1f\\x7f]{1,1024}\\Z': re.compile('^[^\\x00-\\x1f\\x7f]{1,1024}\\Z')
}

NoneType = type(None)

def validate(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (dict)):
        raise JsonSchemaValueException("" + (name_prefix or "data") + " must be object", value=data, name="" + (name_prefix or "data") + "", definition={'$schema': 'http://json-schema.org/draft-07/schema#', 'title': 'a CloudWatch alarm that invokes the function directly', 'description': "Amazon CloudWatch User Guide, 'Invoke a Lambda function from an alarm'.", 'type': 'object', 'required': ['alarmArn', 'alarmData'], 'properties': {'alarmArn': {'title': 'the ARN of a CloudWatch alarm', 'type': 'string', 'maxLength': 1600, 'pattern': '^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z'}, 'time': {'title': 'a time (ISO 8601)', 'type': 'string'}, 'alarmData': {'title': 'an object', 'type': 'object', 'required': ['alarmName', 'state'], 'properties': {'alarmName': {'title': "an alarm's name", 'type': 'string', 'maxLength': 255, 'pattern': '^[^\\x00-\\x1f\\x7f]+\\Z'}, 'state': {'title': 'an object', 'type': 'object', 'required': ['value', 'timestamp'], 'properties': {'value': {'title': "'ALARM', 'OK' or 'INSUFFICIENT_DATA'", 'enum': ['ALARM', 'OK', 'INSUFFICIENT_DATA']}, 'timestamp': {'title': 'a time (ISO 8601)', 'type': 'string'}}}, 'alarmContributor': {'title': 'an object', 'description': 'Of an alarm over many time series: the one that has turned.', 'type': 'object', 'required': ['id'], 'properties': {'id': {'title': "a contributor's id", 'type': 'string', 'pattern': '^[^\\x00-\\x1f\\x7f]{1,1024}\\Z'}}}, 'previousState': {'title': 'an object', 'type': 'object', 'properties': {'value': {'title': 'a state', 'type': 'string'}}}}}}}, rule='type')
    data_is_dict = isinstance(data, dict)
    if data_is_dict:
        data__missing_keys = set(['alarmArn', 'alarmData']) - data.keys()
        if data__missing_keys:
            raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'$schema': 'http://json-schema.org/draft-07/schema#', 'title': 'a CloudWatch alarm that invokes the function directly', 'description': "Amazon CloudWatch User Guide, 'Invoke a Lambda function from an alarm'.", 'type': 'object', 'required': ['alarmArn', 'alarmData'], 'properties': {'alarmArn': {'title': 'the ARN of a CloudWatch alarm', 'type': 'string', 'maxLength': 1600, 'pattern': '^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z'}, 'time': {'title': 'a time (ISO 8601)', 'type': 'string'}, 'alarmData': {'title': 'an object', 'type': 'object', 'required': ['alarmName', 'state'], 'properties': {'alarmName': {'title': "an alarm's name", 'type': 'string', 'maxLength': 255, 'pattern': '^[^\\x00-\\x1f\\x7f]+\\Z'}, 'state': {'title': 'an object', 'type': 'object', 'required': ['value', 'timestamp'], 'properties': {'value': {'title': "'ALARM', 'OK' or 'INSUFFICIENT_DATA'", 'enum': ['ALARM', 'OK', 'INSUFFICIENT_DATA']}, 'timestamp': {'title': 'a time (ISO 8601)', 'type': 'string'}}}, 'alarmContributor': {'title': 'an object', 'description': 'Of an alarm over many time series: the one that has turned.', 'type': 'object', 'required': ['id'], 'properties': {'id': {'title': "a contributor's id", 'type': 'string', 'pattern': '^[^\\x00-\\x1f\\x7f]{1,1024}\\Z'}}}, 'previousState': {'title': 'an object', 'type': 'object', 'properties': {'value': {'title': 'a state', 'type': 'string'}}}}}}}, rule='required')
        data_keys = set(data.keys())
        if "alarmArn" in data_keys:
            data_keys.remove("alarmArn")
            data__alarmArn = data["alarmArn"]
            if not isinstance(data__alarmArn, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".alarmArn must be string", value=data__alarmArn, name="" + (name_prefix or "data") + ".alarmArn", definition={'title': 'the ARN of a CloudWatch alarm', 'type': 'string', 'maxLength': 1600, 'pattern': '^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z'}, rule='type')
            if isinstance(data__alarmArn, str):
                data__alarmArn_len = len(data__alarmArn)
                if data__alarmArn_len > 1600:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".alarmArn must be shorter than or equal to 1600 characters", value=data__alarmArn, name="" + (name_prefix or "data") + ".alarmArn", definition={'title': 'the ARN of a CloudWatch alarm', 'type': 'string', 'maxLength': 1600, 'pattern': '^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z'}, rule='maxLength')
                if not REGEX_PATTERNS['^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z'].search(data__alarmArn):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".alarmArn must match pattern ^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z", value=data__alarmArn, name="" + (name_prefix or "data") + ".alarmArn", definition={'title': 'the ARN of a CloudWatch alarm', 'type': 'string', 'maxLength': 1600, 'pattern': '^arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:[0-9]{12}:alarm:[^\\x00-\\x1f\\x7f]{1,255}\\Z'}, rule='pattern')
        if "time" in data_keys:
            data_keys.remove("time")
            data__time = data["time"]
            if not isinstance(data__time, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".time must be string", value=data__time, name="" + (name_prefix or "data") + ".time", definition={'title': 'a time (ISO 8601)', 'type': 'string'}, rule='type')
        if "alarmData" in data_keys:
            data_keys.remove("alarmData")
            data__alarmData = data["alarmData"]
            if not isinstance(data__alarmData, (dict)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".alarmData must be object", value=data__alarmData, name="" + (name_prefix or "data") + ".alarmData", definition={'title': 'an object', 'type': 'object', 'required': ['alarmName', 'state'], 'properties': {'alarmName': {'title': "an alarm's name", 'type': 'string', 'maxLength': 255, 'pattern': '^[^\\x00-\\x1f\\x7f]+\\Z'}, 'state': {'title': 'an object', 'type': 'object', 'required': ['value', 'timestamp'], 'properties': {'value': {'title': "'ALARM', 'OK' or 'INSUFFICIENT_DATA'", 'enum': ['ALARM', 'OK', 'INSUFFICIENT_DATA']}, 'timestamp': {'title': 'a time (ISO 8601)', 'type': 'string'}}}, 'alarmContributor': {'title': 'an object', 'description': 'Of an alarm over many time series: the one that has turned.', 'type': 'object', 'required': ['id'], 'properties': {'id': {'title': "a contributor's id", 'type': 'string', 'pattern': '^[^\\x00-\\x1f\\x7f]{1,1024}\\Z'}}}, 'previousState': {'title': 'an object', 'type': 'object', 'properties': {'value': {'title': 'a state', 'type': 'string'}}}}}, rule='type')
            data__alarmData_is_dict = isinstance(data__alarmData, dict)
            if data__alarmData_is_dict:
                data__alarmData__missing_keys = set(['alarmName', 'state']) - data__alarmData.keys()
                if data__alarmData__missing_keys:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".alarmData must contain " + (str(sorted(data__alarmData__missing_keys)) + " properties"), value=data__alarmData, name="" + (name_prefix or "data") + ".alarmData", definition={'title': 'an object', 'type': 'object', 'required': ['alarmName', 'state'], 'properties': {'alarmName': {'title': "an alarm's name", 'type': 'string', 'maxLength': 255, 'pattern': '^[^\\x00-\\x1f\\x7f]+\\Z'}, 'state': {'title': 'an object', 'type': 'object', 'required': ['value', 'timestamp'], 'properties': {'value': {'title': "'ALARM', 'OK' or 'INSUFFICIENT_DATA'", 'enum': ['ALARM', 'OK', 'INSUFFICIENT_DATA']}, 'timestamp': {'title': 'a time (ISO 8601)', 'type': 'string'}}}, 'alarmContributor': {'title': 'an object', 'description': 'Of an alarm over many time series: the one that has turned.', 'type': 'object', 'required': ['id'], 'properties': {'id': {'title': "a contributor's id", 'type': 'string', 'pattern': '^[^\\x00-\\x1f\\x7f]{1,1024}\\Z'}}}, 'previousState': {'title': 'an object', 'type': 'object', 'properties': {'value': {'title': 'a state', 'type': 'string'}}}}}, rule='required')
                data__alarmData_keys = set(data__alarmData.keys())
                if "alarmName" in data__alarmData_keys:
                    data__alarmData_keys.remove("alarmName")
                    data__alarmData__alarmName = data__alarmData["alarmName"]
                    if not isinstance(data__alarmData__alarmName, (str)):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".alarmData.alarmName must be string", value=data__alarmData__alarmName, name="" + (name_prefix or "data") + ".alarmData.alarmName", definition={'title': "an alarm's name", 'type': 'string', 'maxLength': 255, 'pattern': '^[^\\x00-\\x1f\\x7f]+\\Z'}, rule='type')
                    if isinstance(data__alarmData__alarmName, str):
                        data__alarmData__alarmName_len = len(data__alarmData__alarmName)
                        if data__alarmData__alarmName_len > 255:
                            raise JsonSchemaValueException("" + (name_prefix or "data") + ".alarmData.alarmName must be shorter than or equal to 255 characters", value=data__alarmData__alarmName, name="" + (name_prefix or "data") + ".alarmData.alarmName", definition={'title': "an alarm's name", 'type': 'string', 'maxLength': 255, 'pattern': '^[^\\x00-\\x1f\\x7f]+\\Z'}, rule='maxLength')
                        if not REGEX_PATTERNS['^[^\\x00-\\x1f\\x7f]+\\Z'].search(data__alarmData__alarmName):
                            raise JsonSchemaValueException("" + (name_prefix or "data") + ".alarmData.alarmName must match pattern ^[^\\x00-\\x1f\\x7f]+\\Z", value=data__alarmData__alarmName, name="" + (name_prefix or "data") + ".alarmData.alarmName", definition={'title': "an alarm's name", 'type': 'string', 'maxLength': 255, 'pattern': '^[^\\x00-\\x1f\\x7f]+\\Z'}, rule='pattern')
                if "state" in data__alarmData_keys:
                    data__alarmData_keys.remove("state")
                    data__alarmData__state = data__alarmData["state"]
                    if not isinstance(data__alarmData__state, (dict)):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".alarmData.state must be object", value=data__alarmData__state, name="" + (name_prefix or "data") + ".alarmData.state", definition={'title': 'an object', 'type': 'object', 'required': ['value', 'timestamp'], 'properties': {'value': {'title': "'ALARM', 'OK' or 'INSUFFICIENT_DATA'", 'enum': ['ALARM', 'OK', 'INSUFFICIENT_DATA']}, 'timestamp': {'title': 'a time (ISO 8601)', 'type': 'string'}}}, rule='type')
                    data__alarmData__state_is_dict = isinstance(data__alarmData__state, dict)
                    if data__alarmData__state_is_dict:
                        data__alarmData__state__missing_keys = set(['value', 'timestamp']) - data__alarmData__state.keys()
                        if data__alarmData__state__missing_keys:
                            raise JsonSchemaValueException("" + (name_prefix or "data") + ".alarmData.state must contain " + (str(sorted(data__alarmData__state__missing_keys)) + " properties"), value=data__alarmData__state, name="" + (name_prefix or "data") + ".alarmData.state", definition={'title': 'an object', 'type': 'object', 'required': ['value', 'timestamp'], 'properties': {'value': {'title': "'ALARM', 'OK' or 'INSUFFICIENT_DATA'", 'enum': ['ALARM', 'OK', 'INSUFFICIENT_DATA']}, 'timestamp': {'title': 'a time (ISO 8601)', 'type': 'string'}}}, rule='required')
                        data__alarmData__state_keys = set(data__alarmData__state.keys())
                        if "value" in data__alarmData__state_keys:
                            data__alarmData__state_keys.remove("value")
                            data__alarmData__state__value = data__alarmData__state["value"]
                            if not (isinstance(data__alarmData__state__value, str) and data__alarmData__state__value == 'ALARM' or isinstance(data__alarmData__state__value, str) and data__alarmData__state__value == 'OK' or isinstance(data__alarmData__state__value, str) and data__alarmData__state__value == 'INSUFFICIENT_DATA'):
                                raise JsonSchemaValueException("" + (name_prefix or "data") + ".alarmData.state.value must be one of ['ALARM', 'OK', 'INSUFFICIENT_DATA']", value=data__alarmData__state__value, name="" + (name_prefix or "data") + ".alarmData.state.value", definition={'title': "'ALARM', 'OK' or 'INSUFFICIENT_DATA'", 'enum': ['ALARM', 'OK', 'INSUFFICIENT_DATA']}, rule='enum')
                        if "timestamp" in data__alarmData__state_keys:
                            data__alarmData__state_keys.remove("timestamp")
                            data__alarmData__state__timestamp = data__alarmData__state["timestamp"]
                            if not isinstance(data__alarmData__state__timestamp, (str)):
                                raise JsonSchemaValueException("" + (name_prefix or "data") + ".alarmData.state.timestamp must be string", value=data__alarmData__state__timestamp, name="" + (name_prefix or "data") + ".alarmData.state.timestamp", definition={'title': 'a time (ISO 8601)', 'type': 'string'}, rule='type')
                if "alarmContributor" in data__alarmData_keys:
                    data__alarmData_keys.remove("alarmContributor")
                    data__alarmData__alarmContributor = data__alarmData["alarmContributor"]
                    if not isinstance(data__alarmData__alarmContributor, (dict)):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".alarmData.alarmContributor must be object", value=data__alarmData__alarmContributor, name="" + (name_prefix or "data") + ".alarmData.alarmContributor", definition={'title': 'an object', 'description': 'Of an alarm over many time series: the one that has turned.', 'type': 'object', 'required': ['id'], 'properties': {'id': {'title': "a contributor's id", 'type': 'string', 'pattern': '^[^\\x00-\\x1f\\x7f]{1,1024}\\Z'}}}, rule='type')
                    data__alarmData__alarmContributor_is_dict = isinstance(data__alarmData__alarmContributor, dict)
                    if data__alarmData__alarmContributor_is_dict:
                        data__alarmData__alarmContributor__missing_keys = set(['id']) - data__alarmData__alarmContributor.keys()
                        if data__alarmData__alarmContributor__missing_keys:
                            raise JsonSchemaValueException("" + (name_prefix or "data") + ".alarmData.alarmContributor must contain " + (str(sorted(data__alarmData__alarmContributor__missing_keys)) + " properties"), value=data__alarmData__alarmContributor, name="" + (name_prefix or "data") + ".alarmData.alarmContributor", definition={'title': 'an object', 'description': 'Of an alarm over many time series: the one that has turned.', 'type': 'object', 'required': ['id'], 'properties': {'id': {'title': "a contributor's id", 'type': 'string', 'pattern': '^[^\\x00-\\x1f\\x7f]{1,1024}\\Z'}}}, rule='required')
                        data__alarmData__alarmContributor_keys = set(data__alarmData__alarmContributor.keys())
                        if "id" in data__alarmData__alarmContributor_keys:
                            data__alarmData__alarmContributor_keys.remove("id")
                            data__alarmData__alarmContributor__id = data__alarmData__alarmContributor["id"]
                            if not isinstance(data__alarmData__alarmContributor__id, (str)):
                                raise JsonSchemaValueException("" + (name_prefix or "data") + ".alarmData.alarmContributor.id must be string", value=data__alarmData__alarmContributor__id, name="" + (name_prefix or "data") + ".alarmData.alarmContributor.id", definition={'title': "a contributor's id", 'type': 'string', 'pattern': '^[^\\x00-\\x1f\\x7f]{1,1024}\\Z'}, rule='type')
                            if isinstance(data__alarmData__alarmContributor__id, str):
                                if not REGEX_PATTERNS['^[^\\x00-\\x1f\\x7f]{1,1024}\\Z'].search(data__alarmData__alarmContributor__id):
                                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".alarmData.alarmContributor.id must match pattern ^[^\\x00-\\x1f\\x7f]{1,1024}\\Z", value=data__alarmData__alarmContributor__id, name="" + (name_prefix or "data") + ".alarmData.alarmContributor.id", definition={'title': "a contributor's id", 'type': 'string', 'pattern': '^[^\\x00-\\x1f\\x7f]{1,1024}\\Z'}, rule='pattern')
                if "previousState" in data__alarmData_keys:
                    data__alarmData_keys.remove("previousState")
                    data__alarmData__previousState = data__alarmData["previousState"]
                    if not isinstance(data__alarmData__previousState, (dict)):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".alarmData.previousState must be object", value=data__alarmData__previousState, name="" + (name_prefix or "data") + ".alarmData.previousState", definition={'title': 'an object', 'type': 'object', 'properties': {'value': {'title': 'a state', 'type': 'string'}}}, rule='type')
                    data__alarmData__previousState_is_dict = isinstance(data__alarmData__previousState, dict)
                    if data__alarmData__previousState_is_dict:
                        data__alarmData__previousState_keys = set(data__alarmData__previousState.keys())
                        if "value" in data__alarmData__previousState_keys:
                            data__alarmData__previousState_keys.remove("value")
                            data__alarmData__previousState__value = data__alarmData__previousState["value"]
                            if not isinstance(data__alarmData__previousState__value, (str)):
                                raise JsonSchemaValueException("" + (name_prefix or "data") + ".alarmData.previousState.value must be string", value=data__alarmData__previousState__value, name="" + (name_prefix or "data") + ".alarmData.previousState.value", definition={'title': 'a state', 'type': 'string'}, rule='type')
    return data
