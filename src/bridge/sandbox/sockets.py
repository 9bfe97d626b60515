"""The listening server: waitress, with connections that can be reset as a real network resets them."""

import logging
import select
import socket
import struct
import threading
from collections.abc import Callable
from typing import Any

from waitress import wasyncore  # type: ignore[import-untyped]  # waitress is not typed
from waitress.channel import (  # type: ignore[import-untyped]  # waitress is not typed
    ClientDisconnected,
    HTTPChannel,
)
from waitress.server import create_server  # type: ignore[import-untyped]  # waitress is not typed
from waitress.task import WSGITask  # type: ignore[import-untyped]  # waitress is not typed

RESET = "sandbox.reset"
"""The key in the WSGI environment under which a function waits that resets the connection."""

_log = logging.getLogger("bridge.sandbox.http")
_log.setLevel(logging.ERROR)  # broken answers and full queues are what this server is for


class _Task(WSGITask):  # type: ignore[misc]  # waitress is not typed
    logger = _log

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ[RESET] = self.channel.reset
        return environ


class _Channel(HTTPChannel):  # type: ignore[misc]  # waitress is not typed
    task_class = _Task
    logger = _log

    def reset(self) -> None:
        """Make closing send RST instead of FIN, and end this request without an answer."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise ClientDisconnected


class Listener:
    """A waitress server in a thread of its own."""

    def __init__(
        self, application: Callable[..., Any], host: str, port: int, threads: int = 8
    ) -> None:
        self._server = create_server(
            application,
            host=host,
            port=port,
            threads=threads,
            ident="sandbox",
            max_request_body_size=64 * 2**20,
        )
        self._server.channel_class = _Channel
        self._server.task_dispatcher.queue_logger = _log
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="sandbox", daemon=True)

    @property
    def port(self) -> int:
        """The port that was bound."""
        return int(self._server.effective_port)

    def start(self) -> None:
        """Serve; connections are accepted from now on."""
        self._thread.start()

    def _serve(self) -> None:
        while not self._over.is_set():
            wasyncore.loop(timeout=1, use_poll=hasattr(select, "poll"), map=self._map, count=1)

    @property
    def _map(self) -> dict[int, Any]:
        watched: dict[int, Any] = self._server._map  # noqa: SLF001  # waitress has no other way to close its channels
        return watched

    def stop(self) -> None:
        """Stop serving and close every connection.

        The loop ends before its own trigger is closed: the other way round, a wake-up may be written
        to a descriptor that is closed, or by then somebody else's.
        """
        self._server.task_dispatcher.shutdown()
        self._over.set()
        self._server.pull_trigger()
        self._thread.join(timeout=5)
        wasyncore.close_all(self._map)
