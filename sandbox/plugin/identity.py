"""Who calls: two condition keys put right, and what the gateway asks about a key."""
import os

from contract import evaluator, iam, sts


def role_of(session_arn):
    """The ARN and id of the role behind an assumed-role ARN."""
    account, name = session_arn.split(":")[4], session_arn.split("/")[1]
    role = iam._roles.get_scoped(account, None, name) or {}
    return role.get("Arn", f"arn:aws:iam::{account}:role/{name}"), role.get("RoleId", "")


def condition_key(key, ctx, original=evaluator._resolve_condition_key):
    """On AWS, aws:PrincipalArn of a session is the ARN of its role; MiniStack gives the session's own."""
    if key.lower() == "aws:principalarn" and ":assumed-role/" in ctx.principal_arn:
        return role_of(ctx.principal_arn)[0]
    return original(key, ctx)


def identity(key):
    """Whose key it is; the gateway sees neither users' keys nor those of Lambda workers being made."""
    session = sts._sessions.get(key)
    account = session["Arn"].split(":")[4] if session else evaluator.find_iam_access_key_account(key)
    who = account and evaluator.resolve_principal(key, account)
    if not who or isinstance(who, evaluator.AuthError):
        return None
    user_id = who.keys["aws:userid"]
    if who.type == "AssumedRole":  # a Lambda session's user id holds the role's name where AWS has its id
        user_id = f"{role_of(who.arn)[1]}:{user_id.partition(':')[2]}"
    return {"accountId": who.account, "arn": who.arn, "userId": user_id, "issuedAt": (session or {}).get("IssuedAt")}


def install():
    evaluator._resolve_condition_key = condition_key
    organization = os.environ.get("EVENKEEL_ORGANIZATION")
    evaluator._principal_org_id = lambda account_id: organization
    return ["aws:PrincipalArn of sessions", f"all accounts in organization {organization}"]
