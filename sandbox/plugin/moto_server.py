"""python sandbox/plugin/moto_server.py <moto_server's arguments>: moto, which serves the services that MiniStack lacks."""
import instances
import lifeline
import security_groups
from moto.server import main

lifeline.hold()
print("corrected:", "; ".join(instances.install() + security_groups.install()), flush=True)
main()
