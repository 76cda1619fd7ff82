"""What is said of answers that are no good ones, without what was told in confidence.

When a call is made, and how often, belongs to ingestion.http.
"""

import json
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests

from ingestion.errors import SourceAnswerBroken, SourceError, SourceRefused, SourceUnreachable

MEGABYTE = 1024 * 1024
REMEDIES = {
    400: "The server did not understand the request: check its version.",
    401: "Give an access token that is valid, in the source's section of concord.toml.",
    403: "Give the credentials the right to read this: `concord sources show` lists what it needs.",
    404: "Check base_url: the server does not know this address.",
    422: "The server may want an access token for this: give one in the source's section.",
    429: "Run less often, or ask the server's owner for a higher limit.",
}


@dataclass(frozen=True)
class Refusals:
    """Makes errors of the answers to one source's calls."""

    source: str
    secrets: tuple[str, ...] = field(repr=False)
    answer_megabytes: int
    signed_by: str

    def refusal(self, response: requests.Response, body: bytes) -> SourceError:
        """Return the error of an answer that is no good one, in the server's own words."""
        status, explanation = response.status_code, self._explanation(body, response.request)
        said = f"{_place(response.url)} answered {status}{explanation}"
        if elsewhere := response.headers.get("Location"):
            return SourceRefused(self.source, said, f"Set base_url to where it moved: {elsewhere}")
        if status >= 500 or status in (408, 425):
            return SourceUnreachable(self.source, said, "Try again later, or ask its owner.")
        remedy = REMEDIES.get(status, "Check base_url and the access token.")
        return SourceRefused(self.source, said, remedy)

    def unreachable(self, url: str, what: str) -> SourceError:
        """Return the error of an address at which nobody answers as they should."""
        remedy = "Check base_url, the network and whether the server is up."
        return SourceUnreachable(self.source, f"{_place(url)} {what}", remedy)

    def throttled(self, url: str) -> SourceError:
        """Return the error of a server that is asked too much, and still after several tries."""
        remedy = f"Lower calls_per_minute under [sources.{self.source}.limits], or run less often."
        return SourceUnreachable(self.source, f"{_place(url)} is asked too much", remedy)

    def too_large(self, response: requests.Response) -> SourceError:
        """Return the error of an answer that is larger than it may be."""
        return SourceAnswerBroken(
            self.source,
            f"{_place(response.url)} answered {response.status_code} with more than"
            f" {self.answer_megabytes} MB",
            f"If that is right, raise answer_megabytes under [sources.{self.source}.limits]",
        )

    def broken(self, url: str, why: str) -> SourceError:
        """Return the error of an answer that can't be understood."""
        remedy = "Check that base_url is an API of the kind that the source reads; try again later."
        return SourceAnswerBroken(
            self.source, f"{_place(url)} gave an answer that can't be read: {why}", remedy
        )

    def _explanation(self, body: bytes, sent: requests.PreparedRequest) -> str:
        """Return the server's own `error` text, without our secrets should it repeat them.

        It is the error itself or, where that is an object, its `message`.
        """
        try:
            parsed = json.loads(body)
        except (ValueError, RecursionError):
            return ""
        error = parsed.get("error") if isinstance(parsed, dict) else None
        if isinstance(error, dict):
            error = error.get("message")
        if not isinstance(error, str):
            return ""
        return f": {self.without_secrets(error, sent)[:200]}"

    def without_secrets(self, said: str, sent: requests.PreparedRequest) -> str:
        """Return what a server said to a request, without what it was told in confidence."""
        signed = sent.headers.get(self.signed_by, "").rpartition(" ")[2]
        for secret in filter(None, (*self.secrets, signed)):
            said = said.replace(secret, "***")
        return said


def _place(url: str) -> str:
    """Return the URL without user and query, where other APIs carry secrets."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
