"""Written by `make generated` from the schema of this name."""

VERSION = "2.22.3"
from decimal import Decimal
import re
from fastjsonschema import JsonSchemaValueException, JsonSchemaValuesException


REGEX_PATTERNS = {
    '^([^*]+|\\*)\\Z': re.compile('^([^*]+|\\*)\\Z'),
    '^[^*]*\\Z': re.compile('^[^*]*\\Z'),
    '^[A-Za-z0-9_.*-]{1,128}\\Z': re.compile('^[A-Za-z0-9_.*-]{1,128}\\Z'),
    '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\Z': re.compile('^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\Z'),
    '^[A-Za-z0-9_.:-]{1,128}\\Z': re.compile('^[A-Za-z0-9_.:-]{1,128}\\Z'),
    '^[A-Za-z0-9-]{1,36}\\Z': re.compile('^[A-Za-z0-9-]{1,36}\\Z'),
    '^[0-9a-f]{16}\\Z': re.compile('^[0-9a-f]{16}\\Z'),
    '^[0-9a-fA-F-]{36}\\Z': re.compile('^[0-9a-fA-F-]{36}\\Z'),
    '^[A-Za-z0-9-]{4,32}\\Z': re.compile('^[A-Za-z0-9-]{4,32}\\Z')
}

NoneType = type(None)

def validate(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (dict)):
        raise JsonSchemaValueException("" + (name_prefix or "data") + " must be object", value=data, name="" + (name_prefix or "data") + "", definition={'$schema': 'http://json-schema.org/draft-07/schema#', 'title': 'a command', 'description': 'What a person, a console test event, a schedule or a state machine sends.', 'type': 'object', 'required': ['command'], 'properties': {'command': {'title': "'failover', 'rehearse', 'verify', 'acknowledge', 'pause', 'resume', 'status', 'history', 'report', 'test_notice' or 'reconcile'", 'enum': ['failover', 'rehearse', 'verify', 'acknowledge', 'pause', 'resume', 'status', 'history', 'report', 'test_notice', 'reconcile']}, 'pair': {'title': "a pair's name ('*' to pause or resume all, a pattern with '*' for status and history)", 'type': 'string', 'pattern': '^[A-Za-z0-9_.*-]{1,128}\\Z'}, 'disaster_recovery_id': {'title': 'a UUID', 'type': 'string', 'pattern': '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\Z'}, 'confirm': {'title': "the pair's name, typed", 'type': 'string', 'maxLength': 128}, 'reason': {'title': 'a sentence of 1 to 500 characters', 'type': 'string', 'minLength': 1, 'maxLength': 500}, 'requested_by': {'title': 'a name of 1 to 200 characters', 'type': 'string', 'minLength': 1, 'maxLength': 200}, 'requested_at': {'title': 'a time (ISO 8601)', 'type': 'string', 'maxLength': 40}, 'scheduled_at': {'title': 'a time (ISO 8601); by whom nobody waits for', 'type': 'string', 'maxLength': 40}, 'override': {'title': 'a list of gates', 'type': 'array', 'maxItems': 20, 'items': {'title': 'a gate that can be overridden: hold, rate_limit, armed, pair_state, site, version, edition, production_down, standby_ready, rpo (roles to acknowledge)', 'enum': ['roles', 'hold', 'rate_limit', 'armed', 'pair_state', 'site', 'version', 'edition', 'production_down', 'standby_ready', 'rpo']}}, 'request_id': {'title': '1 to 128 of A-Z a-z 0-9 _ . : -', 'type': 'string', 'pattern': '^[A-Za-z0-9_.:-]{1,128}\\Z'}, 'run_id': {'title': "a run's id", 'type': 'string', 'pattern': '^[A-Za-z0-9-]{1,36}\\Z'}, 'evidence': {'title': 'the hash of a refusal (16 hexadecimal digits)', 'type': 'string', 'pattern': '^[0-9a-f]{16}\\Z'}, 'outage_began_at': {'title': 'a time (ISO 8601)', 'type': 'string', 'maxLength': 40}, 'production_cluster_id': {'title': "a cluster's id, typed", 'type': 'string', 'pattern': '^[0-9a-fA-F-]{36}\\Z'}, 'limit': {'title': 'a whole number from 1 to 100', 'type': 'integer', 'minimum': 1, 'maximum': 100}, 'code': {'title': 'a code of 4 to 32 of A-Z a-z 0-9 -', 'type': 'string', 'pattern': '^[A-Za-z0-9-]{4,32}\\Z'}, 'brief': {'title': 'true or false', 'type': 'boolean'}, 'until': {'title': 'a time of the next 30 days (ISO 8601)', 'type': 'string', 'maxLength': 40}, 'paused_at': {'title': 'when the pause was set that is meant (ISO 8601)', 'type': 'string', 'maxLength': 40}}, 'additionalProperties': False, 'allOf': [{'if': {'properties': {'command': {'enum': ['failover', 'rehearse', 'verify', 'acknowledge', 'pause', 'resume']}}}, 'then': {'anyOf': [{'required': ['pair']}, {'required': ['disaster_recovery_id']}], 'title': 'pair or disaster_recovery_id beside it'}}, {'if': {'properties': {'command': {'const': 'acknowledge'}}}, 'then': {'required': ['production_cluster_id', 'reason', 'requested_by'], 'properties': {'production_cluster_id': {'title': "a cluster's id, typed"}, 'reason': {'title': 'a sentence of 1 to 500 characters'}, 'requested_by': {'title': 'a name of 1 to 200 characters'}}}, 'else': {'properties': {'override': {'items': {'not': {'const': 'roles'}, 'title': 'a gate that can be overridden, which roles is not'}}}}}, {'if': {'properties': {'command': {'const': 'pause'}}}, 'then': {'required': ['until', 'reason', 'requested_by'], 'properties': {'until': {'title': 'a time of the next 30 days (ISO 8601)'}, 'reason': {'title': 'a sentence of 1 to 500 characters'}, 'requested_by': {'title': 'a name of 1 to 200 characters'}}}}, {'if': {'properties': {'command': {'const': 'test_notice'}}}, 'then': {'required': ['code'], 'properties': {'code': {'title': 'a code of 4 to 32 of A-Z a-z 0-9 -'}}}}, {'if': {'properties': {'command': {'const': 'resume'}}}, 'then': {'required': ['reason', 'requested_by'], 'properties': {'reason': {'title': 'a sentence of 1 to 500 characters'}, 'requested_by': {'title': 'a name of 1 to 200 characters'}}}}, {'if': {'properties': {'command': {'enum': ['pause', 'resume']}}}, 'then': {'properties': {'pair': {'pattern': '^([^*]+|\\*)\\Z', 'title': "a pair's name, or '*' for all"}}}}, {'if': {'properties': {'command': {'enum': ['pause', 'resume']}, 'pair': {'const': '*'}}, 'required': ['pair']}, 'then': {'properties': {'disaster_recovery_id': {'not': {}, 'title': "none beside the pair '*', which is all pairs"}}}}, {'if': {'properties': {'command': {'enum': ['pause', 'resume', 'status', 'history']}}}, 'else': {'properties': {'pair': {'pattern': '^[^*]*\\Z', 'title': "a pair's name"}}}}, {'if': {'properties': {'command': {'const': 'report'}}}, 'then': {'not': {'anyOf': [{'required': ['pair']}, {'required': ['disaster_recovery_id']}]}, 'title': 'report without a pair: it is about all of them (for one: rehearse)'}}, {'if': {'required': ['confirm']}, 'then': {'required': ['reason', 'requested_by', 'requested_at'], 'properties': {'reason': {'title': 'a sentence of 1 to 500 characters'}, 'requested_by': {'title': 'a name of 1 to 200 characters'}, 'requested_at': {'title': 'a time (ISO 8601)'}}}}]}, rule='type')
    try:
        data_is_dict = isinstance(data, dict)
        if data_is_dict:
            data_keys = set(data.keys())
            if "command" in data_keys:
                data_keys.remove("command")
                data__command = data["command"]
                if not (isinstance(data__command, str) and data__command == 'failover' or isinstance(data__command, str) and data__command == 'rehearse' or isinstance(data__command, str) and data__command == 'verify' or isinstance(data__command, str) and data__command == 'acknowledge' or isinstance(data__command, str) and data__command == 'pause' or isinstance(data__command, str) and data__command == 'resume'):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".command must be one of ['failover', 'rehearse', 'verify', 'acknowledge', 'pause', 'resume']", value=data__command, name="" + (name_prefix or "data") + ".command", definition={'enum': ['failover', 'rehearse', 'verify', 'acknowledge', 'pause', 'resume']}, rule='enum')
    except (JsonSchemaValueException, JsonSchemaValuesException):
        pass
    else:
        data_any_of_count1 = 0
        if not data_any_of_count1:
            try:
                data_is_dict = isinstance(data, dict)
                if data_is_dict:
                    data__missing_keys = set(['pair']) - data.keys()
                    if data__missing_keys:
                        raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'required': ['pair']}, rule='required')
                data_any_of_count1 += 1
            except (JsonSchemaValueException, JsonSchemaValuesException): pass
        if not data_any_of_count1:
            try:
                data_is_dict = isinstance(data, dict)
                if data_is_dict:
                    data__missing_keys = set(['disaster_recovery_id']) - data.keys()
                    if data__missing_keys:
                        raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'required': ['disaster_recovery_id']}, rule='required')
                data_any_of_count1 += 1
            except (JsonSchemaValueException, JsonSchemaValuesException): pass
        if not data_any_of_count1:
            raise JsonSchemaValueException("" + (name_prefix or "data") + " cannot be validated by any definition", value=data, name="" + (name_prefix or "data") + "", definition={'anyOf': [{'required': ['pair']}, {'required': ['disaster_recovery_id']}], 'title': 'pair or disaster_recovery_id beside it'}, rule='anyOf')
    try:
        data_is_dict = isinstance(data, dict)
        if data_is_dict:
            data_keys = set(data.keys())
            if "command" in data_keys:
                data_keys.remove("command")
                data__command = data["command"]
                if not (isinstance(data__command, str) and data__command == 'acknowledge'):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".command must be same as const definition: acknowledge", value=data__command, name="" + (name_prefix or "data") + ".command", definition={'const': 'acknowledge'}, rule='const')
    except (JsonSchemaValueException, JsonSchemaValuesException):
        data_is_dict = isinstance(data, dict)
        if data_is_dict:
            data_keys = set(data.keys())
            if "override" in data_keys:
                data_keys.remove("override")
                data__override = data["override"]
                data__override_is_list = isinstance(data__override, (list, tuple))
                if data__override_is_list:
                    data__override_len = len(data__override)
                    for data__override_x, data__override_item in enumerate(data__override):
                        try:
                            if not (isinstance(data__override_item, str) and data__override_item == 'roles'):
                                raise JsonSchemaValueException("" + (name_prefix or "data") + ".override[{data__override_x}]".format(**locals()) + " must be same as const definition: roles", value=data__override_item, name="" + (name_prefix or "data") + ".override[{data__override_x}]".format(**locals()) + "", definition={'const': 'roles'}, rule='const')
                        except (JsonSchemaValueException, JsonSchemaValuesException): pass
                        else:
                            raise JsonSchemaValueException("" + (name_prefix or "data") + ".override[{data__override_x}]".format(**locals()) + " must NOT match a disallowed definition", value=data__override_item, name="" + (name_prefix or "data") + ".override[{data__override_x}]".format(**locals()) + "", definition={'not': {'const': 'roles'}, 'title': 'a gate that can be overridden, which roles is not'}, rule='not')
    else:
        data_is_dict = isinstance(data, dict)
        if data_is_dict:
            data__missing_keys = set(['production_cluster_id', 'reason', 'requested_by']) - data.keys()
            if data__missing_keys:
                raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'required': ['production_cluster_id', 'reason', 'requested_by'], 'properties': {'production_cluster_id': {'title': "a cluster's id, typed"}, 'reason': {'title': 'a sentence of 1 to 500 characters'}, 'requested_by': {'title': 'a name of 1 to 200 characters'}}}, rule='required')
            data_keys = set(data.keys())
            if "production_cluster_id" in data_keys:
                data_keys.remove("production_cluster_id")
                data__productionclusterid = data["production_cluster_id"]
            if "reason" in data_keys:
                data_keys.remove("reason")
                data__reason = data["reason"]
            if "requested_by" in data_keys:
                data_keys.remove("requested_by")
                data__requestedby = data["requested_by"]
    try:
        data_is_dict = isinstance(data, dict)
        if data_is_dict:
            data_keys = set(data.keys())
            if "command" in data_keys:
                data_keys.remove("command")
                data__command = data["command"]
                if not (isinstance(data__command, str) and data__command == 'pause'):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".command must be same as const definition: pause", value=data__command, name="" + (name_prefix or "data") + ".command", definition={'const': 'pause'}, rule='const')
    except (JsonSchemaValueException, JsonSchemaValuesException):
        pass
    else:
        data_is_dict = isinstance(data, dict)
        if data_is_dict:
            data__missing_keys = set(['until', 'reason', 'requested_by']) - data.keys()
            if data__missing_keys:
                raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'required': ['until', 'reason', 'requested_by'], 'properties': {'until': {'title': 'a time of the next 30 days (ISO 8601)'}, 'reason': {'title': 'a sentence of 1 to 500 characters'}, 'requested_by': {'title': 'a name of 1 to 200 characters'}}}, rule='required')
            data_keys = set(data.keys())
            if "until" in data_keys:
                data_keys.remove("until")
                data__until = data["until"]
            if "reason" in data_keys:
                data_keys.remove("reason")
                data__reason = data["reason"]
            if "requested_by" in data_keys:
                data_keys.remove("requested_by")
                data__requestedby = data["requested_by"]
    try:
        data_is_dict = isinstance(data, dict)
        if data_is_dict:
            data_keys = set(data.keys())
            if "command" in data_keys:
                data_keys.remove("command")
                data__command = data["command"]
                if not (isinstance(data__command, str) and data__command == 'test_notice'):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".command must be same as const definition: test_notice", value=data__command, name="" + (name_prefix or "data") + ".command", definition={'const': 'test_notice'}, rule='const')
    except (JsonSchemaValueException, JsonSchemaValuesException):
        pass
    else:
        data_is_dict = isinstance(data, dict)
        if data_is_dict:
            data__missing_keys = set(['code']) - data.keys()
            if data__missing_keys:
                raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'required': ['code'], 'properties': {'code': {'title': 'a code of 4 to 32 of A-Z a-z 0-9 -'}}}, rule='required')
            data_keys = set(data.keys())
            if "code" in data_keys:
                data_keys.remove("code")
                data__code = data["code"]
    try:
        data_is_dict = isinstance(data, dict)
        if data_is_dict:
            data_keys = set(data.keys())
            if "command" in data_keys:
                data_keys.remove("command")
                data__command = data["command"]
                if not (isinstance(data__command, str) and data__command == 'resume'):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".command must be same as const definition: resume", value=data__command, name="" + (name_prefix or "data") + ".command", definition={'const': 'resume'}, rule='const')
    except (JsonSchemaValueException, JsonSchemaValuesException):
        pass
    else:
        data_is_dict = isinstance(data, dict)
        if data_is_dict:
            data__missing_keys = set(['reason', 'requested_by']) - data.keys()
            if data__missing_keys:
                raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'required': ['reason', 'requested_by'], 'properties': {'reason': {'title': 'a sentence of 1 to 500 characters'}, 'requested_by': {'title': 'a name of 1 to 200 characters'}}}, rule='required')
            data_keys = set(data.keys())
            if "reason" in data_keys:
                data_keys.remove("reason")
                data__reason = data["reason"]
            if "requested_by" in data_keys:
                data_keys.remove("requested_by")
                data__requestedby = data["requested_by"]
    try:
        data_is_dict = isinstance(data, dict)
        if data_is_dict:
            data_keys = set(data.keys())
            if "command" in data_keys:
                data_keys.remove("command")
                data__command = data["command"]
                if not (isinstance(data__command, str) and data__command == 'pause' or isinstance(data__command, str) and data__command == 'resume'):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".command must be one of ['pause', 'resume']", value=data__command, name="" + (name_prefix or "data") + ".command", definition={'enum': ['pause', 'resume']}, rule='enum')
    except (JsonSchemaValueException, JsonSchemaValuesException):
        pass
    else:
        data_is_dict = isinstance(data, dict)
        if data_is_dict:
            data_keys = set(data.keys())
            if "pair" in data_keys:
                data_keys.remove("pair")
                data__pair = data["pair"]
                if isinstance(data__pair, str):
                    if not REGEX_PATTERNS['^([^*]+|\\*)\\Z'].search(data__pair):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".pair must match pattern ^([^*]+|\\*)\\Z", value=data__pair, name="" + (name_prefix or "data") + ".pair", definition={'pattern': '^([^*]+|\\*)\\Z', 'title': "a pair's name, or '*' for all"}, rule='pattern')
    try:
        data_is_dict = isinstance(data, dict)
        if data_is_dict:
            data__missing_keys = set(['pair']) - data.keys()
            if data__missing_keys:
                raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'properties': {'command': {'enum': ['pause', 'resume']}, 'pair': {'const': '*'}}, 'required': ['pair']}, rule='required')
            data_keys = set(data.keys())
            if "command" in data_keys:
                data_keys.remove("command")
                data__command = data["command"]
                if not (isinstance(data__command, str) and data__command == 'pause' or isinstance(data__command, str) and data__command == 'resume'):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".command must be one of ['pause', 'resume']", value=data__command, name="" + (name_prefix or "data") + ".command", definition={'enum': ['pause', 'resume']}, rule='enum')
            if "pair" in data_keys:
                data_keys.remove("pair")
                data__pair = data["pair"]
                if not (isinstance(data__pair, str) and data__pair == '*'):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".pair must be same as const definition: *", value=data__pair, name="" + (name_prefix or "data") + ".pair", definition={'const': '*'}, rule='const')
    except (JsonSchemaValueException, JsonSchemaValuesException):
        pass
    else:
        data_is_dict = isinstance(data, dict)
        if data_is_dict:
            data_keys = set(data.keys())
            if "disaster_recovery_id" in data_keys:
                data_keys.remove("disaster_recovery_id")
                data__disasterrecoveryid = data["disaster_recovery_id"]
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".disaster_recovery_id must NOT match a disallowed definition", value=data__disasterrecoveryid, name="" + (name_prefix or "data") + ".disaster_recovery_id", definition={'not': {}, 'title': "none beside the pair '*', which is all pairs"}, rule='not')
    try:
        data_is_dict = isinstance(data, dict)
        if data_is_dict:
            data_keys = set(data.keys())
            if "command" in data_keys:
                data_keys.remove("command")
                data__command = data["command"]
                if not (isinstance(data__command, str) and data__command == 'pause' or isinstance(data__command, str) and data__command == 'resume' or isinstance(data__command, str) and data__command == 'status' or isinstance(data__command, str) and data__command == 'history'):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".command must be one of ['pause', 'resume', 'status', 'history']", value=data__command, name="" + (name_prefix or "data") + ".command", definition={'enum': ['pause', 'resume', 'status', 'history']}, rule='enum')
    except (JsonSchemaValueException, JsonSchemaValuesException):
        data_is_dict = isinstance(data, dict)
        if data_is_dict:
            data_keys = set(data.keys())
            if "pair" in data_keys:
                data_keys.remove("pair")
                data__pair = data["pair"]
                if isinstance(data__pair, str):
                    if not REGEX_PATTERNS['^[^*]*\\Z'].search(data__pair):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".pair must match pattern ^[^*]*\\Z", value=data__pair, name="" + (name_prefix or "data") + ".pair", definition={'pattern': '^[^*]*\\Z', 'title': "a pair's name"}, rule='pattern')
    try:
        data_is_dict = isinstance(data, dict)
        if data_is_dict:
            data_keys = set(data.keys())
            if "command" in data_keys:
                data_keys.remove("command")
                data__command = data["command"]
                if not (isinstance(data__command, str) and data__command == 'report'):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".command must be same as const definition: report", value=data__command, name="" + (name_prefix or "data") + ".command", definition={'const': 'report'}, rule='const')
    except (JsonSchemaValueException, JsonSchemaValuesException):
        pass
    else:
        try:
            data_any_of_count2 = 0
            if not data_any_of_count2:
                try:
                    data_is_dict = isinstance(data, dict)
                    if data_is_dict:
                        data__missing_keys = set(['pair']) - data.keys()
                        if data__missing_keys:
                            raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'required': ['pair']}, rule='required')
                    data_any_of_count2 += 1
                except (JsonSchemaValueException, JsonSchemaValuesException): pass
            if not data_any_of_count2:
                try:
                    data_is_dict = isinstance(data, dict)
                    if data_is_dict:
                        data__missing_keys = set(['disaster_recovery_id']) - data.keys()
                        if data__missing_keys:
                            raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'required': ['disaster_recovery_id']}, rule='required')
                    data_any_of_count2 += 1
                except (JsonSchemaValueException, JsonSchemaValuesException): pass
            if not data_any_of_count2:
                raise JsonSchemaValueException("" + (name_prefix or "data") + " cannot be validated by any definition", value=data, name="" + (name_prefix or "data") + "", definition={'anyOf': [{'required': ['pair']}, {'required': ['disaster_recovery_id']}]}, rule='anyOf')
        except (JsonSchemaValueException, JsonSchemaValuesException): pass
        else:
            raise JsonSchemaValueException("" + (name_prefix or "data") + " must NOT match a disallowed definition", value=data, name="" + (name_prefix or "data") + "", definition={'not': {'anyOf': [{'required': ['pair']}, {'required': ['disaster_recovery_id']}]}, 'title': 'report without a pair: it is about all of them (for one: rehearse)'}, rule='not')
    try:
        data_is_dict = isinstance(data, dict)
        if data_is_dict:
            data__missing_keys = set(['confirm']) - data.keys()
            if data__missing_keys:
                raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'required': ['confirm']}, rule='required')
    except (JsonSchemaValueException, JsonSchemaValuesException):
        pass
    else:
        data_is_dict = isinstance(data, dict)
        if data_is_dict:
            data__missing_keys = set(['reason', 'requested_by', 'requested_at']) - data.keys()
            if data__missing_keys:
                raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'required': ['reason', 'requested_by', 'requested_at'], 'properties': {'reason': {'title': 'a sentence of 1 to 500 characters'}, 'requested_by': {'title': 'a name of 1 to 200 characters'}, 'requested_at': {'title': 'a time (ISO 8601)'}}}, rule='required')
            data_keys = set(data.keys())
            if "reason" in data_keys:
                data_keys.remove("reason")
                data__reason = data["reason"]
            if "requested_by" in data_keys:
                data_keys.remove("requested_by")
                data__requestedby = data["requested_by"]
            if "requested_at" in data_keys:
                data_keys.remove("requested_at")
                data__requestedat = data["requested_at"]
    data_is_dict = isinstance(data, dict)
    if data_is_dict:
        data__missing_keys = set(['command']) - data.keys()
        if data__missing_keys:
            raise JsonSchemaValueException("" + (name_prefix or "data") + " must contain " + (str(sorted(data__missing_keys)) + " properties"), value=data, name="" + (name_prefix or "data") + "", definition={'$schema': 'http://json-schema.org/draft-07/schema#', 'title': 'a command', 'description': 'What a person, a console test event, a schedule or a state machine sends.', 'type': 'object', 'required': ['command'], 'properties': {'command': {'title': "'failover', 'rehearse', 'verify', 'acknowledge', 'pause', 'resume', 'status', 'history', 'report', 'test_notice' or 'reconcile'", 'enum': ['failover', 'rehearse', 'verify', 'acknowledge', 'pause', 'resume', 'status', 'history', 'report', 'test_notice', 'reconcile']}, 'pair': {'title': "a pair's name ('*' to pause or resume all, a pattern with '*' for status and history)", 'type': 'string', 'pattern': '^[A-Za-z0-9_.*-]{1,128}\\Z'}, 'disaster_recovery_id': {'title': 'a UUID', 'type': 'string', 'pattern': '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\Z'}, 'confirm': {'title': "the pair's name, typed", 'type': 'string', 'maxLength': 128}, 'reason': {'title': 'a sentence of 1 to 500 characters', 'type': 'string', 'minLength': 1, 'maxLength': 500}, 'requested_by': {'title': 'a name of 1 to 200 characters', 'type': 'string', 'minLength': 1, 'maxLength': 200}, 'requested_at': {'title': 'a time (ISO 8601)', 'type': 'string', 'maxLength': 40}, 'scheduled_at': {'title': 'a time (ISO 8601); by whom nobody waits for', 'type': 'string', 'maxLength': 40}, 'override': {'title': 'a list of gates', 'type': 'array', 'maxItems': 20, 'items': {'title': 'a gate that can be overridden: hold, rate_limit, armed, pair_state, site, version, edition, production_down, standby_ready, rpo (roles to acknowledge)', 'enum': ['roles', 'hold', 'rate_limit', 'armed', 'pair_state', 'site', 'version', 'edition', 'production_down', 'standby_ready', 'rpo']}}, 'request_id': {'title': '1 to 128 of A-Z a-z 0-9 _ . : -', 'type': 'string', 'pattern': '^[A-Za-z0-9_.:-]{1,128}\\Z'}, 'run_id': {'title': "a run's id", 'type': 'string', 'pattern': '^[A-Za-z0-9-]{1,36}\\Z'}, 'evidence': {'title': 'the hash of a refusal (16 hexadecimal digits)', 'type': 'string', 'pattern': '^[0-9a-f]{16}\\Z'}, 'outage_began_at': {'title': 'a time (ISO 8601)', 'type': 'string', 'maxLength': 40}, 'production_cluster_id': {'title': "a cluster's id, typed", 'type': 'string', 'pattern': '^[0-9a-fA-F-]{36}\\Z'}, 'limit': {'title': 'a whole number from 1 to 100', 'type': 'integer', 'minimum': 1, 'maximum': 100}, 'code': {'title': 'a code of 4 to 32 of A-Z a-z 0-9 -', 'type': 'string', 'pattern': '^[A-Za-z0-9-]{4,32}\\Z'}, 'brief': {'title': 'true or false', 'type': 'boolean'}, 'until': {'title': 'a time of the next 30 days (ISO 8601)', 'type': 'string', 'maxLength': 40}, 'paused_at': {'title': 'when the pause was set that is meant (ISO 8601)', 'type': 'string', 'maxLength': 40}}, 'additionalProperties': False, 'allOf': [{'if': {'properties': {'command': {'enum': ['failover', 'rehearse', 'verify', 'acknowledge', 'pause', 'resume']}}}, 'then': {'anyOf': [{'required': ['pair']}, {'required': ['disaster_recovery_id']}], 'title': 'pair or disaster_recovery_id beside it'}}, {'if': {'properties': {'command': {'const': 'acknowledge'}}}, 'then': {'required': ['production_cluster_id', 'reason', 'requested_by'], 'properties': {'production_cluster_id': {'title': "a cluster's id, typed"}, 'reason': {'title': 'a sentence of 1 to 500 characters'}, 'requested_by': {'title': 'a name of 1 to 200 characters'}}}, 'else': {'properties': {'override': {'items': {'not': {'const': 'roles'}, 'title': 'a gate that can be overridden, which roles is not'}}}}}, {'if': {'properties': {'command': {'const': 'pause'}}}, 'then': {'required': ['until', 'reason', 'requested_by'], 'properties': {'until': {'title': 'a time of the next 30 days (ISO 8601)'}, 'reason': {'title': 'a sentence of 1 to 500 characters'}, 'requested_by': {'title': 'a name of 1 to 200 characters'}}}}, {'if': {'properties': {'command': {'const': 'test_notice'}}}, 'then': {'required': ['code'], 'properties': {'code': {'title': 'a code of 4 to 32 of A-Z a-z 0-9 -'}}}}, {'if': {'properties': {'command': {'const': 'resume'}}}, 'then': {'required': ['reason', 'requested_by'], 'properties': {'reason': {'title': 'a sentence of 1 to 500 characters'}, 'requested_by': {'title': 'a name of 1 to 200 characters'}}}}, {'if': {'properties': {'command': {'enum': ['pause', 'resume']}}}, 'then': {'properties': {'pair': {'pattern': '^([^*]+|\\*)\\Z', 'title': "a pair's name, or '*' for all"}}}}, {'if': {'properties': {'command': {'enum': ['pause', 'resume']}, 'pair': {'const': '*'}}, 'required': ['pair']}, 'then': {'properties': {'disaster_recovery_id': {'not': {}, 'title': "none beside the pair '*', which is all pairs"}}}}, {'if': {'properties': {'command': {'enum': ['pause', 'resume', 'status', 'history']}}}, 'else': {'properties': {'pair': {'pattern': '^[^*]*\\Z', 'title': "a pair's name"}}}}, {'if': {'properties': {'command': {'const': 'report'}}}, 'then': {'not': {'anyOf': [{'required': ['pair']}, {'required': ['disaster_recovery_id']}]}, 'title': 'report without a pair: it is about all of them (for one: rehearse)'}}, {'if': {'required': ['confirm']}, 'then': {'required': ['reason', 'requested_by', 'requested_at'], 'properties': {'reason': {'title': 'a sentence of 1 to 500 characters'}, 'requested_by': {'title': 'a name of 1 to 200 characters'}, 'requested_at': {'title': 'a time (ISO 8601)'}}}}]}, rule='required')
        data_keys = set(data.keys())
        if "command" in data_keys:
            data_keys.remove("command")
            data__command = data["command"]
            if not (isinstance(data__command, str) and data__command == 'failover' or isinstance(data__command, str) and data__command == 'rehearse' or isinstance(data__command, str) and data__command == 'verify' or isinstance(data__command, str) and data__command == 'acknowledge' or isinstance(data__command, str) and data__command == 'pause' or isinstance(data__command, str) and data__command == 'resume' or isinstance(data__command, str) and data__command == 'status' or isinstance(data__command, str) and data__command == 'history' or isinstance(data__command, str) and data__command == 'report' or isinstance(data__command, str) and data__command == 'test_notice' or isinstance(data__command, str) and data__command == 'reconcile'):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".command must be one of ['failover', 'rehearse', 'verify', 'acknowledge', 'pause', 'resume', 'status', 'history', 'report', 'test_notice', 'reconcile']", value=data__command, name="" + (name_prefix or "data") + ".command", definition={'title': "'failover', 'rehearse', 'verify', 'acknowledge', 'pause', 'resume', 'status', 'history', 'report', 'test_notice' or 'reconcile'", 'enum': ['failover', 'rehearse', 'verify', 'acknowledge', 'pause', 'resume', 'status', 'history', 'report', 'test_notice', 'reconcile']}, rule='enum')
        if "pair" in data_keys:
            data_keys.remove("pair")
            data__pair = data["pair"]
            if not isinstance(data__pair, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".pair must be string", value=data__pair, name="" + (name_prefix or "data") + ".pair", definition={'title': "a pair's name ('*' to pause or resume all, a pattern with '*' for status and history)", 'type': 'string', 'pattern': '^[A-Za-z0-9_.*-]{1,128}\\Z'}, rule='type')
            if isinstance(data__pair, str):
                if not REGEX_PATTERNS['^[A-Za-z0-9_.*-]{1,128}\\Z'].search(data__pair):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".pair must match pattern ^[A-Za-z0-9_.*-]{1,128}\\Z", value=data__pair, name="" + (name_prefix or "data") + ".pair", definition={'title': "a pair's name ('*' to pause or resume all, a pattern with '*' for status and history)", 'type': 'string', 'pattern': '^[A-Za-z0-9_.*-]{1,128}\\Z'}, rule='pattern')
        if "disaster_recovery_id" in data_keys:
            data_keys.remove("disaster_recovery_id")
            data__disasterrecoveryid = data["disaster_recovery_id"]
            if not isinstance(data__disasterrecoveryid, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".disaster_recovery_id must be string", value=data__disasterrecoveryid, name="" + (name_prefix or "data") + ".disaster_recovery_id", definition={'title': 'a UUID', 'type': 'string', 'pattern': '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\Z'}, rule='type')
            if isinstance(data__disasterrecoveryid, str):
                if not REGEX_PATTERNS['^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\Z'].search(data__disasterrecoveryid):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".disaster_recovery_id must match pattern ^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\Z", value=data__disasterrecoveryid, name="" + (name_prefix or "data") + ".disaster_recovery_id", definition={'title': 'a UUID', 'type': 'string', 'pattern': '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\Z'}, rule='pattern')
        if "confirm" in data_keys:
            data_keys.remove("confirm")
            data__confirm = data["confirm"]
            if not isinstance(data__confirm, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".confirm must be string", value=data__confirm, name="" + (name_prefix or "data") + ".confirm", definition={'title': "the pair's name, typed", 'type': 'string', 'maxLength': 128}, rule='type')
            if isinstance(data__confirm, str):
                data__confirm_len = len(data__confirm)
                if data__confirm_len > 128:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".confirm must be shorter than or equal to 128 characters", value=data__confirm, name="" + (name_prefix or "data") + ".confirm", definition={'title': "the pair's name, typed", 'type': 'string', 'maxLength': 128}, rule='maxLength')
        if "reason" in data_keys:
            data_keys.remove("reason")
            data__reason = data["reason"]
            if not isinstance(data__reason, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".reason must be string", value=data__reason, name="" + (name_prefix or "data") + ".reason", definition={'title': 'a sentence of 1 to 500 characters', 'type': 'string', 'minLength': 1, 'maxLength': 500}, rule='type')
            if isinstance(data__reason, str):
                data__reason_len = len(data__reason)
                if data__reason_len < 1:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".reason must be longer than or equal to 1 characters", value=data__reason, name="" + (name_prefix or "data") + ".reason", definition={'title': 'a sentence of 1 to 500 characters', 'type': 'string', 'minLength': 1, 'maxLength': 500}, rule='minLength')
                if data__reason_len > 500:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".reason must be shorter than or equal to 500 characters", value=data__reason, name="" + (name_prefix or "data") + ".reason", definition={'title': 'a sentence of 1 to 500 characters', 'type': 'string', 'minLength': 1, 'maxLength': 500}, rule='maxLength')
        if "requested_by" in data_keys:
            data_keys.remove("requested_by")
            data__requestedby = data["requested_by"]
            if not isinstance(data__requestedby, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".requested_by must be string", value=data__requestedby, name="" + (name_prefix or "data") + ".requested_by", definition={'title': 'a name of 1 to 200 characters', 'type': 'string', 'minLength': 1, 'maxLength': 200}, rule='type')
            if isinstance(data__requestedby, str):
                data__requestedby_len = len(data__requestedby)
                if data__requestedby_len < 1:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".requested_by must be longer than or equal to 1 characters", value=data__requestedby, name="" + (name_prefix or "data") + ".requested_by", definition={'title': 'a name of 1 to 200 characters', 'type': 'string', 'minLength': 1, 'maxLength': 200}, rule='minLength')
                if data__requestedby_len > 200:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".requested_by must be shorter than or equal to 200 characters", value=data__requestedby, name="" + (name_prefix or "data") + ".requested_by", definition={'title': 'a name of 1 to 200 characters', 'type': 'string', 'minLength': 1, 'maxLength': 200}, rule='maxLength')
        if "requested_at" in data_keys:
            data_keys.remove("requested_at")
            data__requestedat = data["requested_at"]
            if not isinstance(data__requestedat, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".requested_at must be string", value=data__requestedat, name="" + (name_prefix or "data") + ".requested_at", definition={'title': 'a time (ISO 8601)', 'type': 'string', 'maxLength': 40}, rule='type')
            if isinstance(data__requestedat, str):
                data__requestedat_len = len(data__requestedat)
                if data__requestedat_len > 40:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".requested_at must be shorter than or equal to 40 characters", value=data__requestedat, name="" + (name_prefix or "data") + ".requested_at", definition={'title': 'a time (ISO 8601)', 'type': 'string', 'maxLength': 40}, rule='maxLength')
        if "scheduled_at" in data_keys:
            data_keys.remove("scheduled_at")
            data__scheduledat = data["scheduled_at"]
            if not isinstance(data__scheduledat, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".scheduled_at must be string", value=data__scheduledat, name="" + (name_prefix or "data") + ".scheduled_at", definition={'title': 'a time (ISO 8601); by whom nobody waits for', 'type': 'string', 'maxLength': 40}, rule='type')
            if isinstance(data__scheduledat, str):
                data__scheduledat_len = len(data__scheduledat)
                if data__scheduledat_len > 40:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".scheduled_at must be shorter than or equal to 40 characters", value=data__scheduledat, name="" + (name_prefix or "data") + ".scheduled_at", definition={'title': 'a time (ISO 8601); by whom nobody waits for', 'type': 'string', 'maxLength': 40}, rule='maxLength')
        if "override" in data_keys:
            data_keys.remove("override")
            data__override = data["override"]
            if not isinstance(data__override, (list, tuple)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".override must be array", value=data__override, name="" + (name_prefix or "data") + ".override", definition={'title': 'a list of gates', 'type': 'array', 'maxItems': 20, 'items': {'title': 'a gate that can be overridden: hold, rate_limit, armed, pair_state, site, version, edition, production_down, standby_ready, rpo (roles to acknowledge)', 'enum': ['roles', 'hold', 'rate_limit', 'armed', 'pair_state', 'site', 'version', 'edition', 'production_down', 'standby_ready', 'rpo']}}, rule='type')
            data__override_is_list = isinstance(data__override, (list, tuple))
            if data__override_is_list:
                data__override_len = len(data__override)
                if data__override_len > 20:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".override must contain less than or equal to 20 items", value=data__override, name="" + (name_prefix or "data") + ".override", definition={'title': 'a list of gates', 'type': 'array', 'maxItems': 20, 'items': {'title': 'a gate that can be overridden: hold, rate_limit, armed, pair_state, site, version, edition, production_down, standby_ready, rpo (roles to acknowledge)', 'enum': ['roles', 'hold', 'rate_limit', 'armed', 'pair_state', 'site', 'version', 'edition', 'production_down', 'standby_ready', 'rpo']}}, rule='maxItems')
                for data__override_x, data__override_item in enumerate(data__override):
                    if not (isinstance(data__override_item, str) and data__override_item == 'roles' or isinstance(data__override_item, str) and data__override_item == 'hold' or isinstance(data__override_item, str) and data__override_item == 'rate_limit' or isinstance(data__override_item, str) and data__override_item == 'armed' or isinstance(data__override_item, str) and data__override_item == 'pair_state' or isinstance(data__override_item, str) and data__override_item == 'site' or isinstance(data__override_item, str) and data__override_item == 'version' or isinstance(data__override_item, str) and data__override_item == 'edition' or isinstance(data__override_item, str) and data__override_item == 'production_down' or isinstance(data__override_item, str) and data__override_item == 'standby_ready' or isinstance(data__override_item, str) and data__override_item == 'rpo'):
                        raise JsonSchemaValueException("" + (name_prefix or "data") + ".override[{data__override_x}]".format(**locals()) + " must be one of ['roles', 'hold', 'rate_limit', 'armed', 'pair_state', 'site', 'version', 'edition', 'production_down', 'standby_ready', 'rpo']", value=data__override_item, name="" + (name_prefix or "data") + ".override[{data__override_x}]".format(**locals()) + "", definition={'title': 'a gate that can be overridden: hold, rate_limit, armed, pair_state, site, version, edition, production_down, standby_ready, rpo (roles to acknowledge)', 'enum': ['roles', 'hold', 'rate_limit', 'armed', 'pair_state', 'site', 'version', 'edition', 'production_down', 'standby_ready', 'rpo']}, rule='enum')
        if "request_id" in data_keys:
            data_keys.remove("request_id")
            data__requestid = data["request_id"]
            if not isinstance(data__requestid, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".request_id must be string", value=data__requestid, name="" + (name_prefix or "data") + ".request_id", definition={'title': '1 to 128 of A-Z a-z 0-9 _ . : -', 'type': 'string', 'pattern': '^[A-Za-z0-9_.:-]{1,128}\\Z'}, rule='type')
            if isinstance(data__requestid, str):
                if not REGEX_PATTERNS['^[A-Za-z0-9_.:-]{1,128}\\Z'].search(data__requestid):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".request_id must match pattern ^[A-Za-z0-9_.:-]{1,128}\\Z", value=data__requestid, name="" + (name_prefix or "data") + ".request_id", definition={'title': '1 to 128 of A-Z a-z 0-9 _ . : -', 'type': 'string', 'pattern': '^[A-Za-z0-9_.:-]{1,128}\\Z'}, rule='pattern')
        if "run_id" in data_keys:
            data_keys.remove("run_id")
            data__runid = data["run_id"]
            if not isinstance(data__runid, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".run_id must be string", value=data__runid, name="" + (name_prefix or "data") + ".run_id", definition={'title': "a run's id", 'type': 'string', 'pattern': '^[A-Za-z0-9-]{1,36}\\Z'}, rule='type')
            if isinstance(data__runid, str):
                if not REGEX_PATTERNS['^[A-Za-z0-9-]{1,36}\\Z'].search(data__runid):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".run_id must match pattern ^[A-Za-z0-9-]{1,36}\\Z", value=data__runid, name="" + (name_prefix or "data") + ".run_id", definition={'title': "a run's id", 'type': 'string', 'pattern': '^[A-Za-z0-9-]{1,36}\\Z'}, rule='pattern')
        if "evidence" in data_keys:
            data_keys.remove("evidence")
            data__evidence = data["evidence"]
            if not isinstance(data__evidence, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".evidence must be string", value=data__evidence, name="" + (name_prefix or "data") + ".evidence", definition={'title': 'the hash of a refusal (16 hexadecimal digits)', 'type': 'string', 'pattern': '^[0-9a-f]{16}\\Z'}, rule='type')
            if isinstance(data__evidence, str):
                if not REGEX_PATTERNS['^[0-9a-f]{16}\\Z'].search(data__evidence):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".evidence must match pattern ^[0-9a-f]{16}\\Z", value=data__evidence, name="" + (name_prefix or "data") + ".evidence", definition={'title': 'the hash of a refusal (16 hexadecimal digits)', 'type': 'string', 'pattern': '^[0-9a-f]{16}\\Z'}, rule='pattern')
        if "outage_began_at" in data_keys:
            data_keys.remove("outage_began_at")
            data__outagebeganat = data["outage_began_at"]
            if not isinstance(data__outagebeganat, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".outage_began_at must be string", value=data__outagebeganat, name="" + (name_prefix or "data") + ".outage_began_at", definition={'title': 'a time (ISO 8601)', 'type': 'string', 'maxLength': 40}, rule='type')
            if isinstance(data__outagebeganat, str):
                data__outagebeganat_len = len(data__outagebeganat)
                if data__outagebeganat_len > 40:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".outage_began_at must be shorter than or equal to 40 characters", value=data__outagebeganat, name="" + (name_prefix or "data") + ".outage_began_at", definition={'title': 'a time (ISO 8601)', 'type': 'string', 'maxLength': 40}, rule='maxLength')
        if "production_cluster_id" in data_keys:
            data_keys.remove("production_cluster_id")
            data__productionclusterid = data["production_cluster_id"]
            if not isinstance(data__productionclusterid, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".production_cluster_id must be string", value=data__productionclusterid, name="" + (name_prefix or "data") + ".production_cluster_id", definition={'title': "a cluster's id, typed", 'type': 'string', 'pattern': '^[0-9a-fA-F-]{36}\\Z'}, rule='type')
            if isinstance(data__productionclusterid, str):
                if not REGEX_PATTERNS['^[0-9a-fA-F-]{36}\\Z'].search(data__productionclusterid):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".production_cluster_id must match pattern ^[0-9a-fA-F-]{36}\\Z", value=data__productionclusterid, name="" + (name_prefix or "data") + ".production_cluster_id", definition={'title': "a cluster's id, typed", 'type': 'string', 'pattern': '^[0-9a-fA-F-]{36}\\Z'}, rule='pattern')
        if "limit" in data_keys:
            data_keys.remove("limit")
            data__limit = data["limit"]
            if not isinstance(data__limit, (int)) and not (isinstance(data__limit, float) and data__limit.is_integer()) or isinstance(data__limit, bool):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".limit must be integer", value=data__limit, name="" + (name_prefix or "data") + ".limit", definition={'title': 'a whole number from 1 to 100', 'type': 'integer', 'minimum': 1, 'maximum': 100}, rule='type')
            if isinstance(data__limit, (int, float, Decimal)) and not isinstance(data__limit, bool):
                if data__limit < 1:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".limit must be bigger than or equal to 1", value=data__limit, name="" + (name_prefix or "data") + ".limit", definition={'title': 'a whole number from 1 to 100', 'type': 'integer', 'minimum': 1, 'maximum': 100}, rule='minimum')
                if data__limit > 100:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".limit must be smaller than or equal to 100", value=data__limit, name="" + (name_prefix or "data") + ".limit", definition={'title': 'a whole number from 1 to 100', 'type': 'integer', 'minimum': 1, 'maximum': 100}, rule='maximum')
        if "code" in data_keys:
            data_keys.remove("code")
            data__code = data["code"]
            if not isinstance(data__code, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".code must be string", value=data__code, name="" + (name_prefix or "data") + ".code", definition={'title': 'a code of 4 to 32 of A-Z a-z 0-9 -', 'type': 'string', 'pattern': '^[A-Za-z0-9-]{4,32}\\Z'}, rule='type')
            if isinstance(data__code, str):
                if not REGEX_PATTERNS['^[A-Za-z0-9-]{4,32}\\Z'].search(data__code):
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".code must match pattern ^[A-Za-z0-9-]{4,32}\\Z", value=data__code, name="" + (name_prefix or "data") + ".code", definition={'title': 'a code of 4 to 32 of A-Z a-z 0-9 -', 'type': 'string', 'pattern': '^[A-Za-z0-9-]{4,32}\\Z'}, rule='pattern')
        if "brief" in data_keys:
            data_keys.remove("brief")
            data__brief = data["brief"]
            if not isinstance(data__brief, (bool)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".brief must be boolean", value=data__brief, name="" + (name_prefix or "data") + ".brief", definition={'title': 'true or false', 'type': 'boolean'}, rule='type')
        if "until" in data_keys:
            data_keys.remove("until")
            data__until = data["until"]
            if not isinstance(data__until, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".until must be string", value=data__until, name="" + (name_prefix or "data") + ".until", definition={'title': 'a time of the next 30 days (ISO 8601)', 'type': 'string', 'maxLength': 40}, rule='type')
            if isinstance(data__until, str):
                data__until_len = len(data__until)
                if data__until_len > 40:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".until must be shorter than or equal to 40 characters", value=data__until, name="" + (name_prefix or "data") + ".until", definition={'title': 'a time of the next 30 days (ISO 8601)', 'type': 'string', 'maxLength': 40}, rule='maxLength')
        if "paused_at" in data_keys:
            data_keys.remove("paused_at")
            data__pausedat = data["paused_at"]
            if not isinstance(data__pausedat, (str)):
                raise JsonSchemaValueException("" + (name_prefix or "data") + ".paused_at must be string", value=data__pausedat, name="" + (name_prefix or "data") + ".paused_at", definition={'title': 'when the pause was set that is meant (ISO 8601)', 'type': 'string', 'maxLength': 40}, rule='type')
            if isinstance(data__pausedat, str):
                data__pausedat_len = len(data__pausedat)
                if data__pausedat_len > 40:
                    raise JsonSchemaValueException("" + (name_prefix or "data") + ".paused_at must be shorter than or equal to 40 characters", value=data__pausedat, name="" + (name_prefix or "data") + ".paused_at", definition={'title': 'when the pause was set that is meant (ISO 8601)', 'type': 'string', 'maxLength': 40}, rule='maxLength')
        if data_keys:
            raise JsonSchemaValueException("" + (name_prefix or "data") + " must not contain "+str(data_keys)+" properties", value=data, name="" + (name_prefix or "data") + "", definition={'$schema': 'http://json-schema.org/draft-07/schema#', 'title': 'a command', 'description': 'What a person, a console test event, a schedule or a state machine sends.', 'type': 'object', 'required': ['command'], 'properties': {'command': {'title': "'failover', 'rehearse', 'verify', 'acknowledge', 'pause', 'resume', 'status', 'history', 'report', 'test_notice' or 'reconcile'", 'enum': ['failover', 'rehearse', 'verify', 'acknowledge', 'pause', 'resume', 'status', 'history', 'report', 'test_notice', 'reconcile']}, 'pair': {'title': "a pair's name ('*' to pause or resume all, a pattern with '*' for status and history)", 'type': 'string', 'pattern': '^[A-Za-z0-9_.*-]{1,128}\\Z'}, 'disaster_recovery_id': {'title': 'a UUID', 'type': 'string', 'pattern': '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\Z'}, 'confirm': {'title': "the pair's name, typed", 'type': 'string', 'maxLength': 128}, 'reason': {'title': 'a sentence of 1 to 500 characters', 'type': 'string', 'minLength': 1, 'maxLength': 500}, 'requested_by': {'title': 'a name of 1 to 200 characters', 'type': 'string', 'minLength': 1, 'maxLength': 200}, 'requested_at': {'title': 'a time (ISO 8601)', 'type': 'string', 'maxLength': 40}, 'scheduled_at': {'title': 'a time (ISO 8601); by whom nobody waits for', 'type': 'string', 'maxLength': 40}, 'override': {'title': 'a list of gates', 'type': 'array', 'maxItems': 20, 'items': {'title': 'a gate that can be overridden: hold, rate_limit, armed, pair_state, site, version, edition, production_down, standby_ready, rpo (roles to acknowledge)', 'enum': ['roles', 'hold', 'rate_limit', 'armed', 'pair_state', 'site', 'version', 'edition', 'production_down', 'standby_ready', 'rpo']}}, 'request_id': {'title': '1 to 128 of A-Z a-z 0-9 _ . : -', 'type': 'string', 'pattern': '^[A-Za-z0-9_.:-]{1,128}\\Z'}, 'run_id': {'title': "a run's id", 'type': 'string', 'pattern': '^[A-Za-z0-9-]{1,36}\\Z'}, 'evidence': {'title': 'the hash of a refusal (16 hexadecimal digits)', 'type': 'string', 'pattern': '^[0-9a-f]{16}\\Z'}, 'outage_began_at': {'title': 'a time (ISO 8601)', 'type': 'string', 'maxLength': 40}, 'production_cluster_id': {'title': "a cluster's id, typed", 'type': 'string', 'pattern': '^[0-9a-fA-F-]{36}\\Z'}, 'limit': {'title': 'a whole number from 1 to 100', 'type': 'integer', 'minimum': 1, 'maximum': 100}, 'code': {'title': 'a code of 4 to 32 of A-Z a-z 0-9 -', 'type': 'string', 'pattern': '^[A-Za-z0-9-]{4,32}\\Z'}, 'brief': {'title': 'true or false', 'type': 'boolean'}, 'until': {'title': 'a time of the next 30 days (ISO 8601)', 'type': 'string', 'maxLength': 40}, 'paused_at': {'title': 'when the pause was set that is meant (ISO 8601)', 'type': 'string', 'maxLength': 40}}, 'additionalProperties': False, 'allOf': [{'if': {'properties': {'command': {'enum': ['failover', 'rehearse', 'verify', 'acknowledge', 'pause', 'resume']}}}, 'then': {'anyOf': [{'required': ['pair']}, {'required': ['disaster_recovery_id']}], 'title': 'pair or disaster_recovery_id beside it'}}, {'if': {'properties': {'command': {'const': 'acknowledge'}}}, 'then': {'required': ['production_cluster_id', 'reason', 'requested_by'], 'properties': {'production_cluster_id': {'title': "a cluster's id, typed"}, 'reason': {'title': 'a sentence of 1 to 500 characters'}, 'requested_by': {'title': 'a name of 1 to 200 characters'}}}, 'else': {'properties': {'override': {'items': {'not': {'const': 'roles'}, 'title': 'a gate that can be overridden, which roles is not'}}}}}, {'if': {'properties': {'command': {'const': 'pause'}}}, 'then': {'required': ['until', 'reason', 'requested_by'], 'properties': {'until': {'title': 'a time of the next 30 days (ISO 8601)'}, 'reason': {'title': 'a sentence of 1 to 500 characters'}, 'requested_by': {'title': 'a name of 1 to 200 characters'}}}}, {'if': {'properties': {'command': {'const': 'test_notice'}}}, 'then': {'required': ['code'], 'properties': {'code': {'title': 'a code of 4 to 32 of A-Z a-z 0-9 -'}}}}, {'if': {'properties': {'command': {'const': 'resume'}}}, 'then': {'required': ['reason', 'requested_by'], 'properties': {'reason': {'title': 'a sentence of 1 to 500 characters'}, 'requested_by': {'title': 'a name of 1 to 200 characters'}}}}, {'if': {'properties': {'command': {'enum': ['pause', 'resume']}}}, 'then': {'properties': {'pair': {'pattern': '^([^*]+|\\*)\\Z', 'title': "a pair's name, or '*' for all"}}}}, {'if': {'properties': {'command': {'enum': ['pause', 'resume']}, 'pair': {'const': '*'}}, 'required': ['pair']}, 'then': {'properties': {'disaster_recovery_id': {'not': {}, 'title': "none beside the pair '*', which is all pairs"}}}}, {'if': {'properties': {'command': {'enum': ['pause', 'resume', 'status', 'history']}}}, 'else': {'properties': {'pair': {'pattern': '^[^*]*\\Z', 'title': "a pair's name"}}}}, {'if': {'properties': {'command': {'const': 'report'}}}, 'then': {'not': {'anyOf': [{'required': ['pair']}, {'required': ['disaster_recovery_id']}]}, 'title': 'report without a pair: it is about all of them (for one: rehearse)'}}, {'if': {'required': ['confirm']}, 'then': {'required': ['reason', 'requested_by', 'requested_at'], 'properties': {'reason': {'title': 'a sentence of 1 to 500 characters'}, 'requested_by': {'title': 'a name of 1 to 200 characters'}, 'requested_at': {'title': 'a time (ISO 8601)'}}}}]}, rule='additionalProperties')
    return data
