"""DescribeStackResources by a physical id, which MiniStack ignores."""
from contract import formation, stack_calls


def describe(params, original=stack_calls._describe_stack_resources):
    physical = params.get("PhysicalResourceId")
    wanted = physical[0] if isinstance(physical, list) else physical
    if not wanted:
        return original(params)
    for name, stack in formation._stacks.items():
        held = stack.get("_resources", {}).values() if stack.get("StackStatus") != "DELETE_COMPLETE" else ()
        if any(resource.get("PhysicalResourceId") == wanted for resource in held):
            return original({**params, "StackName": [name] if isinstance(physical, list) else name})
    return stack_calls._error("ValidationError", f"Stack for {wanted} does not exist")


def install():
    stack_calls._ACTION_HANDLERS["DescribeStackResources"] = describe
    return ["DescribeStackResources by physical id"]
