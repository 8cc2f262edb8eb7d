"""RDS in moto: a change that waits for the maintenance window is pending until a call applies pending changes."""
from names import load

databases = load("moto.rds.models", {
    "RDSBackend.modify_db_instance": "self db_instance_identifier db_kwargs",
    "RDSBackend.describe_db_instances": "self db_instance_identifier filters"})

# AWS documents for each of these parameters that the change waits for the maintenance window without ApplyImmediately.
DEFERRED = {"db_instance_class": "DBInstanceClass", "engine_version": "EngineVersion", "iops": "Iops", "multi_az": "MultiAZ"}
_modify = databases.RDSBackend.modify_db_instance


def modify(self, db_instance_identifier, db_kwargs):
    """moto applies each change at once and knows no pending changes."""
    database = self.describe_db_instances(db_instance_identifier)[0]
    waiting = dict(getattr(database, "pending_modified_values", {}))
    changes = dict(db_kwargs)
    asked = {name: changes.pop(name) for name in DEFERRED if changes.get(name) is not None}
    if changes.get("apply_immediately"):
        known = {shown: name for name, shown in DEFERRED.items()}
        changes.update({known[shown]: value for shown, value in waiting.items()}, **asked)
        waiting = {}
    else:
        waiting.update({DEFERRED[name]: value for name, value in asked.items()})
    database = _modify(self, db_instance_identifier, changes)
    database.pending_modified_values = waiting
    return database


def install():
    databases.RDSBackend.modify_db_instance = modify
    return ["changes of databases that wait"]
