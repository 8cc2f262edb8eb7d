"""Every MiniStack name that the plugin leans on. Another version is refused at the start, not found out in a test."""
import importlib
import inspect
import sys

NAMES = {
    "app": {"SERVICE_HANDLERS": None, "_resolve_port": "", "main": ""},
    "core.responses": {"request_scope": "account_id region", "get_account_id": "", "get_region": "",
                       "AccountRegionScopedDict": None},
    "core.iam_evaluator": {
        "_resolve_condition_key": "key ctx", "_principal_org_id": "account_id", "EvalContext": None, "AuthError": None,
        "find_iam_access_key_account": "access_key_id", "resolve_principal": "access_key_id account_id credential",
        "evaluate": "ctx policies limits", "_gather_role_policies": "role_name account_id",
        "evaluate_resource_policy": "doc ctx service named_only direct_only"},
    "services.sts": {"_sessions": None},
    "services.iam": {"_roles": None},
    "services.eventbridge": {
        "_put_events": "data allow_aws_source", "_invoke_target": "target event rule view", "_event_bus_policies": None,
        "_dispatch_to_event_bus": "spec event rule event_path target_input_payload", "_dispatch_event": "event view",
        "_dispatch_to_stepfunctions": "arn payload"},
    "services.stepfunctions": {"_start_execution": "data"},
    "services.cloudformation.provisioners": {"_RESOURCE_HANDLERS": None},
}


def _load(path, names):
    module = importlib.import_module(f"ministack.{path}")
    for name, parameters in names.items():
        found = getattr(module, name, None)
        if found is None or (parameters is not None and " ".join(inspect.signature(found).parameters) != parameters):
            sys.exit(f"ministack.{path}.{name} is not the one the plugin knows; install sandbox/requirements.txt")
    return module


app, responses, evaluator, sts, iam, events, machines, provisioners = (_load(*entry) for entry in NAMES.items())
