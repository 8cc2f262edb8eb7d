"""python sandbox/plugin/moto_server.py <moto_server's arguments>: moto, which serves the services that MiniStack lacks."""
import instances
import lifeline
from moto.server import main

lifeline.hold()
print("corrected:", "; ".join(instances.install()), flush=True)
main()
