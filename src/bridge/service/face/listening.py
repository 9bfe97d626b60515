"""The listening server: waitress within bounds, stopped without a wake-up lost."""

import select
import socket
import threading
from typing import TYPE_CHECKING, Any, Final

from waitress import wasyncore  # type: ignore[import-untyped]  # waitress is not typed
from waitress.server import create_server  # type: ignore[import-untyped]  # waitress is not typed

from bridge.service.face import delivery

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_THREADS: Final = 8
_CONNECTIONS: Final = 50  # each may hold one body in memory
_IDLE: Final = 30  # seconds that a slow client may keep a connection
# A body above this size would be laid down in a temporary file; no body may ever touch a disk.
_IN_MEMORY: Final = delivery.LARGEST + 64 * 1024


class Listener:
    """Serves an application in a thread of its own; raises OSError where the port is taken."""

    def __init__(self, application: "WSGIApplication", host: str, port: int) -> None:
        self._map: dict[int, Any] = {}
        self._socket = _bound(host, port)
        self._server = create_server(
            application,
            map=self._map,
            sockets=[self._socket],
            threads=_THREADS,
            connection_limit=_CONNECTIONS,
            channel_timeout=_IDLE,
            cleanup_interval=10,
            max_request_header_size=32 * 1024,
            max_request_body_size=delivery.LARGEST + 1,
            inbuf_overflow=_IN_MEMORY,
            ident=None,
            clear_untrusted_proxy_headers=True,
        )
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)

    @property
    def address(self) -> str:
        """Return where it listens, as an address to open."""
        host, port = self._socket.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def start(self) -> None:
        """Serve; connections are accepted from now on."""
        self._thread.start()

    def _serve(self) -> None:
        while not self._over.is_set():
            wasyncore.loop(timeout=0.5, use_poll=hasattr(select, "poll"), map=self._map, count=1)

    def stop(self) -> None:
        """Finish what is being answered, then close every connection.

        The loop ends before its own trigger is closed: the other way round, a wake-up may be written
        to a descriptor that is closed, or by then somebody else's.
        """
        self._server.task_dispatcher.shutdown()
        self._over.set()
        self._thread.join(timeout=5)
        wasyncore.close_all(self._map)


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket bound to the first address that a name stands for."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    return socket.create_server((str(address[0]), port), family=family)
