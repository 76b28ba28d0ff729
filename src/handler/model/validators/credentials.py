"""Written by `make generated` from the schema of this name."""

VERSION = "2.22.3"
from decimal import Decimal
import re
from fastjsonschema import JsonSchemaValueException, JsonSchemaValuesException


REGEX_PATTERNS = {
    '^[!-~]+\\Z': re.compile('^[!-~]+\\Z'),
    '^(https://[A-Za-z0-9.-]+|http://(localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\]))(:[0-9]{1,5})?/?\\Z': re.compile('^(https://[A-Za-z0-9.-]+|http://(localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\]))(:[0-9]{1,5})?/?\\Z')
}

NoneType = type(None)

def validate(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (dict)):
        raise JsonSchemaValueException("" + (name_prefix or "data") + " must be object", value=data, name="" + (name_prefix or "data") + "", definition={'$schema': 'http://json-schema.org/draft-07/schema#', 'title': 'credentials', 'description': 'The Secrets Manager secret that a pair names: either an access key (signed requests) or a user (IAM token).', 'type': 'object', 'if': {'anyOf': [{'required': ['username']}, {'required': ['password']}]}, 'then': {'required': ['username', 'password', 'domain', 'iam_endpoint'], 'additionalProperties': False, 'properties': {'username': {'title': "a user's name", 'type': 'string', 'minLength': 1}, 'password': {'title': 'a password', 'type': 'string', 'minLength': 1}, 'domain': {'title': "an account's name", 'type': 'string', 'minLength': 1}, 'iam_endpoint': {'title': 'https://host or https://host:port, of a host that can be and has no xn-- in it (http:// for loopback only)', 'type': 'string', 'pattern': '^(https://[A-Za-z0-9.-]+|http://(localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\]))(:[0-9]{1,5})?/?\\Z', 'format': 'endpoint'}}}, 'else': {'required': ['access_key_id', 'secret_access_key'], 'additionalProperties': False, 'properties': {'access_key_id': {'title': 'printable ASCII', 'type': 'string', 'pattern': '^[!-~]+\\Z'}, 'secret_access_key': {'title': 'printable ASCII', 'type': 'string', 'pattern': '^[!-~]+\\Z'}, 'security_token': {'title': 'printable ASCII', 'type': 'string', 'pattern': '^[!-~]+\\Z'}}}}, rule='type')
    try:
        data_any_of_count1 = 0
        if not data_any_of_count1:
            try:
                data_is_dict = isinstance(data, dict)
                if data_is_dict:
                    data__missing_keys = set(['username']) - data.keys()
                    if data__missing_keys:
                        raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'required': ['username']}, rule='required')
                data_any_of_count1 += 1
            except (JsonSchemaValueException, JsonSchemaValuesException): pass
        if not data_any_of_count1:
            try:
                data_is_dict = isinstance(data, dict)
                if data_is_dict:
                    data__missing_keys = set(['password']) - data.keys()
                    if data__missing_keys:
                        raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'required': ['password']}, rule='required')
                data_any_of_count1 += 1
            except (JsonSchemaValueException, JsonSchemaValuesException): pass
        if not data_any_of_count1:
            raise JsonSchemaValueException("" + (name_prefix or "data") + " cannot be validated by any definition", value=data, name="" + (name_prefix or "data") + "", definition={'anyOf': [{'required': ['username']}, {'required': ['password']}]}, rule='anyOf')
    except (JsonSchemaValueException, JsonSchemaValuesException):
        data_is_dict = isinstance(data, dict)
        if data_is_dict:
            data__missing_keys = set(['access_key_id', 'secret_access_key']) - data.keys()
            if data__missing_keys:
                raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'required': ['access_key_id', 'secret_access_key'], 'additionalProperties': False, 'properties': {'access_key_id': {'title': 'printable ASCII', 'type': 'string', 'pattern': '^[!-~]+\\Z'}, 'secret_access_key': {'title': 'printable ASCII', 'type': 'string', 'pattern': '^[!-~]+\\Z'}, 'security_token': {'title': 'printable ASCII', 'type': 'string', 'pattern': '^[!-~]+\\Z'}}}, rule='required')
            data_keys = set(data.keys())
            if "access_key_id" in data_keys:
                data_keys.remove("access_key_id")
                data__accesskeyid = data["access_key_id"]
                if not isinstance(data__accesskeyid, (str)):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".access_key_id must be string", value=data__accesskeyid, name="" + (name_prefix or "data") + ".access_key_id", definition={'title': 'printable ASCII', 'type': 'string', 'pattern': '^[!-~]+\\Z'}, rule='type')
                if isinstance(data__accesskeyid, str):
                    if not REGEX_PATTERNS['^[!-~]+\\Z'].search(data__accesskeyid):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".access_key_id must match pattern ^[!-~]+\\Z", value=data__accesskeyid, name="" + (name_prefix or "data") + ".access_key_id", definition={'title': 'printable ASCII', 'type': 'string', 'pattern': '^[!-~]+\\Z'}, rule='pattern')
            if "secret_access_key" in data_keys:
                data_keys.remove("secret_access_key")
                data__secretaccesskey = data["secret_access_key"]
                if not isinstance(data__secretaccesskey, (str)):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".secret_access_key must be string", value=data__secretaccesskey, name="" + (name_prefix or "data") + ".secret_access_key", definition={'title': 'printable ASCII', 'type': 'string', 'pattern': '^[!-~]+\\Z'}, rule='type')
                if isinstance(data__secretaccesskey, str):
                    if not REGEX_PATTERNS['^[!-~]+\\Z'].search(data__secretaccesskey):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".secret_access_key must match pattern ^[!-~]+\\Z", value=data__secretaccesskey, name="" + (name_prefix or "data") + ".secret_access_key", definition={'title': 'printable ASCII', 'type': 'string', 'pattern': '^[!-~]+\\Z'}, rule='pattern')
            if "security_token" in data_keys:
                data_keys.remove("security_token")
                data__securitytoken = data["security_token"]
                if not isinstance(data__securitytoken, (str)):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".security_token must be string", value=data__securitytoken, name="" + (name_prefix or "data") + ".security_token", definition={'title': 'printable ASCII', 'type': 'string', 'pattern': '^[!-~]+\\Z'}, rule='type')
                if isinstance(data__securitytoken, str):
                    if not REGEX_PATTERNS['^[!-~]+\\Z'].search(data__securitytoken):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".security_token must match pattern ^[!-~]+\\Z", value=data__securitytoken, name="" + (name_prefix or "data") + ".security_token", definition={'title': 'printable ASCII', 'type': 'string', 'pattern': '^[!-~]+\\Z'}, rule='pattern')
            if data_keys:
                raise JsonSchemaValueException("" + (name_prefix or "data") + " must not contain "+str(data_keys)+" properties", value=data, name="" + (name_prefix or "data") + "", definition={'required': ['access_key_id', 'secret_access_key'], 'additionalProperties': False, 'properties': {'access_key_id': {'title': 'printable ASCII', 'type': 'string', 'pattern': '^[!-~]+\\Z'}, 'secret_access_key': {'title': 'printable ASCII', 'type': 'string', 'pattern': '^[!-~]+\\Z'}, 'security_token': {'title': 'printable ASCII', 'type': 'string', 'pattern': '^[!-~]+\\Z'}}}, rule='additionalProperties')
    else:
        data_is_dict = isinstance(data, dict)
        if data_is_dict:
            data__missing_keys = set(['username', 'password', 'domain', 'iam_endpoint']) - data.keys()
            if data__missing_keys:
                raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'required': ['username', 'password', 'domain', 'iam_endpoint'], 'additionalProperties': False, 'properties': {'username': {'title': "a user's name", 'type': 'string', 'minLength': 1}, 'password': {'title': 'a password', 'type': 'string', 'minLength': 1}, 'domain': {'title': "an account's name", 'type': 'string', 'minLength': 1}, 'iam_endpoint': {'title': 'https://host or https://host:port, of a host that can be and has no xn-- in it (http:// for loopback only)', 'type': 'string', 'pattern': '^(https://[A-Za-z0-9.-]+|http://(localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\]))(:[0-9]{1,5})?/?\\Z', 'format': 'endpoint'}}}, rule='required')
            data_keys = set(data.keys())
            if "username" in data_keys:
                data_keys.remove("username")
                data__username = data["username"]
                if not isinstance(data__username, (str)):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".username must be string", value=data__username, name="" + (name_prefix or "data") + ".username", definition={'title': "a user's name", 'type': 'string', 'minLength': 1}, rule='type')
                if isinstance(data__username, str):
                    data__username_len = len(data__username)
                    if data__username_len < 1:
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".username must be longer than or equal to 1 characters", value=data__username, name="" + (name_prefix or "data") + ".username", definition={'title': "a user's name", 'type': 'string', 'minLength': 1}, rule='minLength')
            if "password" in data_keys:
                data_keys.remove("password")
                data__password = data["password"]
                if not isinstance(data__password, (str)):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".password must be string", value=data__password, name="" + (name_prefix or "data") + ".password", definition={'title': 'a password', 'type': 'string', 'minLength': 1}, rule='type')
                if isinstance(data__password, str):
                    data__password_len = len(data__password)
                    if data__password_len < 1:
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".password must be longer than or equal to 1 characters", value=data__password, name="" + (name_prefix or "data") + ".password", definition={'title': 'a password', 'type': 'string', 'minLength': 1}, rule='minLength')
            if "domain" in data_keys:
                data_keys.remove("domain")
                data__domain = data["domain"]
                if not isinstance(data__domain, (str)):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".domain must be string", value=data__domain, name="" + (name_prefix or "data") + ".domain", definition={'title': "an account's name", 'type': 'string', 'minLength': 1}, rule='type')
                if isinstance(data__domain, str):
                    data__domain_len = len(data__domain)
                    if data__domain_len < 1:
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".domain must be longer than or equal to 1 characters", value=data__domain, name="" + (name_prefix or "data") + ".domain", definition={'title': "an account's name", 'type': 'string', 'minLength': 1}, rule='minLength')
            if "iam_endpoint" in data_keys:
                data_keys.remove("iam_endpoint")
                data__iamendpoint = data["iam_endpoint"]
                if not isinstance(data__iamendpoint, (str)):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".iam_endpoint must be string", value=data__iamendpoint, name="" + (name_prefix or "data") + ".iam_endpoint", definition={'title': 'https://host or https://host:port, of a host that can be and has no xn-- in it (http:// for loopback only)', 'type': 'string', 'pattern': '^(https://[A-Za-z0-9.-]+|http://(localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\]))(:[0-9]{1,5})?/?\\Z', 'format': 'endpoint'}, rule='type')
                if isinstance(data__iamendpoint, str):
                    if not REGEX_PATTERNS['^(https://[A-Za-z0-9.-]+|http://(localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\]))(:[0-9]{1,5})?/?\\Z'].search(data__iamendpoint):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".iam_endpoint must match pattern ^(https://[A-Za-z0-9.-]+|http://(localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\]))(:[0-9]{1,5})?/?\\Z", value=data__iamendpoint, name="" + (name_prefix or "data") + ".iam_endpoint", definition={'title': 'https://host or https://host:port, of a host that can be and has no xn-- in it (http:// for loopback only)', 'type': 'string', 'pattern': '^(https://[A-Za-z0-9.-]+|http://(localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\]))(:[0-9]{1,5})?/?\\Z', 'format': 'endpoint'}, rule='pattern')
                    if not custom_formats["endpoint"](data__iamendpoint):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".iam_endpoint must be endpoint", value=data__iamendpoint, name="" + (name_prefix or "data") + ".iam_endpoint", definition={'title': 'https://host or https://host:port, of a host that can be and has no xn-- in it (http:// for loopback only)', 'type': 'string', 'pattern': '^(https://[A-Za-z0-9.-]+|http://(localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\]))(:[0-9]{1,5})?/?\\Z', 'format': 'endpoint'}, rule='format')
            if data_keys:
                raise JsonSchemaValueException("" + (name_prefix or "data") + " must not contain "+str(data_keys)+" properties", value=data, name="" + (name_prefix or "data") + "", definition={'required': ['username', 'password', 'domain', 'iam_endpoint'], 'additionalProperties': False, 'properties': {'username': {'title': "a user's name", 'type': 'string', 'minLength': 1}, 'password': {'title': 'a password', 'type': 'string', 'minLength': 1}, 'domain': {'title': "an account's name", 'type': 'string', 'minLength': 1}, 'iam_endpoint': {'title': 'https://host or https://host:port, of a host that can be and has no xn-- in it (http:// for loopback only)', 'type': 'string', 'pattern': '^(https://[A-Za-z0-9.-]+|http://(localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\]))(:[0-9]{1,5})?/?\\Z', 'format': 'endpoint'}}}, rule='additionalProperties')
    return data
