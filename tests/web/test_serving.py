"""The live server's process: where it listens, and that it ends when it is told to."""

from __future__ import annotations

import socket
import threading

import pytest

from git_registry.errors import UsageError
from git_registry.web import serving
from git_registry.web.serving import Served


class Silent:
    """An organization whose pages wait for something that does not come."""

    def __init__(self):
        self.asked, self.over = threading.Event(), threading.Event()

    @property
    def catalog(self):
        self.asked.set()
        self.over.wait(60)
        raise OSError("nothing came")


@pytest.fixture
def silent():
    made = Silent()
    yield made
    made.over.set()


def test_a_port_that_is_taken_is_told_with_what_to_do():
    with serving.listening(Served(port=0)) as taken, pytest.raises(UsageError, match="in use") as told:
        serving.serve(None, Served(port=taken.getsockname()[1]), print)

    assert "--port" in told.value.hint


def test_an_address_of_another_machine_is_told():
    with pytest.raises(UsageError, match="can't be listened at"):
        serving.listening(Served(host="192.0.2.1", port=0))


def test_a_page_that_waits_does_not_keep_the_server_from_its_end(silent, monkeypatch):
    monkeypatch.setattr(serving, "GRACE", 0)
    served = Served(port=0)
    with serving.listening(served) as place:
        made = serving.server(silent, served, lambda _url: None)
        running = threading.Thread(target=made.run, args=[[place]])
        running.start()
        with socket.create_connection(place.getsockname()) as browser:
            browser.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert silent.asked.wait(30)
            made.should_exit = True
            running.join(30)

    assert not running.is_alive()


def test_a_fetch_that_fails_strangely_is_not_the_last(silent, caplog):
    silent.over.set()
    silent.leave = lambda: None
    with serving.fetching(silent, 0.01):
        for _ in range(2):
            assert silent.asked.wait(30)
            silent.asked.clear()

    assert "OSError: nothing came" in caplog.text
