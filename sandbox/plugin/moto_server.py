"""python sandbox/plugin/moto_server.py <arguments of moto_server>: starts moto for the services that MiniStack lacks."""
import databases
import instances
import lifeline
import security_groups
from moto.server import main

lifeline.hold()
print("corrected:", "; ".join(databases.install() + instances.install() + security_groups.install()), flush=True)
main()
