#!/usr/bin/env python3
# Asks libwarden one question and prints the answer in a line; the Python service of the demonstration.
# SPDX-License-Identifier: Apache-2.0
"""usage: ask-py POLICIES ENTITIES PRINCIPAL_TYPE PRINCIPAL_ID ACTION_ID RESOURCE_TYPE RESOURCE_ID"""

import ctypes
import os
import sys
from ctypes import POINTER, byref, c_char, c_char_p, c_int, c_int32, c_size_t, c_uint32, c_void_p

OK, ALLOW = 0, 1


class Error(ctypes.Structure):
    """struct warden_error: its layout is frozen within libwarden.so.1."""

    _fields_ = [("code", c_int32), ("line", c_uint32), ("column", c_uint32), ("text", c_char * 256)]


class Failure(Exception):
    """libwarden refused, with the text of its error."""


def load():
    """libwarden.so.1, by soname as a linked program finds it, with its functions declared."""
    lib = ctypes.CDLL("libwarden.so.1")
    entity = [c_void_p, c_char_p, c_size_t, c_char_p, c_size_t, POINTER(Error)]
    for name, result, arguments in (
        ("warden_version", c_char_p, []),
        ("warden_open", c_int, [POINTER(c_void_p), c_char_p, c_char_p, POINTER(Error)]),
        ("warden_close", None, [c_void_p]),
        ("warden_request_new", c_void_p, []),
        ("warden_request_set_principal", c_int, entity),
        ("warden_request_set_action", c_int, entity),
        ("warden_request_set_resource", c_int, entity),
        ("warden_request_free", None, [c_void_p]),
        ("warden_check", c_int, [c_void_p, c_void_p, POINTER(c_void_p), POINTER(Error)]),
        ("warden_answer_policy_count", c_size_t, [c_void_p]),
        ("warden_answer_policy", c_void_p, [c_void_p, c_size_t, POINTER(c_size_t)]),
        ("warden_answer_free", None, [c_void_p]),
    ):
        function = getattr(lib, name)
        function.restype, function.argtypes = result, arguments
    return lib


class Warden:
    """Policies and entities, loaded together."""

    def __init__(self, lib, policies, entities):
        self.lib, self.handle, error = lib, c_void_p(), Error()
        if lib.warden_open(byref(self.handle), os.fsencode(policies), os.fsencode(entities), byref(error)) != OK:
            raise Failure(error.text.decode())

    def close(self):
        self.lib.warden_close(self.handle)

    def _fill(self, request, **entities):
        error = Error()
        for place, (kind, name) in entities.items():
            kind, name = os.fsencode(kind), os.fsencode(name)
            setter = getattr(self.lib, "warden_request_set_" + place)
            if setter(request, kind, len(kind), name, len(name), byref(error)) != OK:
                raise Failure(error.text.decode())

    def _policies(self, answer):
        for i in range(self.lib.warden_answer_policy_count(answer)):
            length = c_size_t()
            where = self.lib.warden_answer_policy(answer, i, byref(length))
            yield ctypes.string_at(where, length.value).decode()

    def check(self, principal, action, resource):
        """(allowed, ids of the policies that decided)"""
        request, answer, error = self.lib.warden_request_new(), c_void_p(), Error()
        if not request:
            raise Failure("out of memory")
        try:
            self._fill(request, principal=principal, action=action, resource=resource)
            decision = self.lib.warden_check(self.handle, request, byref(answer), byref(error))
            if error.code != OK:
                raise Failure(error.text.decode())
            return decision == ALLOW, list(self._policies(answer))
        finally:
            self.lib.warden_answer_free(answer)
            self.lib.warden_request_free(request)


def reason(policies):
    if not policies:
        return "because no policy permits it"
    return ("by policy " if len(policies) == 1 else "by policies ") + ", ".join(f'"{p}"' for p in policies)


def main(arguments):
    if len(arguments) != 7:
        print(__doc__, file=sys.stderr)
        return 2
    policies, entities, kind, who, action, thing_kind, thing = arguments
    try:
        lib = load()
        warden = Warden(lib, policies, entities)
        try:
            allowed, decided = warden.check((kind, who), ("Action", action), (thing_kind, thing))
        finally:
            warden.close()
    except (Failure, OSError) as error:
        print(f"ask-py: {error}", file=sys.stderr)
        return 1
    print(f'ask-py: {"ALLOW" if allowed else "DENY"} {kind}::"{who}" {action} {thing_kind}::"{thing}" '
          f"{reason(decided)} (libwarden {lib.warden_version().decode()})")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
