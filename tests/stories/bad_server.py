"""A server on loopback that answers every request wrongly, byte by byte as told."""

import contextlib
import gzip
import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Answering = Callable[["Talk"], None]


class Talk(socketserver.StreamRequestHandler):
    """One request, read whole; ``say`` sends bytes."""

    server: "BadServer"
    authorization = b""

    def handle(self) -> None:
        self.server.asked.append(self.rfile.readline())
        length = 0
        while line := self.rfile.readline().rstrip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            if name.lower() == b"authorization":
                self.authorization = value.strip()
        self.rfile.read(length)
        with contextlib.suppress(OSError):  # a client that hangs up is what these answers are for
            self.server.answering(self)

    def say(self, content: bytes) -> None:
        self.wfile.write(content)

    def head(self, status: str, kind: str, length: int | None, **headers: str) -> None:
        given = {"Content-Type": kind, "Connection": "close"}
        if length is not None:
            given["Content-Length"] = str(length)
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in given.items())]
        self.say("\r\n".join([*lines, "", ""]).encode())

    def answer(self, status: str, kind: str, content: bytes, **headers: str) -> None:
        self.head(status, kind, len(content), **headers)
        self.say(content)


class BadServer(socketserver.ThreadingTCPServer):
    """Answers as ``answering`` does; ``asked`` are the request lines so far."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, answering: Answering) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.answering = answering
        self.asked: list[bytes] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def bad_server(answering: Answering) -> Iterator[BadServer]:
    """Serve while the block lasts."""
    with BadServer(answering) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join(timeout=5)


HTML = b"<!DOCTYPE html><html><head><title>Welcome</title></head><body>Hello</body></html>"
LOGIN = b'<html><body><form action="/login"><input name="os_password"></form></body></html>'
GOOD = json.dumps({"accountId": "1", "displayName": "Bridge", "results": [], "issues": []}).encode()


def page(status: str = "200 OK", content: bytes = HTML, **headers: str) -> Answering:
    return lambda talk: talk.answer(status, "text/html;charset=UTF-8", content, **headers)


def data(value: Any, status: str = "200 OK", **headers: str) -> Answering:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return lambda talk: talk.answer(status, "application/json", content, **headers)


def endless(talk: Talk) -> None:
    talk.head("200 OK", "application/json", None)
    talk.say(b'{"accountId": "')
    while not talk.server.over.is_set():
        talk.say(b"x" * 65_536)


def dripping(talk: Talk) -> None:
    """A whole answer, but so slowly that no single read is late."""
    talk.head("200 OK", "application/json", len(GOOD) + 60)
    for _ in range(60):
        talk.server.over.wait(0.05)
        talk.say(b" ")
    talk.say(GOOD)


def headers_without_end(talk: Talk) -> None:
    talk.say(b"HTTP/1.1 200 OK\r\n")
    while not talk.server.over.is_set():
        talk.say(b"X-Wait: a\r\n")


def silent(talk: Talk) -> None:
    talk.server.over.wait(60)


def cut_short(talk: Talk) -> None:
    talk.head("200 OK", "application/json", len(GOOD) + 500)
    talk.say(GOOD)


def said_too_short(talk: Talk) -> None:
    talk.head("200 OK", "application/json", len(GOOD) - 20)
    talk.say(GOOD)


def length_is_no_number(talk: Talk) -> None:
    talk.head("200 OK", "application/json", None, Content_Length="many")
    talk.say(GOOD[:20])


def broken_gzip(talk: Talk) -> None:
    talk.answer("200 OK", "application/json", b"\x1f\x8b\x08broken" * 9, Content_Encoding="gzip")


def cut_gzip(talk: Talk) -> None:
    content = gzip.compress(GOOD)
    talk.answer("200 OK", "application/json", content[:-20], Content_Encoding="gzip")


def no_http(talk: Talk) -> None:
    talk.say(b"SSH-2.0-OpenSSH_9.6\r\n")


def hang_up(talk: Talk) -> None:
    assert talk.authorization


def echo_credentials(talk: Talk) -> None:
    """As a debugging proxy does."""
    told = f"request refused, it had Authorization: {talk.authorization.decode()}"
    talk.answer("400 Bad Request", "application/json", json.dumps({"errorMessages": [told], "message": told}).encode())  # fmt: skip
