"""A browser's line to a server, as cheap as it gets: the load must not be what is measured."""

import asyncio
from dataclasses import dataclass, field
from typing import Protocol

from gridgov.kernel.ids import new_id

FORM = "application/x-www-form-urlencoded"


class Failed(Exception):
    """An answer that was not expected."""


@dataclass(slots=True)
class Answer:
    """What came back. ``cookies`` are pairs as the next request sends them."""

    status: int
    headers: dict[str, str]
    cookies: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class Sender(Protocol):
    """Whoever brings a request to an application: over a socket, or within the process."""

    async def send(
        self, method: str, target: str, headers: dict[str, str], body: bytes = b""
    ) -> Answer:
        """The answer."""


class Line:
    """One connection that is kept alive, and opened anew where the server has closed it."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._host = f"{host}:{port}"
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(
        self, method: str, target: str, headers: dict[str, str], body: bytes = b""
    ) -> Answer:
        """The answer, read to its end."""
        lines = [f"{method} {target} HTTP/1.1", f"host: {self._host}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if method == "POST":
            lines += [f"content-length: {len(body)}", f"origin: http://{self._host}"]
            lines.append("sec-fetch-site: same-origin")
        request = ("\r\n".join(lines) + "\r\n\r\n").encode() + body
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._address)
        reader, writer = self._streams
        try:
            writer.write(request)
            return await _answer(reader)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def _answer(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    answer = Answer(int(head[0].split(" ", 2)[1]), {})
    for line in head[1:-2]:
        name, _, value = line.partition(": ")
        if name == "set-cookie":
            key, _, rest = value.partition("=")
            answer.cookies[key] = rest.partition(";")[0].strip('"')
        else:
            answer.headers[name] = value
    if answer.headers.get("transfer-encoding") == "chunked":
        answer.body = await _chunks(reader)
    else:
        answer.body = await reader.readexactly(int(answer.headers.get("content-length", 0)))
    return answer


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts: list[bytes] = []
    while size := int(await reader.readuntil(b"\r\n"), 16):
        parts.append((await reader.readexactly(size + 2))[:-2])
    await reader.readexactly(2)
    return b"".join(parts)


def multipart(fields: dict[str, str], *files: str) -> tuple[str, bytes]:
    """A form with file inputs that were left empty, as a browser sends it."""
    mark = f"----{new_id().hex}"
    parts = [
        f'--{mark}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    parts += [
        f'--{mark}\r\ncontent-disposition: form-data; name="{name}"; filename=""\r\n'
        "content-type: application/octet-stream\r\n\r\n\r\n"
        for name in files
    ]
    return f"multipart/form-data; boundary={mark}", ("".join(parts) + f"--{mark}--\r\n").encode()
