"""The headers of every response: nothing from elsewhere, nothing inline.

The exported page carries the same policy in a meta element, with the hashes of its own
style and script.
"""

import base64
import hashlib

_COMMON = "base-uri 'none'; form-action 'self'; img-src 'self' data:"
SERVED_POLICY = (
    f"default-src 'none'; style-src 'self'; script-src 'self'; {_COMMON}; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": SERVED_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def inline_policy(style: str, script: str) -> str:
    """Return the policy of a self-contained page that holds exactly this style and script."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}';"
        " base-uri 'none'; form-action 'none'; img-src data:"
    )


def _digest(text: str) -> str:
    raw = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(raw).decode('ascii')}"
