"""IAM users: the age of access keys, the error for a missing user, and complete password policies."""
import datetime

from contract import iam

# The minimum and maximum of each number, as in the service's model, and its default.
NUMBERS = {"MinimumPasswordLength": (6, 128, 6), "MaxPasswordAge": (1, 1095, 0), "PasswordReusePrevention": (1, 24, 0)}


def backdate(key, days):
    """Moves the creation date of a key back, and returns whether the key exists."""
    found = iam._access_keys.get(key)
    if found:
        made = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days)
        found["CreateDate"] = f"{made:%Y-%m-%dT%H:%M:%SZ}"
    return found is not None


def list_access_keys(parameters, original=iam._list_access_keys):
    """MiniStack returns an empty list for a missing user."""
    name = iam._p(parameters, "UserName")
    if name and name not in iam._users:
        return iam._error(404, "NoSuchEntity", f"The user with name {name} cannot be found.")
    return original(parameters)


def put_password_policy(parameters, original=iam._update_account_password_policy):
    """MiniStack keeps omitted values and accepts any number; AWS resets omitted values to their defaults."""
    for name, (least, most, _) in NUMBERS.items():
        given = iam._p(parameters, name)
        if given and not least <= int(given) <= most:
            return iam._error(400, "ValidationError", f"Value '{given}' at '{name[0].lower()}{name[1:]}' failed to satisfy "
                                                      f"constraint: Member must have value between {least} and {most}")
    iam._account_password_policy["policy"] = {name: default for name, (_, _, default) in NUMBERS.items()}
    return original(parameters)


def install():
    iam._IAM_HANDLERS.update(ListAccessKeys=list_access_keys, UpdateAccountPasswordPolicy=put_password_policy)
    return ["keys of users who are not there", "password policies put as a whole"]
