"""EventBridge's limits, in API calls and CloudFormation, and SQS's default for new queues."""
import json

from contract import events, provisioners, queues, responses

PATTERN, TARGETS = 2048, 5  # the default quotas: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
RULE = "AWS::Events::Rule"


def excess(pattern, targets):
    """A message about an exceeded limit, or None."""
    if len(pattern) > PATTERN:
        return f"The event pattern has {len(pattern)} characters, and the limit is {PATTERN}."
    if len(targets) > TARGETS:
        return f"The rule would have {len(targets)} targets, and the limit is {TARGETS}."
    return None


def put_rule(data, original=events._put_rule):
    over = excess(data.get("EventPattern") or "", [])
    return responses.error_response_json("LimitExceededException", over, 400) if over else original(data)


def put_targets(data, original=events._put_targets):
    there = events._targets.get(events._rule_key(data.get("Rule"), data.get("EventBusName", "default"))) or []
    over = excess("", {target.get("Id") for target in [*there, *data.get("Targets", [])]})
    return responses.error_response_json("LimitExceededException", over, 400) if over else original(data)


def _within_limits(properties):
    pattern = properties.get("EventPattern") or ""
    # CloudFormation writes the pattern without spaces; MiniStack writes it with spaces.
    text = pattern if isinstance(pattern, str) else json.dumps(pattern, separators=(",", ":"), ensure_ascii=False)
    over = excess(text, properties.get("Targets") or [])
    if over:
        raise ValueError(f"{over} (Service: EventBridge, Status Code: 400, Error Code: LimitExceededException)")
    return {**properties, "EventPattern": text}


def _rule_type(create, update, **others):
    """Checks the rules of templates, which MiniStack creates without PutRule."""
    return {**others,
            "create": lambda logical_id, properties, stack: create(logical_id, _within_limits(properties), stack),
            "update": lambda name, old, new, *more, **named: update(name, old, _within_limits(new), *more, **named)}


def create_queue(data, url, original=queues._act_create_queue):
    """New queues are encrypted with SQS-managed keys by default; MiniStack does so in CloudFormation only."""
    made = original(data, url)
    attributes = queues._queues[made["QueueUrl"]]["attributes"]
    attributes.setdefault("SqsManagedSseEnabled", str(not attributes.get("KmsMasterKeyId")).lower())
    return made


def install():
    events._put_rule, events._put_targets = put_rule, put_targets
    provisioners._RESOURCE_HANDLERS[RULE] = _rule_type(**provisioners._RESOURCE_HANDLERS[RULE])
    queues._HANDLERS["CreateQueue"] = create_queue
    return [f"event patterns of {PATTERN} characters and {TARGETS} targets a rule", "encryption of new queues"]
