"""Written by `make generated` from the schema of this name."""

VERSION = "2.22.3"
from decimal import Decimal
from fastjsonschema import JsonSchemaValueException, JsonSchemaValuesException


NoneType = type(None)

def validate(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (dict)):
        raise JsonSchemaValueException("" + (name_prefix or "data") + " must be object", value=data, name="" + (name_prefix or "data") + "", definition={'$schema': 'http://json-schema.org/draft-07/schema#', 'title': 'an event of SQS records', 'type': 'object', 'required': ['Records'], 'properties': {'Records': {'title': 'a list of 1 to 10,000 SQS records', 'type': 'array', 'minItems': 1, 'maxItems': 10000, 'items': {'title': 'an SQS record', 'type': 'object', 'required': ['messageId', 'body'], 'properties': {'messageId': {'title': "the message's id", 'type': 'string', 'minLength': 1, 'maxLength': 128}, 'body': {'title': 'text', 'type': 'string'}}}}}}, rule='type')
    data_is_dict = isinstance(data, dict)
    if data_is_dict:
        data__missing_keys = set(['Records']) - data.keys()
        if data__missing_keys:
            raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'$schema': 'http://json-schema.org/draft-07/schema#', 'title': 'an event of SQS records', 'type': 'object', 'required': ['Records'], 'properties': {'Records': {'title': 'a list of 1 to 10,000 SQS records', 'type': 'array', 'minItems': 1, 'maxItems': 10000, 'items': {'title': 'an SQS record', 'type': 'object', 'required': ['messageId', 'body'], 'properties': {'messageId': {'title': "the message's id", 'type': 'string', 'minLength': 1, 'maxLength': 128}, 'body': {'title': 'text', 'type': 'string'}}}}}}, rule='required')
        data_keys = set(data.keys())
        if "Records" in data_keys:
            data_keys.remove("Records")
            data__Records = data["Records"]
            if not isinstance(data__Records, (list, tuple)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".Records must be array", value=data__Records, name="" + (name_prefix or "data") + ".Records", definition={'title': 'a list of 1 to 10,000 SQS records', 'type': 'array', 'minItems': 1, 'maxItems': 10000, 'items': {'title': 'an SQS record', 'type': 'object', 'required': ['messageId', 'body'], 'properties': {'messageId': {'title': "the message's id", 'type': 'string', 'minLength': 1, 'maxLength': 128}, 'body': {'title': 'text', 'type': 'string'}}}}, rule='type')
            data__Records_is_list = isinstance(data__Records, (list, tuple))
            if data__Records_is_list:
                data__Records_len = len(data__Records)
                if data__Records_len < 1:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".Records must contain at least 1 items", value=data__Records, name="" + (name_prefix or "data") + ".Records", definition={'title': 'a list of 1 to 10,000 SQS records', 'type': 'array', 'minItems': 1, 'maxItems': 10000, 'items': {'title': 'an SQS record', 'type': 'object', 'required': ['messageId', 'body'], 'properties': {'messageId': {'title': "the message's id", 'type': 'string', 'minLength': 1, 'maxLength': 128}, 'body': {'title': 'text', 'type': 'string'}}}}, rule='minItems')
                if data__Records_len > 10000:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".Records must contain less than or equal to 10000 items", value=data__Records, name="" + (name_prefix or "data") + ".Records", definition={'title': 'a list of 1 to 10,000 SQS records', 'type': 'array', 'minItems': 1, 'maxItems': 10000, 'items': {'title': 'an SQS record', 'type': 'object', 'required': ['messageId', 'body'], 'properties': {'messageId': {'title': "the message's id", 'type': 'string', 'minLength': 1, 'maxLength': 128}, 'body': {'title': 'text', 'type': 'string'}}}}, rule='maxItems')
                for data__Records_x, data__Records_item in enumerate(data__Records):
                    if not isinstance(data__Records_item, (dict)):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".Records[{data__Records_x}]".format(**locals()) + " must be object", value=data__Records_item, name="" + (name_prefix or "data") + ".Records[{data__Records_x}]".format(**locals()) + "", definition={'title': 'an SQS record', 'type': 'object', 'required': ['messageId', 'body'], 'properties': {'messageId': {'title': "the message's id", 'type': 'string', 'minLength': 1, 'maxLength': 128}, 'body': {'title': 'text', 'type': 'string'}}}, rule='type')
                    data__Records_item_is_dict = isinstance(data__Records_item, dict)
                    if data__Records_item_is_dict:
                        data__Records_item__missing_keys = set(['messageId', 'body']) - data__Records_item.keys()
                        if data__Records_item__missing_keys:
                            raise JsonSchemaValueException("" + (name_prefix or "data") + ".Records[{data__Records_x}]".format(**locals()) + " must contain " + (str(sorted(data__Records_item__missing_keys)) + " properties"), value=data__Records_item, name="" + (name_prefix or "data") + ".Records[{data__Records_x}]".format(**locals()) + "", definition={'title': 'an SQS record', 'type': 'object', 'required': ['messageId', 'body'], 'properties': {'messageId': {'title': "the message's id", 'type': 'string', 'minLength': 1, 'maxLength': 128}, 'body': {'title': 'text', 'type': 'string'}}}, rule='required')
                        data__Records_item_keys = set(data__Records_item.keys())
                        if "messageId" in data__Records_item_keys:
                            data__Records_item_keys.remove("messageId")
                            data__Records_item__messageId = data__Records_item["messageId"]
                            if not isinstance(data__Records_item__messageId, (str)):
                                raise JsonSchemaValueException("" + (name_prefix or "data") + ".Records[{data__Records_x}].messageId".format(**locals()) + " must be string", value=data__Records_item__messageId, name="" + (name_prefix or "data") + ".Records[{data__Records_x}].messageId".format(**locals()) + "", definition={'title': "the message's id", 'type': 'string', 'minLength': 1, 'maxLength': 128}, rule='type')
                            if isinstance(data__Records_item__messageId, str):
                                data__Records_item__messageId_len = len(data__Records_item__messageId)
                                if data__Records_item__messageId_len < 1:
                                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".Records[{data__Records_x}].messageId".format(**locals()) + " must be longer than or equal to 1 characters", value=data__Records_item__messageId, name="" + (name_prefix or "data") + ".Records[{data__Records_x}].messageId".format(**locals()) + "", definition={'title': "the message's id", 'type': 'string', 'minLength': 1, 'maxLength': 128}, rule='minLength')
                                if data__Records_item__messageId_len > 128:
                                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".Records[{data__Records_x}].messageId".format(**locals()) + " must be shorter than or equal to 128 characters", value=data__Records_item__messageId, name="" + (name_prefix or "data") + ".Records[{data__Records_x}].messageId".format(**locals()) + "", definition={'title': "the message's id", 'type': 'string', 'minLength': 1, 'maxLength': 128}, rule='maxLength')
                        if "body" in data__Records_item_keys:
                            data__Records_item_keys.remove("body")
                            data__Records_item__body = data__Records_item["body"]
                            if not isinstance(data__Records_item__body, (str)):
                                raise JsonSchemaValueException("" + (name_prefix or "data") + ".Records[{data__Records_x}].body".format(**locals()) + " must be string", value=data__Records_item__body, name="" + (name_prefix or "data") + ".Records[{data__Records_x}].body".format(**locals()) + "", definition={'title': 'text', 'type': 'string'}, rule='type')
    return data
