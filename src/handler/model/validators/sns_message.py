"""Written by `make generated` from the schema of this name."""

VERSION = "2.22.3"
from decimal import Decimal
from fastjsonschema import JsonSchemaValueException, JsonSchemaValuesException


NoneType = type(None)

def validate(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (dict)):
        raise JsonSchemaValueException("" + (name_prefix or "data") + " must be object", value=data, name="" + (name_prefix or "data") + "", definition={'$schema': 'http://json-schema.org/draft-07/schema#', 'title': 'a message of SNS', 'type': 'object', 'required': ['Message'], 'properties': {'Message': {'title': 'a CloudWatch alarm as JSON text', 'type': 'string'}, 'MessageId': {'title': "the message's id", 'type': 'string', 'maxLength': 128}}}, rule='type')
    data_is_dict = isinstance(data, dict)
    if data_is_dict:
        data__missing_keys = set(['Message']) - data.keys()
        if data__missing_keys:
            raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'$schema': 'http://json-schema.org/draft-07/schema#', 'title': 'a message of SNS', 'type': 'object', 'required': ['Message'], 'properties': {'Message': {'title': 'a CloudWatch alarm as JSON text', 'type': 'string'}, 'MessageId': {'title': "the message's id", 'type': 'string', 'maxLength': 128}}}, rule='required')
        data_keys = set(data.keys())
        if "Message" in data_keys:
            data_keys.remove("Message")
            data__Message = data["Message"]
            if not isinstance(data__Message, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".Message must be string", value=data__Message, name="" + (name_prefix or "data") + ".Message", definition={'title': 'a CloudWatch alarm as JSON text', 'type': 'string'}, rule='type')
        if "MessageId" in data_keys:
            data_keys.remove("MessageId")
            data__MessageId = data["MessageId"]
            if not isinstance(data__MessageId, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".MessageId must be string", value=data__MessageId, name="" + (name_prefix or "data") + ".MessageId", definition={'title': "the message's id", 'type': 'string', 'maxLength': 128}, rule='type')
            if isinstance(data__MessageId, str):
                data__MessageId_len = len(data__MessageId)
                if data__MessageId_len > 128:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".MessageId must be shorter than or equal to 128 characters", value=data__MessageId, name="" + (name_prefix or "data") + ".MessageId", definition={'title': "the message's id", 'type': 'string', 'maxLength': 128}, rule='maxLength')
    return data
