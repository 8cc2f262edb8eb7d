"""Buckets: Object Lock of those that CloudFormation creates, without which the vault would not be locked, and policy status."""
from contract import buckets, provisioners

_list = buckets._list_objects_v1


def list_or_status(bucket_name, query_params):
    """MiniStack lists the objects for a request for the policy status, which it does not know."""
    if "policyStatus" not in query_params:
        return _list(bucket_name, query_params)
    status, headers, body = buckets._get_bucket_policy(bucket_name)
    if status != 200:
        return status, headers, body
    public = str(buckets._policy_is_public(body.decode())).lower()
    return 200, {"Content-Type": "application/xml"}, f"<PolicyStatus><IsPublic>{public}</IsPublic></PolicyStatus>".encode()


def lock(name, properties):
    rule = (properties.get("ObjectLockConfiguration") or {}).get("Rule") or {}
    if str(properties.get("ObjectLockEnabled")).lower() != "true":
        return
    retention = "".join(f"<{key}>{value}</{key}>" for key, value in (rule.get("DefaultRetention") or {}).items())
    body = f"<Rule><DefaultRetention>{retention}</DefaultRetention></Rule>" if retention else ""
    status, _, answer = buckets._put_object_lock_configuration(name, (
        f"<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>{body}</ObjectLockConfiguration>").encode())
    if status != 200:
        raise ValueError(f"{name} cannot be locked: {answer.decode()}")


def install():
    handler = provisioners._RESOURCE_HANDLERS["AWS::S3::Bucket"]
    made, changed = handler["create"], handler["update"]

    def create(logical_id, properties, stack):
        name, attributes = made(logical_id, properties, stack)
        lock(name, properties)
        return name, attributes

    def update(physical_id, old, new, stack):
        name, attributes = changed(physical_id, old, new, stack)
        lock(name, new)
        return name, attributes
    handler.update(create=create, update=update)
    buckets._list_objects_v1 = list_or_status
    return ["Object Lock of buckets that CloudFormation makes", "the policy status of buckets"]
