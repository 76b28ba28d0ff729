"""Written by `make generated` from the schema of this name."""

VERSION = "2.22.3"
from decimal import Decimal
import re
from fastjsonschema import JsonSchemaValueException, JsonSchemaValuesException


REGEX_PATTERNS = {
    '^urn:smn:[a-z0-9-]{1,64}:[0-9a-f]{32}:[A-Za-z0-9_-]{1,255}\\Z': re.compile('^urn:smn:[a-z0-9-]{1,64}:[0-9a-f]{32}:[A-Za-z0-9_-]{1,255}\\Z'),
    '^[A-Za-z0-9_-]{1,128}\\Z': re.compile('^[A-Za-z0-9_-]{1,128}\\Z'),
    '^[^\\n]*\\Z': re.compile('^[^\\n]*\\Z'),
    '^[!-~]*\\Z': re.compile('^[!-~]*\\Z')
}

NoneType = type(None)

def validate(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (dict)):
        raise JsonSchemaValueException("" + (name_prefix or "data") + " must be object", value=data, name="" + (name_prefix or "data") + "", definition={'$schema': 'http://json-schema.org/draft-07/schema#', 'title': 'a message of SMN', 'type': 'object', 'required': ['type', 'topic_urn', 'message_id', 'message', 'timestamp', 'signature', 'signing_cert_url'], 'properties': {'type': {'title': "'Notification', 'SubscriptionConfirmation' or 'UnsubscribeConfirmation'", 'enum': ['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']}, 'topic_urn': {'title': 'the URN of an SMN topic', 'type': 'string', 'pattern': '^urn:smn:[a-z0-9-]{1,64}:[0-9a-f]{32}:[A-Za-z0-9_-]{1,255}\\Z'}, 'message_id': {'title': "the message's id", 'type': 'string', 'pattern': '^[A-Za-z0-9_-]{1,128}\\Z'}, 'message': {'title': 'text', 'type': 'string'}, 'timestamp': {'title': 'a time (ISO 8601)', 'type': 'string', 'maxLength': 64}, 'signature': {'title': 'Base64', 'type': 'string', 'maxLength': 2048}, 'signing_cert_url': {'title': 'a URL', 'type': 'string', 'maxLength': 1024}, 'subject': {'title': 'one line of text', 'type': ['string', 'null'], 'maxLength': 1024, 'pattern': '^[^\\n]*\\Z'}, 'subscribe_url': {'title': 'a URL', 'type': ['string', 'null'], 'maxLength': 4096, 'pattern': '^[!-~]*\\Z'}}}, rule='type')
    data_is_dict = isinstance(data, dict)
    if data_is_dict:
        data__missing_keys = set(['type', 'topic_urn', 'message_id', 'message', 'timestamp', 'signature', 'signing_cert_url']) - data.keys()
        if data__missing_keys:
            raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'$schema': 'http://json-schema.org/draft-07/schema#', 'title': 'a message of SMN', 'type': 'object', 'required': ['type', 'topic_urn', 'message_id', 'message', 'timestamp', 'signature', 'signing_cert_url'], 'properties': {'type': {'title': "'Notification', 'SubscriptionConfirmation' or 'UnsubscribeConfirmation'", 'enum': ['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']}, 'topic_urn': {'title': 'the URN of an SMN topic', 'type': 'string', 'pattern': '^urn:smn:[a-z0-9-]{1,64}:[0-9a-f]{32}:[A-Za-z0-9_-]{1,255}\\Z'}, 'message_id': {'title': "the message's id", 'type': 'string', 'pattern': '^[A-Za-z0-9_-]{1,128}\\Z'}, 'message': {'title': 'text', 'type': 'string'}, 'timestamp': {'title': 'a time (ISO 8601)', 'type': 'string', 'maxLength': 64}, 'signature': {'title': 'Base64', 'type': 'string', 'maxLength': 2048}, 'signing_cert_url': {'title': 'a URL', 'type': 'string', 'maxLength': 1024}, 'subject': {'title': 'one line of text', 'type': ['string', 'null'], 'maxLength': 1024, 'pattern': '^[^\\n]*\\Z'}, 'subscribe_url': {'title': 'a URL', 'type': ['string', 'null'], 'maxLength': 4096, 'pattern': '^[!-~]*\\Z'}}}, rule='required')
        data_keys = set(data.keys())
        if "type" in data_keys:
            data_keys.remove("type")
            data__type = data["type"]
            if not (isinstance(data__type, str) and data__type == 'Notification' or isinstance(data__type, str) and data__type == 'SubscriptionConfirmation' or isinstance(data__type, str) and data__type == 'UnsubscribeConfirmation'):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".type must be one of ['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']", value=data__type, name="" + (name_prefix or "data") + ".type", definition={'title': "'Notification', 'SubscriptionConfirmation' or 'UnsubscribeConfirmation'", 'enum': ['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']}, rule='enum')
        if "topic_urn" in data_keys:
            data_keys.remove("topic_urn")
            data__topicurn = data["topic_urn"]
            if not isinstance(data__topicurn, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".topic_urn must be string", value=data__topicurn, name="" + (name_prefix or "data") + ".topic_urn", definition={'title': 'the URN of an SMN topic', 'type': 'string', 'pattern': '^urn:smn:[a-z0-9-]{1,64}:[0-9a-f]{32}:[A-Za-z0-9_-]{1,255}\\Z'}, rule='type')
            if isinstance(data__topicurn, str):
                if not REGEX_PATTERNS['^urn:smn:[a-z0-9-]{1,64}:[0-9a-f]{32}:[A-Za-z0-9_-]{1,255}\\Z'].search(data__topicurn):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".topic_urn must match pattern ^urn:smn:[a-z0-9-]{1,64}:[0-9a-f]{32}:[A-Za-z0-9_-]{1,255}\\Z", value=data__topicurn, name="" + (name_prefix or "data") + ".topic_urn", definition={'title': 'the URN of an SMN topic', 'type': 'string', 'pattern': '^urn:smn:[a-z0-9-]{1,64}:[0-9a-f]{32}:[A-Za-z0-9_-]{1,255}\\Z'}, rule='pattern')
        if "message_id" in data_keys:
            data_keys.remove("message_id")
            data__messageid = data["message_id"]
            if not isinstance(data__messageid, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".message_id must be string", value=data__messageid, name="" + (name_prefix or "data") + ".message_id", definition={'title': "the message's id", 'type': 'string', 'pattern': '^[A-Za-z0-9_-]{1,128}\\Z'}, rule='type')
            if isinstance(data__messageid, str):
                if not REGEX_PATTERNS['^[A-Za-z0-9_-]{1,128}\\Z'].search(data__messageid):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".message_id must match pattern ^[A-Za-z0-9_-]{1,128}\\Z", value=data__messageid, name="" + (name_prefix or "data") + ".message_id", definition={'title': "the message's id", 'type': 'string', 'pattern': '^[A-Za-z0-9_-]{1,128}\\Z'}, rule='pattern')
        if "message" in data_keys:
            data_keys.remove("message")
            data__message = data["message"]
            if not isinstance(data__message, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".message must be string", value=data__message, name="" + (name_prefix or "data") + ".message", definition={'title': 'text', 'type': 'string'}, rule='type')
        if "timestamp" in data_keys:
            data_keys.remove("timestamp")
            data__timestamp = data["timestamp"]
            if not isinstance(data__timestamp, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".timestamp must be string", value=data__timestamp, name="" + (name_prefix or "data") + ".timestamp", definition={'title': 'a time (ISO 8601)', 'type': 'string', 'maxLength': 64}, rule='type')
            if isinstance(data__timestamp, str):
                data__timestamp_len = len(data__timestamp)
                if data__timestamp_len > 64:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".timestamp must be shorter than or equal to 64 characters", value=data__timestamp, name="" + (name_prefix or "data") + ".timestamp", definition={'title': 'a time (ISO 8601)', 'type': 'string', 'maxLength': 64}, rule='maxLength')
        if "signature" in data_keys:
            data_keys.remove("signature")
            data__signature = data["signature"]
            if not isinstance(data__signature, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".signature must be string", value=data__signature, name="" + (name_prefix or "data") + ".signature", definition={'title': 'Base64', 'type': 'string', 'maxLength': 2048}, rule='type')
            if isinstance(data__signature, str):
                data__signature_len = len(data__signature)
                if data__signature_len > 2048:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".signature must be shorter than or equal to 2048 characters", value=data__signature, name="" + (name_prefix or "data") + ".signature", definition={'title': 'Base64', 'type': 'string', 'maxLength': 2048}, rule='maxLength')
        if "signing_cert_url" in data_keys:
            data_keys.remove("signing_cert_url")
            data__signingcerturl = data["signing_cert_url"]
            if not isinstance(data__signingcerturl, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".signing_cert_url must be string", value=data__signingcerturl, name="" + (name_prefix or "data") + ".signing_cert_url", definition={'title': 'a URL', 'type': 'string', 'maxLength': 1024}, rule='type')
            if isinstance(data__signingcerturl, str):
                data__signingcerturl_len = len(data__signingcerturl)
                if data__signingcerturl_len > 1024:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".signing_cert_url must be shorter than or equal to 1024 characters", value=data__signingcerturl, name="" + (name_prefix or "data") + ".signing_cert_url", definition={'title': 'a URL', 'type': 'string', 'maxLength': 1024}, rule='maxLength')
        if "subject" in data_keys:
            data_keys.remove("subject")
            data__subject = data["subject"]
            if not isinstance(data__subject, (str, NoneType)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".subject must be string or null", value=data__subject, name="" + (name_prefix or "data") + ".subject", definition={'title': 'one line of text', 'type': ['string', 'null'], 'maxLength': 1024, 'pattern': '^[^\\n]*\\Z'}, rule='type')
            if isinstance(data__subject, str):
                data__subject_len = len(data__subject)
                if data__subject_len > 1024:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".subject must be shorter than or equal to 1024 characters", value=data__subject, name="" + (name_prefix or "data") + ".subject", definition={'title': 'one line of text', 'type': ['string', 'null'], 'maxLength': 1024, 'pattern': '^[^\\n]*\\Z'}, rule='maxLength')
                if not REGEX_PATTERNS['^[^\\n]*\\Z'].search(data__subject):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".subject must match pattern ^[^\\n]*\\Z", value=data__subject, name="" + (name_prefix or "data") + ".subject", definition={'title': 'one line of text', 'type': ['string', 'null'], 'maxLength': 1024, 'pattern': '^[^\\n]*\\Z'}, rule='pattern')
        if "subscribe_url" in data_keys:
            data_keys.remove("subscribe_url")
            data__subscribeurl = data["subscribe_url"]
            if not isinstance(data__subscribeurl, (str, NoneType)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".subscribe_url must be string or null", value=data__subscribeurl, name="" + (name_prefix or "data") + ".subscribe_url", definition={'title': 'a URL', 'type': ['string', 'null'], 'maxLength': 4096, 'pattern': '^[!-~]*\\Z'}, rule='type')
            if isinstance(data__subscribeurl, str):
                data__subscribeurl_len = len(data__subscribeurl)
                if data__subscribeurl_len > 4096:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".subscribe_url must be shorter than or equal to 4096 characters", value=data__subscribeurl, name="" + (name_prefix or "data") + ".subscribe_url", definition={'title': 'a URL', 'type': ['string', 'null'], 'maxLength': 4096, 'pattern': '^[!-~]*\\Z'}, rule='maxLength')
                if not REGEX_PATTERNS['^[!-~]*\\Z'].search(data__subscribeurl):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".subscribe_url must match pattern ^[!-~]*\\Z", value=data__subscribeurl, name="" + (name_prefix or "data") + ".subscribe_url", definition={'title': 'a URL', 'type': ['string', 'null'], 'maxLength': 4096, 'pattern': '^[!-~]*\\Z'}, rule='pattern')
    return data
