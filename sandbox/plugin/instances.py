"""EC2 in moto: a change of an instance's metadata options keeps the options that it omits."""
from names import load

instances = load("moto.ec2.models.instances", {
    "InstanceBackend.get_instance": "self instance_id",
    "InstanceBackend.modify_instance_metadata_options":
        "self instance_id http_tokens hop_limit http_endpoint dry_run http_protocol metadata_tags"})

# moto's parameters and the attributes of the instance's options.
ATTRIBUTES = {"http_tokens": "http_tokens", "hop_limit": "http_put_response_hop_limit", "http_endpoint": "http_endpoint",
              "http_protocol": "http_protocol_ipv6", "metadata_tags": "instance_metadata_tags"}
_modify = instances.InstanceBackend.modify_instance_metadata_options


def modify_metadata_options(self, instance_id, **given):
    """moto resets omitted options. AWS documents that they are kept, except for HttpTokens, which is kept too."""
    now = self.get_instance(instance_id).metadata_options
    kept = {name: getattr(now, attribute) for name, attribute in ATTRIBUTES.items() if given.get(name) is None}
    return _modify(self, instance_id, **{**given, **kept})


def install():
    instances.InstanceBackend.modify_instance_metadata_options = modify_metadata_options
    return ["metadata options that a change leaves out"]
