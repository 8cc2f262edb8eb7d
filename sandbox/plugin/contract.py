"""The names of MiniStack that the plugin uses. A version that lacks one is refused at the start."""
from names import load

NAMES = {
    "app": {"SERVICE_HANDLERS": None, "_resolve_port": "", "main": ""},
    "core.responses": {"request_scope": "account_id region", "get_account_id": "", "get_region": "",
                       "AccountRegionScopedDict": None,
                       "error_response_json": "code message status extra message_key content_type"},
    "core.iam_evaluator": {
        "_resolve_condition_key": "key ctx", "_principal_org_id": "account_id", "EvalContext": None, "AuthError": None,
        "find_iam_access_key_account": "access_key_id", "resolve_principal": "access_key_id account_id credential",
        "evaluate": "ctx policies limits", "_gather_role_policies": "role_name account_id",
        "evaluate_resource_policy": "doc ctx service named_only direct_only",
        "enforce": "access_key_id iam_action service region resource_arn service_context"},
    "core.iam_actions": {"access_denied_response": None},
    "services.sts": {"_sessions": None},
    "services.iam": {"_roles": None, "_users": None, "_access_keys": None, "_account_password_policy": None,
                     "_IAM_HANDLERS": None, "_error": "status code message ns", "_list_access_keys": "p",
                     "_update_account_password_policy": "p", "_p": "params key default"},
    "services.eventbridge": {
        "_put_events": "data allow_aws_source", "_invoke_target": "target event rule view", "_event_bus_policies": None,
        "_dispatch_to_event_bus": "spec event rule event_path target_input_payload", "_dispatch_event": "event view",
        "_dispatch_to_stepfunctions": "arn payload",
        "_put_rule": "data", "_put_targets": "data", "_targets": None, "_rule_key": "rule_name bus_name"},
    "services.sqs": {"_HANDLERS": None, "_act_create_queue": "data _u", "_queues": None},
    "services.s3": {"_put_object_lock_configuration": "bucket_name body", "_get_bucket_policy": "name",
                    "_policy_is_public": "policy_text", "_list_objects_v1": "bucket_name query_params"},
    "services.stepfunctions": {"_start_execution": "data", "_execute_task": "state_def raw_input execution ctx",
                               "_ExecutionError": None},
    "services.athena": {"_table_relation": "table_data files", "_rewrite_data_paths": "query database catalog",
                        "_start_query_execution": "data", "_create_named_query": "data", "_delete_named_query": "data",
                        "_sql_tokens": "sql", "_sql_list": "paths", "_duckdb_available": None},
    "services.firehose": {"_hive_to_duckdb_type": "hive_type"},
    "services.cloudformation.provisioners": {"_RESOURCE_HANDLERS": None},
    "services.cloudformation": {"_stacks": None},
    "services.cloudformation.handlers": {"_ACTION_HANDLERS": None, "_describe_stack_resources": "params",
                                         "_error": "code message status"},
}

app, responses, evaluator, actions, sts, iam, events, queues, buckets, machines, athena, firehose, provisioners, formation, stack_calls = (
    load(f"ministack.{path}", names) for path, names in NAMES.items())
