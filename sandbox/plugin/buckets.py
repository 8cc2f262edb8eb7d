"""Object Lock of buckets that CloudFormation creates. MiniStack ignores it, so the vault would not be locked."""
from contract import buckets, provisioners


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
    return ["Object Lock of buckets that CloudFormation makes"]
