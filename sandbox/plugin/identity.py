"""Identities: corrections of three condition keys, and the owner of an access key for the gateway."""
import contextvars
import os

from contract import app, evaluator, iam, sts


def role_of(session_arn):
    """The ARN and id of the role of an assumed-role ARN."""
    account, name = session_arn.split(":")[4], session_arn.split("/")[1]
    role = iam._roles.get_scoped(account, None, name) or {}
    return role.get("Arn", f"arn:aws:iam::{account}:role/{name}"), role.get("RoleId", "")


if_none_match = contextvars.ContextVar("evenkeel_if_none_match", default=None)


def pin_request(method, path, query, headers, handshake=False, original=evaluator.pin_signed_request):
    if_none_match.set(next((value.decode() for name, value in headers if name.lower() == b"if-none-match"), None))
    return original(method, path, query, headers, handshake)


def condition_key(key, ctx, original=evaluator._resolve_condition_key):
    """On AWS, aws:PrincipalArn of a session is the ARN of its role; MiniStack has the ARN of the session."""
    if key.lower() == "aws:principalarn" and ":assumed-role/" in ctx.principal_arn:
        return role_of(ctx.principal_arn)[0]
    if key.lower() == "s3:if-none-match":  # AWS sets it for conditional writes; MiniStack does not have it
        return if_none_match.get()
    return original(key, ctx)


def identity(key):
    """The owner of a key. The gateway does not see the creation of users' keys and of Lambda workers' keys."""
    session = sts._sessions.get(key)
    account = session["Arn"].split(":")[4] if session else evaluator.find_iam_access_key_account(key)
    who = account and evaluator.resolve_principal(key, account)
    if not who or isinstance(who, evaluator.AuthError):
        return None
    user_id = who.keys["aws:userid"]
    if who.type == "AssumedRole":  # a Lambda session's user id has the role's name instead of its id
        user_id = f"{role_of(who.arn)[1]}:{user_id.partition(':')[2]}"
    return {"accountId": who.account, "arn": who.arn, "userId": user_id, "issuedAt": (session or {}).get("IssuedAt")}


def install():
    evaluator._resolve_condition_key = condition_key
    app.pin_signed_request = pin_request
    organization = os.environ.get("EVENKEEL_ORGANIZATION")
    evaluator._principal_org_id = lambda account_id: organization
    return ["aws:PrincipalArn of sessions", "s3:if-none-match", f"all accounts in organization {organization}"]
