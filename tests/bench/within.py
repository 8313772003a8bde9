"""The application without a socket: a request goes straight in, the answer comes straight out."""

from typing import Any
from urllib.parse import unquote

from bench.line import Answer

HOST = "localhost"


class Within:
    """Sends to an ASGI application in this process."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def send(
        self, method: str, target: str, headers: dict[str, str], body: bytes = b""
    ) -> Answer:
        """The answer, whole."""
        path, _, query = target.partition("?")
        brought = {"host": HOST, "sec-fetch-site": "same-origin", **headers}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in brought.items()],
            "client": ("127.0.0.1", 1),
            "server": (HOST, 80),
            "state": {},
        }
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def keep(message: dict[str, Any]) -> None:
            sent.append(message)

        await self._app(scope, receive, keep)
        answer = Answer(sent[0]["status"], {})
        for name, value in sent[0]["headers"]:
            if name == b"set-cookie":
                key, _, rest = value.decode().partition("=")
                answer.cookies[key] = rest.partition(";")[0].strip('"')
            else:
                answer.headers[name.decode()] = value.decode()
        answer.body = b"".join(message.get("body", b"") for message in sent[1:])
        return answer
