"""python sandbox/plugin: starts MiniStack with corrections that need its internals, and prints each correction."""
import os

import athena_queries
import buckets
import cloudformation
import forwarding
import gateway_headers
import identity
import lifeline
import limits
import partitions
import stacks
import users
from contract import app

lifeline.hold()
corrected = [part.install() for part in (identity, forwarding, users, limits, partitions, stacks, gateway_headers, buckets, athena_queries)]
print("corrected:", "; ".join(line for lines in corrected for line in lines))
print("CloudFormation types added:", ", ".join(cloudformation.install()), flush=True)
# GATEWAY_PORT must be the gateway's port, because MiniStack writes it into queue URLs; MiniStack itself listens elsewhere.
app._resolve_port = lambda: os.environ["EVENKEEL_LISTEN"]
app.main()
