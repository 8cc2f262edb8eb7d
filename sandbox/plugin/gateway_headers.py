"""Requests that only the gateway can send: it strips x-evenkeel-* headers from the requests of callers."""
import json
import re
import uuid

import users
from contract import actions, app, evaluator, events, responses
from identity import identity


def _with_headers(service, handler):
    async def answer(method, path, headers, body, query):
        if "x-evenkeel-authorize-only" in headers:  # MiniStack has checked the signature and the policies
            return 204, {}, b""
        if service == "sts" and "x-evenkeel-identity-of" in headers:
            found = identity(headers["x-evenkeel-identity-of"])
            return 200 if found else 404, {"Content-Type": "application/json"}, json.dumps(found or {}).encode()
        if service == "iam" and "x-evenkeel-backdate" in headers:
            key, days = headers["x-evenkeel-backdate"].split()
            return 204 if users.backdate(key, float(days)) else 404, {}, b""
        if service == "events" and "x-evenkeel-trail" in headers:
            return events._put_events(json.loads(body), True)
        return await handler(method, path, headers, body, query)
    return answer


class _Handlers(dict):
    """MiniStack's handlers, and one that authorizes calls to services that MiniStack lacks."""
    def get(self, service, default=None):
        return super().get(service) or _authorize(service)


def _authorize(service):
    async def answer(method, path, headers, body, query):
        action = headers.get("x-evenkeel-authorize-only")
        if not action:
            return 400, {"Content-Type": "application/json"}, json.dumps({"error": f"Unsupported service: {service}"}).encode()
        found = re.search("Credential=([^/]+)", headers.get("authorization", ""))
        denied = evaluator.enforce(found[1] if found else "", action, service, responses.get_region())
        if denied:
            who = getattr(denied, "principal_arn", "")
            return actions.access_denied_response(service, action, who, str(uuid.uuid4()), headers=headers)
        return 204, {}, b""
    return answer


def install():
    app.SERVICE_HANDLERS = _Handlers(app.SERVICE_HANDLERS)
    app.SERVICE_HANDLERS.update({name: _with_headers(name, handler) for name, handler in app.SERVICE_HANDLERS.items()})
    return ["aws.* events, identities, authorization and old access keys for the gateway"]
