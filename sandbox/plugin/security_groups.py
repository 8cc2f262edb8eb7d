"""EC2 in moto: rules of a security group for a protocol that has no ports, such as ESP."""
from names import load

groups = load("moto.ec2.models.security_groups", {
    "SecurityGroupRule.__init__": "self ec2_backend ip_protocol group_id from_port to_port ip_range source_group"
                                  " prefix_list_id is_egress tags"})

_init = groups.SecurityGroupRule.__init__


def init(self, ec2_backend, ip_protocol, group_id, from_port, to_port, *others, **given):
    """moto fails where a rule names no ports; AWS takes them for such protocols to be all of them, which is -1."""
    ports = [-1 if port is None else port for port in (from_port, to_port)]
    _init(self, ec2_backend, ip_protocol, group_id, *ports, *others, **given)


def install():
    groups.SecurityGroupRule.__init__ = init
    return ["rules for protocols without ports"]
