"""Who asks: nobody, or somebody who signs in as often as a generated request has signed them out."""

from dataclasses import dataclass
from time import perf_counter
from typing import Any

import requests  # type: ignore[import-untyped,unused-ignore] # in an environment of its own

from tests.conformance.fuzzing.judging import OWN_TYPE, SLOWEST_SECONDS, Answer

PATIENCE = SLOWEST_SECONDS + 5


@dataclass(slots=True)
class Caller:
    api: str
    sign_in: dict[str, Any] | None
    token: str | None = None

    def headers(self) -> dict[str, str]:
        if self.sign_in is None:
            return {}
        if self.token is None:
            answer = requests.post(self.api, json=self.sign_in, timeout=PATIENCE).json()
            self.token = answer["data"]["signIn"]["accessToken"]
        return {"authorization": f"Bearer {self.token}"}

    def ask(self, document: str) -> Answer:
        answer = self._sent(document)
        if answer.status == 401 and self.sign_in is not None:
            self.token = None
            answer = self._sent(document)
        return answer

    def _sent(self, document: str) -> Answer:
        headers = {**self.headers(), "accept": OWN_TYPE}
        started = perf_counter()
        response = requests.post(self.api, json={"query": document}, headers=headers, timeout=PATIENCE)
        content_type = response.headers.get("content-type", "")
        return Answer(response.status_code, content_type, response.content, perf_counter() - started)
