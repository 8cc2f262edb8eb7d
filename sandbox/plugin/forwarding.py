"""EventBridge across accounts and regions, with the IAM checks of targets."""
import uuid

from contract import evaluator, events, machines, responses

ACTIONS = {"events": "events:PutEvents", "states": "states:StartExecution"}


def _role_may(role_arn, action, resource, policy=None):
    account, name = role_arn.split(":")[4], role_arn.rsplit("/", 1)[1]
    ctx = evaluator.EvalContext(f"arn:aws:sts::{account}:assumed-role/{name}/events", "AssumedRole", account, action,
                                resource, resource.split(":")[3])
    answers = [evaluator.evaluate(ctx, evaluator._gather_role_policies(name, account))]
    answers += [] if policy is None else [evaluator.evaluate_resource_policy(policy, ctx)]
    return all(answer.decision == "Allow" for answer in answers)


def invoke_target(target, event, rule, view=None, original=events._invoke_target):
    """MiniStack checks neither the target's role nor the other account's bus policy."""
    arn, role, here = target.get("Arn", ""), target.get("RoleArn"), responses.get_account_id()
    _, _, service, region, account, resource = arn.split(":", 5)
    action, policy = ACTIONS.get(service), None
    if service == "events" and account != here:
        with responses.request_scope(account, region):
            policy = events._event_bus_policies.get(resource.partition("/")[2]) or {}
    if action and not (role and _role_may(role, action, arn, policy)):
        return print(f"EventBridge rule {rule.get('Name')} in {here}: {role} may not {action} on {arn}", flush=True)
    return original(target, event, rule, view)


def to_bus(spec, event, rule, path, payload=None, original=events._dispatch_to_event_bus):
    """MiniStack drops events to another account or region. On AWS, an event crosses once and keeps its origin."""
    here = (responses.get_account_id(), responses.get_region())
    if (spec.account_id, spec.region) == here:
        return original(spec, event, rule, path, payload)
    if (event["Account"], event["Region"]) != here:
        return print(f"EventBridge rule {rule.get('Name')} in {here}: an event is forwarded only once", flush=True)
    with responses.request_scope(spec.account_id, spec.region):
        events._dispatch_event({**event, "EventBusName": spec.resource.partition("/")[2], "_DispatchPath": []})


def to_machine(arn, payload):
    """AWS names these executions by two UUIDs. The 73 characters exceed the limit of a session name."""
    machines._start_execution({"stateMachineArn": arn, "name": f"{uuid.uuid4()}_{uuid.uuid4()}", "input": payload})


def install():
    events._invoke_target, events._dispatch_to_event_bus = invoke_target, to_bus
    events._dispatch_to_stepfunctions = to_machine
    return ["roles of EventBridge targets", "events across accounts and regions", "names of EventBridge's executions"]
