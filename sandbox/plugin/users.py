"""IAM's users: their keys can be old, a user who is not there is an error, and a password policy is put as a whole."""
import datetime

from contract import iam

# The least and the most of each number, as in the service's model, and what it becomes when left out.
NUMBERS = {"MinimumPasswordLength": (6, 128, 6), "MaxPasswordAge": (1, 1095, 0), "PasswordReusePrevention": (1, 24, 0)}


def backdate(key, days):
    """Makes a key look as if made so many days ago; says whether there is such a key."""
    found = iam._access_keys.get(key)
    if found:
        made = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days)
        found["CreateDate"] = f"{made:%Y-%m-%dT%H:%M:%SZ}"
    return found is not None


def list_access_keys(parameters, original=iam._list_access_keys):
    """MiniStack answers an empty list for a user who is not there."""
    name = iam._p(parameters, "UserName")
    if name and name not in iam._users:
        return iam._error(404, "NoSuchEntity", f"The user with name {name} cannot be found.")
    return original(parameters)


def put_password_policy(parameters, original=iam._update_account_password_policy):
    """MiniStack keeps what an update leaves out, where AWS goes back to its default, and takes any number."""
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
