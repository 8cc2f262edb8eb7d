"""CloudFormation types that MiniStack lacks. AWS Config's types go to the gateway's fake; a few others are only stored."""
import datetime
import json
import os
import uuid
from urllib import request

from contract import events, provisioners, responses

STUBS = ["AWS::CloudFormation::LambdaHook", "AWS::CloudTrail::Trail",
         "AWS::CloudWatch::CompositeAlarm", "AWS::CloudWatch::InsightRule",
         "AWS::Events::Archive", "AWS::KMS::ReplicaKey", "AWS::Lambda::CodeSigningConfig", "AWS::Logs::QueryDefinition",
         "AWS::SNS::TopicInlinePolicy", "AWS::SQS::QueueInlinePolicy", "AWS::SecurityHub::Hub", "AWS::XRay::Group"]
ALARM = "AWS::CloudWatch::Alarm"
stored = responses.AccountRegionScopedDict()


def _handler(put, delete, name_property="Name", default=None):
    def create(logical_id, properties, stack):
        name = properties.get(name_property) or default or f"{stack}-{logical_id}-{uuid.uuid4().hex[:12].upper()}"
        return name, put(name, properties)

    def update(name, old, new, stack):
        name = new.get(name_property) or name
        return name, put(name, new)
    return {"create": create, "update": update, "delete": lambda name, properties: delete(name)}


def _stub(type_name, name_property="Name"):
    service, kind = type_name.lower().split("::")[1:]

    def put(name, properties):
        stored[name] = {"Type": type_name, "Properties": properties}
        return {"Arn": f"arn:aws:{service}:{responses.get_region()}:{responses.get_account_id()}:{kind}/{name}"}
    return _handler(put, lambda name: stored.pop(name, None), name_property)


def config(action, **parameters):
    """Calls the gateway's AWS Config as the account's root. MiniStack blocks meanwhile, so the gateway must not call it back."""
    scope = f"{responses.get_account_id()}/{datetime.date.today():%Y%m%d}/{responses.get_region()}/config/aws4_request"
    call = request.Request(os.environ["EVENKEEL_GATEWAY"], json.dumps(parameters).encode(), {
        "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"StarlingDoveService.{action}",
        "User-Agent": "cloudformation.amazonaws.com",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"})
    with request.urlopen(call, timeout=30) as answer:
        return json.loads(answer.read() or b"{}")


def _put_rule(name, properties):
    rule = {key: value for key, value in properties.items() if key not in ("Compliance", "Tags")}
    if isinstance(rule.get("InputParameters"), dict):
        rule["InputParameters"] = json.dumps(rule["InputParameters"], separators=(",", ":"))
    config("PutConfigRule", ConfigRule={**rule, "ConfigRuleName": name})
    put = config("DescribeConfigRules", ConfigRuleNames=[name])["ConfigRules"][0]
    return {"Arn": put["ConfigRuleArn"], "ConfigRuleId": put["ConfigRuleId"]}


def _put_recorder(name, properties):
    group = {key[0].lower() + key[1:]: value for key, value in (properties.get("RecordingGroup") or {}).items()}
    config("PutConfigurationRecorder", ConfigurationRecorder={
        "name": name, "roleARN": properties.get("RoleARN"), "recordingGroup": group})
    config("StartConfigurationRecorder", ConfigurationRecorderName=name)
    return {}


def _put_channel(name, properties):
    config("PutDeliveryChannel", DeliveryChannel={"name": name, "s3BucketName": properties.get("S3BucketName")})
    return {}


def _put_bus_policy(sid, properties):
    bus = properties.get("EventBusName", "default")
    statement = properties.get("Statement") or {"Effect": "Allow", "Resource": "*", **{
        key: properties[key] for key in ("Action", "Principal", "Condition") if key in properties}}
    _drop_bus_policy(sid)
    policy = events._event_bus_policies.setdefault(bus, {"Version": "2012-10-17", "Statement": []})
    policy["Statement"].append({**statement, "Sid": sid})
    return {}


def _drop_bus_policy(sid):
    for policy in events._event_bus_policies.values():
        policy["Statement"] = [statement for statement in policy["Statement"] if statement.get("Sid") != sid]


def _alarm_type(plain):
    """MiniStack supports alarms on one metric; an alarm on an expression, such as a band, is only stored."""
    stored_only = _stub(ALARM, "AlarmName")

    def of(properties):
        return stored_only if properties.get("Metrics") else plain
    return {"create": lambda logical_id, properties, stack: of(properties)["create"](logical_id, properties, stack),
            "update": lambda name, old, new, stack: of(new)["update"](name, old, new, stack),
            "delete": lambda name, properties: of(properties)["delete"](name, properties)}


CONFIG_TYPES = {
    "AWS::Config::ConfigRule": _handler(
        _put_rule, lambda name: config("DeleteConfigRule", ConfigRuleName=name), "ConfigRuleName"),
    "AWS::Config::ConfigurationRecorder": _handler(
        _put_recorder, lambda name: config("DeleteConfigurationRecorder", ConfigurationRecorderName=name), default="default"),
    "AWS::Config::DeliveryChannel": _handler(
        _put_channel, lambda name: config("DeleteDeliveryChannel", DeliveryChannelName=name), default="default"),
    "AWS::Events::EventBusPolicy": _handler(_put_bus_policy, _drop_bus_policy, "StatementId"),
}


def install():
    missing = {**{name: _stub(name) for name in STUBS}, **CONFIG_TYPES}
    added = {name: missing[name] for name in missing if name not in provisioners._RESOURCE_HANDLERS}
    provisioners._RESOURCE_HANDLERS.update(added)
    provisioners._RESOURCE_HANDLERS[ALARM] = _alarm_type(provisioners._RESOURCE_HANDLERS[ALARM])
    return [*(f"{name} (stored only)" if name in STUBS else name for name in sorted(added)),
            f"{ALARM} on an expression (stored only)"]
