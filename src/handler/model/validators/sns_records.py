"""Written by `make generated` from the schema of this name."""

VERSION = "2.22.3"
from decimal import Decimal
from fastjsonschema import JsonSchemaValueException, JsonSchemaValuesException


NoneType = type(None)

def validate(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (dict)):
        raise JsonSchemaValueException("" + (name_prefix or "data") + " must be object", value=data, name="" + (name_prefix or "data") + "", definition={'$schema': 'http://json-schema.org/draft-07/schema#', 'title': 'an event of SNS records', 'type': 'object', 'required': ['Records'], 'properties': {'Records': {'title': 'a list of 1 to 100 SNS records', 'type': 'array', 'minItems': 1, 'maxItems': 100, 'items': {'title': 'an SNS record', 'type': 'object', 'required': ['Sns'], 'properties': {'Sns': {'title': 'an object', 'type': 'object'}}}}}}, rule='type')
    data_is_dict = isinstance(data, dict)
    if data_is_dict:
        data__missing_keys = set(['Records']) - data.keys()
        if data__missing_keys:
            raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'$schema': 'http://json-schema.org/draft-07/schema#', 'title': 'an event of SNS records', 'type': 'object', 'required': ['Records'], 'properties': {'Records': {'title': 'a list of 1 to 100 SNS records', 'type': 'array', 'minItems': 1, 'maxItems': 100, 'items': {'title': 'an SNS record', 'type': 'object', 'required': ['Sns'], 'properties': {'Sns': {'title': 'an object', 'type': 'object'}}}}}}, rule='required')
        data_keys = set(data.keys())
        if "Records" in data_keys:
            data_keys.remove("Records")
            data__Records = data["Records"]
            if not isinstance(data__Records, (list, tuple)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".Records must be array", value=data__Records, name="" + (name_prefix or "data") + ".Records", definition={'title': 'a list of 1 to 100 SNS records', 'type': 'array', 'minItems': 1, 'maxItems': 100, 'items': {'title': 'an SNS record', 'type': 'object', 'required': ['Sns'], 'properties': {'Sns': {'title': 'an object', 'type': 'object'}}}}, rule='type')
            data__Records_is_list = isinstance(data__Records, (list, tuple))
            if data__Records_is_list:
                data__Records_len = len(data__Records)
                if data__Records_len < 1:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".Records must contain at least 1 items", value=data__Records, name="" + (name_prefix or "data") + ".Records", definition={'title': 'a list of 1 to 100 SNS records', 'type': 'array', 'minItems': 1, 'maxItems': 100, 'items': {'title': 'an SNS record', 'type': 'object', 'required': ['Sns'], 'properties': {'Sns': {'title': 'an object', 'type': 'object'}}}}, rule='minItems')
                if data__Records_len > 100:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".Records must contain less than or equal to 100 items", value=data__Records, name="" + (name_prefix or "data") + ".Records", definition={'title': 'a list of 1 to 100 SNS records', 'type': 'array', 'minItems': 1, 'maxItems': 100, 'items': {'title': 'an SNS record', 'type': 'object', 'required': ['Sns'], 'properties': {'Sns': {'title': 'an object', 'type': 'object'}}}}, rule='maxItems')
                for data__Records_x, data__Records_item in enumerate(data__Records):
                    if not isinstance(data__Records_item, (dict)):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".Records[{data__Records_x}]".format(**locals()) + " must be object", value=data__Records_item, name="" + (name_prefix or "data") + ".Records[{data__Records_x}]".format(**locals()) + "", definition={'title': 'an SNS record', 'type': 'object', 'required': ['Sns'], 'properties': {'Sns': {'title': 'an object', 'type': 'object'}}}, rule='type')
                    data__Records_item_is_dict = isinstance(data__Records_item, dict)
                    if data__Records_item_is_dict:
                        data__Records_item__missing_keys = set(['Sns']) - data__Records_item.keys()
                        if data__Records_item__missing_keys:
                            raise JsonSchemaValueException("" + (name_prefix or "data") + ".Records[{data__Records_x}]".format(**locals()) + " must contain " + (str(sorted(data__Records_item__missing_keys)) + " properties"), value=data__Records_item, name="" + (name_prefix or "data") + ".Records[{data__Records_x}]".format(**locals()) + "", definition={'title': 'an SNS record', 'type': 'object', 'required': ['Sns'], 'properties': {'Sns': {'title': 'an object', 'type': 'object'}}}, rule='required')
                        data__Records_item_keys = set(data__Records_item.keys())
                        if "Sns" in data__Records_item_keys:
                            data__Records_item_keys.remove("Sns")
                            data__Records_item__Sns = data__Records_item["Sns"]
                            if not isinstance(data__Records_item__Sns, (dict)):
                                raise JsonSchemaValueException("" + (name_prefix or "data") + ".Records[{data__Records_x}].Sns".format(**locals()) + " must be object", value=data__Records_item__Sns, name="" + (name_prefix or "data") + ".Records[{data__Records_x}].Sns".format(**locals()) + "", definition={'title': 'an object', 'type': 'object'}, rule='type')
    return data
