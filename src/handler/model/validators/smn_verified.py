"""Written by `make generated` from the schema of this name."""

VERSION = "2.22.3"
from decimal import Decimal
import re
from fastjsonschema import JsonSchemaValueException, JsonSchemaValuesException


REGEX_PATTERNS = {
    '^urn:smn:[a-z0-9-]{1,64}:[0-9a-f]{32}:[A-Za-z0-9_-]{1,255}\\Z': re.compile('^urn:smn:[a-z0-9-]{1,64}:[0-9a-f]{32}:[A-Za-z0-9_-]{1,255}\\Z'),
    '^[A-Za-z0-9_-]{1,128}\\Z': re.compile('^[A-Za-z0-9_-]{1,128}\\Z'),
    '^[^\\n]*\\Z': re.compile('^[^\\n]*\\Z')
}

NoneType = type(None)

def validate(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (dict)):
        raise JsonSchemaValueException("" + (name_prefix or "data") + " must be object", value=data, name="" + (name_prefix or "data") + "", definition={'$schema': 'http://json-schema.org/draft-07/schema#', 'title': 'a verified message of SMN', 'type': 'object', 'required': ['smn'], 'properties': {'smn': {'title': 'a message of SMN whose signature has been verified', 'type': 'object', 'required': ['topic_urn', 'message_id', 'timestamp', 'message'], 'properties': {'topic_urn': {'title': 'the URN of an SMN topic', 'type': 'string', 'pattern': '^urn:smn:[a-z0-9-]{1,64}:[0-9a-f]{32}:[A-Za-z0-9_-]{1,255}\\Z'}, 'message_id': {'title': "the message's id", 'type': 'string', 'pattern': '^[A-Za-z0-9_-]{1,128}\\Z'}, 'timestamp': {'title': 'a time (ISO 8601)', 'type': 'string', 'maxLength': 64}, 'subject': {'title': 'one line of text', 'type': ['string', 'null'], 'maxLength': 1024, 'pattern': '^[^\\n]*\\Z'}, 'message': {'title': 'text', 'type': 'string'}}}}}, rule='type')
    data_is_dict = isinstance(data, dict)
    if data_is_dict:
        data__missing_keys = set(['smn']) - data.keys()
        if data__missing_keys:
            raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'$schema': 'http://json-schema.org/draft-07/schema#', 'title': 'a verified message of SMN', 'type': 'object', 'required': ['smn'], 'properties': {'smn': {'title': 'a message of SMN whose signature has been verified', 'type': 'object', 'required': ['topic_urn', 'message_id', 'timestamp', 'message'], 'properties': {'topic_urn': {'title': 'the URN of an SMN topic', 'type': 'string', 'pattern': '^urn:smn:[a-z0-9-]{1,64}:[0-9a-f]{32}:[A-Za-z0-9_-]{1,255}\\Z'}, 'message_id': {'title': "the message's id", 'type': 'string', 'pattern': '^[A-Za-z0-9_-]{1,128}\\Z'}, 'timestamp': {'title': 'a time (ISO 8601)', 'type': 'string', 'maxLength': 64}, 'subject': {'title': 'one line of text', 'type': ['string', 'null'], 'maxLength': 1024, 'pattern': '^[^\\n]*\\Z'}, 'message': {'title': 'text', 'type': 'string'}}}}}, rule='required')
        data_keys = set(data.keys())
        if "smn" in data_keys:
            data_keys.remove("smn")
            data__smn = data["smn"]
            if not isinstance(data__smn, (dict)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".smn must be object", value=data__smn, name="" + (name_prefix or "data") + ".smn", definition={'title': 'a message of SMN whose signature has been verified', 'type': 'object', 'required': ['topic_urn', 'message_id', 'timestamp', 'message'], 'properties': {'topic_urn': {'title': 'the URN of an SMN topic', 'type': 'string', 'pattern': '^urn:smn:[a-z0-9-]{1,64}:[0-9a-f]{32}:[A-Za-z0-9_-]{1,255}\\Z'}, 'message_id': {'title': "the message's id", 'type': 'string', 'pattern': '^[A-Za-z0-9_-]{1,128}\\Z'}, 'timestamp': {'title': 'a time (ISO 8601)', 'type': 'string', 'maxLength': 64}, 'subject': {'title': 'one line of text', 'type': ['string', 'null'], 'maxLength': 1024, 'pattern': '^[^\\n]*\\Z'}, 'message': {'title': 'text', 'type': 'string'}}}, rule='type')
            data__smn_is_dict = isinstance(data__smn, dict)
            if data__smn_is_dict:
                data__smn__missing_keys = set(['topic_urn', 'message_id', 'timestamp', 'message']) - data__smn.keys()
                if data__smn__missing_keys:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".smn must contain " + (str(sorted(data__smn__missing_keys)) + " properties"), value=data__smn, name="" + (name_prefix or "data") + ".smn", definition={'title': 'a message of SMN whose signature has been verified', 'type': 'object', 'required': ['topic_urn', 'message_id', 'timestamp', 'message'], 'properties': {'topic_urn': {'title': 'the URN of an SMN topic', 'type': 'string', 'pattern': '^urn:smn:[a-z0-9-]{1,64}:[0-9a-f]{32}:[A-Za-z0-9_-]{1,255}\\Z'}, 'message_id': {'title': "the message's id", 'type': 'string', 'pattern': '^[A-Za-z0-9_-]{1,128}\\Z'}, 'timestamp': {'title': 'a time (ISO 8601)', 'type': 'string', 'maxLength': 64}, 'subject': {'title': 'one line of text', 'type': ['string', 'null'], 'maxLength': 1024, 'pattern': '^[^\\n]*\\Z'}, 'message': {'title': 'text', 'type': 'string'}}}, rule='required')
                data__smn_keys = set(data__smn.keys())
                if "topic_urn" in data__smn_keys:
                    data__smn_keys.remove("topic_urn")
                    data__smn__topicurn = data__smn["topic_urn"]
                    if not isinstance(data__smn__topicurn, (str)):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".smn.topic_urn must be string", value=data__smn__topicurn, name="" + (name_prefix or "data") + ".smn.topic_urn", definition={'title': 'the URN of an SMN topic', 'type': 'string', 'pattern': '^urn:smn:[a-z0-9-]{1,64}:[0-9a-f]{32}:[A-Za-z0-9_-]{1,255}\\Z'}, rule='type')
                    if isinstance(data__smn__topicurn, str):
                        if not REGEX_PATTERNS['^urn:smn:[a-z0-9-]{1,64}:[0-9a-f]{32}:[A-Za-z0-9_-]{1,255}\\Z'].search(data__smn__topicurn):
                            raise JsonSchemaValueException("" + (name_prefix or "data") + ".smn.topic_urn must match pattern ^urn:smn:[a-z0-9-]{1,64}:[0-9a-f]{32}:[A-Za-z0-9_-]{1,255}\\Z", value=data__smn__topicurn, name="" + (name_prefix or "data") + ".smn.topic_urn", definition={'title': 'the URN of an SMN topic', 'type': 'string', 'pattern': '^urn:smn:[a-z0-9-]{1,64}:[0-9a-f]{32}:[A-Za-z0-9_-]{1,255}\\Z'}, rule='pattern')
                if "message_id" in data__smn_keys:
                    data__smn_keys.remove("message_id")
                    data__smn__messageid = data__smn["message_id"]
                    if not isinstance(data__smn__messageid, (str)):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".smn.message_id must be string", value=data__smn__messageid, name="" + (name_prefix or "data") + ".smn.message_id", definition={'title': "the message's id", 'type': 'string', 'pattern': '^[A-Za-z0-9_-]{1,128}\\Z'}, rule='type')
                    if isinstance(data__smn__messageid, str):
                        if not REGEX_PATTERNS['^[A-Za-z0-9_-]{1,128}\\Z'].search(data__smn__messageid):
                            raise JsonSchemaValueException("" + (name_prefix or "data") + ".smn.message_id must match pattern ^[A-Za-z0-9_-]{1,128}\\Z", value=data__smn__messageid, name="" + (name_prefix or "data") + ".smn.message_id", definition={'title': "the message's id", 'type': 'string', 'pattern': '^[A-Za-z0-9_-]{1,128}\\Z'}, rule='pattern')
                if "timestamp" in data__smn_keys:
                    data__smn_keys.remove("timestamp")
                    data__smn__timestamp = data__smn["timestamp"]
                    if not isinstance(data__smn__timestamp, (str)):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".smn.timestamp must be string", value=data__smn__timestamp, name="" + (name_prefix or "data") + ".smn.timestamp", definition={'title': 'a time (ISO 8601)', 'type': 'string', 'maxLength': 64}, rule='type')
                    if isinstance(data__smn__timestamp, str):
                        data__smn__timestamp_len = len(data__smn__timestamp)
                        if data__smn__timestamp_len > 64:
                            raise JsonSchemaValueException("" + (name_prefix or "data") + ".smn.timestamp must be shorter than or equal to 64 characters", value=data__smn__timestamp, name="" + (name_prefix or "data") + ".smn.timestamp", definition={'title': 'a time (ISO 8601)', 'type': 'string', 'maxLength': 64}, rule='maxLength')
                if "subject" in data__smn_keys:
                    data__smn_keys.remove("subject")
                    data__smn__subject = data__smn["subject"]
                    if not isinstance(data__smn__subject, (str, NoneType)):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".smn.subject must be string or null", value=data__smn__subject, name="" + (name_prefix or "data") + ".smn.subject", definition={'title': 'one line of text', 'type': ['string', 'null'], 'maxLength': 1024, 'pattern': '^[^\\n]*\\Z'}, rule='type')
                    if isinstance(data__smn__subject, str):
                        data__smn__subject_len = len(data__smn__subject)
                        if data__smn__subject_len > 1024:
                            raise JsonSchemaValueException("" + (name_prefix or "data") + ".smn.subject must be shorter than or equal to 1024 characters", value=data__smn__subject, name="" + (name_prefix or "data") + ".smn.subject", definition={'title': 'one line of text', 'type': ['string', 'null'], 'maxLength': 1024, 'pattern': '^[^\\n]*\\Z'}, rule='maxLength')
                        if not REGEX_PATTERNS['^[^\\n]*\\Z'].search(data__smn__subject):
                            raise JsonSchemaValueException("" + (name_prefix or "data") + ".smn.subject must match pattern ^[^\\n]*\\Z", value=data__smn__subject, name="" + (name_prefix or "data") + ".smn.subject", definition={'title': 'one line of text', 'type': ['string', 'null'], 'maxLength': 1024, 'pattern': '^[^\\n]*\\Z'}, rule='pattern')
                if "message" in data__smn_keys:
                    data__smn_keys.remove("message")
                    data__smn__message = data__smn["message"]
                    if not isinstance(data__smn__message, (str)):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".smn.message must be string", value=data__smn__message, name="" + (name_prefix or "data") + ".smn.message", definition={'title': 'text', 'type': 'string'}, rule='type')
    return data
