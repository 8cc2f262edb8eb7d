"""State machines run only what their own partition offers."""
from contract import machines


def execute_task(state, raw_input, execution, ctx, original=machines._execute_task):
    """AWS accepts a definition that names another partition, and fails each execution; no Retry or Catch matches the error."""
    expected, named = (arn.split(":")[1] for arn in (ctx["StateMachine"]["Id"], state.get("Resource") or ":"))
    if named and named != expected:
        raise machines._ExecutionError("States.Runtime", "The resource belongs to a different partition from the running "
                                       f"execution. Expected '{expected}', was '{named}'.")
    return original(state, raw_input, execution, ctx)


def install():
    machines._execute_task = execute_task
    return ["partitions of state machines"]
