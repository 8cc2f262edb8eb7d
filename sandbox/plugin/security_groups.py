"""EC2 in moto: security group rules for a protocol without ports, such as ESP."""
from names import load

groups = load("moto.ec2.models.security_groups", {
    "SecurityGroupRule.__init__": "self ec2_backend ip_protocol group_id from_port to_port ip_range source_group"
                                  " prefix_list_id is_egress tags"})

_init = groups.SecurityGroupRule.__init__


def init(self, ec2_backend, ip_protocol, group_id, from_port, to_port, *others, **given):
    """moto fails if a rule has no ports; for such protocols AWS sets -1, which means all ports."""
    ports = [-1 if port is None else port for port in (from_port, to_port)]
    _init(self, ec2_backend, ip_protocol, group_id, *ports, *others, **given)


def install():
    groups.SecurityGroupRule.__init__ = init
    return ["rules for protocols without ports"]
