"""Mutations of what both ceremonies have: client data and authenticator data."""

import base64
import json

import cbor2

from generate import b64


def common(mutation, other_type):
    """Registers the mutations with a ceremony's `mutation`. `other_type` is the client data type of the other ceremony."""

    def simple(name, attribute, value, **kinds):
        mutation(name, **kinds)(lambda case: setattr(case, attribute, value(case)))

    def client(name, change, **kinds):
        mutation("client data: " + name, **kinds)(lambda case: change(case.client_data, case))

    client("type", lambda data, _: data.update(type=other_type))
    client("challenge", lambda data, _: data.update(challenge=b64(bytes(32))))
    client("challenge with padding", lambda data, _: data.update(challenge=data["challenge"] + "="))
    client("challenge in standard base64", lambda data, case: (case.__setattr__("challenge", b"\xff\xfe" * 16), data.update(challenge=base64.b64encode(case.challenge).decode().rstrip("="))))
    client("origin", lambda data, _: data.update(origin="https://example.com"))
    client("origin with a slash", lambda data, _: data.update(origin=data["origin"] + "/"))
    client("origin in capitals", lambda data, _: data.update(origin="https://EXAMPLE.org"))
    client("in a frame of another site", lambda data, _: data.update(crossOrigin=True, topOrigin="https://example.com"))
    client("crossOrigin is null", lambda data, _: data.update(crossOrigin=None), valid=True)
    client("crossOrigin is absent", lambda data, _: data.pop("crossOrigin"), valid=True)
    client("crossOrigin is a string", lambda data, _: data.update(crossOrigin="false"))
    client("unknown member", lambda data, _: data.update(other={"a": [1, None]}), valid=True)
    client("tokenBinding with a status", lambda data, _: data.update(tokenBinding={"status": "supported"}), valid=True)
    client("tokenBinding is a string", lambda data, _: data.update(tokenBinding="unused"), valid=True)
    client("lone surrogate", lambda data, _: data.update(x="\ud83d"), valid=True)
    client("no type", lambda data, _: data.pop("type"))
    client("no challenge", lambda data, _: data.pop("challenge"))
    client("no origin", lambda data, _: data.pop("origin"))
    simple("client data: byte order mark", "client_data_bytes", lambda _: lambda text: b"\xef\xbb\xbf" + text.encode(), valid=True)
    simple("client data: invalid UTF-8", "client_data_bytes", lambda _: lambda text: b'{"x":"\xff",' + text.encode()[1:], valid=True)
    simple("client data: spaces", "client_data_text", lambda _: lambda data: json.dumps(data, indent=2), valid=True)
    simple("client data: number beyond a double", "client_data_text", lambda _: lambda data: '{"x":1e999,' + json.dumps(data)[1:], valid=True)
    simple("client data: not an object", "client_data_text", lambda _: lambda data: json.dumps([data]))
    simple("client data: cut", "client_data_text", lambda _: lambda data: json.dumps(data)[:-1])

    simple("data: another relying party", "rp_id_hash", lambda case: case.rng.randbytes(32))
    simple("data: user not present", "flags", lambda case: case.flags & ~0x01)
    simple("data: backed up and not eligible", "flags", lambda case: case.flags & ~0x08 | 0x10)
    simple("data: attested data where the flag says otherwise", "flags", lambda case: case.flags ^ 0x40)
    simple("data: extensions are missing", "flags", lambda case: case.flags | 0x80)
    simple("data: bytes behind its end", "extensions", lambda _: b"\0")
    simple("data: cut", "data", lambda _: lambda data: data[:-1])

    @mutation("data: user not verified where it is required")
    def _(case):
        case.flags, case.uv_required = case.flags & ~0x04, True

    @mutation("data: user not verified where it is preferred", valid=True)
    def _(case):
        case.flags, case.uv_required = case.flags & ~0x04, False

    @mutation("data: extensions", valid=True)
    def _(case):
        case.flags, case.extensions = case.flags | 0x80, cbor2.dumps({"credProtect": 2})

    return simple


def responses(mutation):
    """Registers the mutations of the members around a response, and returns the function that registers others."""

    def response(name, change, **kinds):
        def apply(case):
            case.response = lambda response: change(response) or response

        mutation("response: " + name, **kinds)(apply)

    response("another type", lambda one: one.update(type="password"))
    response("id with padding", lambda one: one.update(id=one["id"] + "="))
    response("another id", lambda one: one.update(id="AAAA", rawId="AAAA"))
    response("id and rawId differ", lambda one: one.update(id="AAAA"))
    return response
