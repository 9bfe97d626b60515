"""A company's own network: a private certificate authority and a proxy in front of the site."""

import contextlib
import http.server
import json
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from bridge.atlassian.transport import Credentials, Fence, Transport
from bridge.atlassian.wire import Request
from bridge.errors import UntrustedCertificate

READ = Request(method="GET", path="/rest/api/2/serverInfo")
ANSWER = {"baseUrl": "https://jira.boutique.example", "deploymentType": "Server"}


class Jira(http.server.BaseHTTPRequestHandler):
    """Answers everything with a server's self-description."""

    def do_GET(self) -> None:
        content = json.dumps(ANSWER).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


class Proxy(socketserver.BaseRequestHandler):
    """A proxy that knows CONNECT alone, and notes where people wanted to go."""

    wanted: list[str]
    to: tuple[str, int]

    def handle(self) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += self.request.recv(4096)
        self.wanted.append(head.split(b" ")[1].decode())
        self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with socket.create_connection(self.to, timeout=10) as site:
            back = threading.Thread(target=pump, args=(site, self.request), daemon=True)
            back.start()
            pump(self.request, site)
            back.join(timeout=10)


def pump(source: socket.socket, target: socket.socket) -> None:
    """Carry bytes until one end hangs up."""
    with contextlib.suppress(OSError):
        while chunk := source.recv(65_536):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def served(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)


@pytest.fixture
def authority(tmp_path: Path) -> tuple[trustme.CA, Path]:
    """The company's own certificate authority, and the file with its certificate."""
    ca = trustme.CA()
    bundle = tmp_path / "company.pem"
    ca.cert_pem.write_to_path(bundle)
    return ca, bundle


@pytest.fixture
def site(authority: tuple[trustme.CA, Path]) -> Iterator[int]:
    """The port of a Jira whose certificate the company's authority issued."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority[0].issue_cert("localhost", "jira.boutique.example").configure_cert(context)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Jira)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with served(server) as port:
        yield port


def transport(url: str) -> Transport:
    fence = Fence(observe=True, allowed=frozenset())
    return Transport("Jira", url, Credentials("pat"), fence, sleep=lambda _: None)


def test_an_unknown_authority_is_named_as_such(site: int) -> None:
    with pytest.raises(UntrustedCertificate):
        transport(f"https://localhost:{site}").send(READ)


def test_the_company_s_authority_is_taken_from_the_usual_variable(
    site: int, authority: tuple[trustme.CA, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority[1]))
    assert transport(f"https://localhost:{site}").send(READ).body == ANSWER


def test_the_proxy_is_taken_from_the_usual_variable(
    site: int, authority: tuple[trustme.CA, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Here(Proxy):
        wanted: list[str] = []  # noqa: RUF012  # one list for this one test
        to = ("127.0.0.1", site)

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority[1]))
    with served(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Here)) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert transport("https://jira.boutique.example").send(READ).body == ANSWER
    assert Here.wanted == ["jira.boutique.example:443"]
