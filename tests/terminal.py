"""The driver of tests/terminal: types into the interactive example under a pseudo-terminal, and looks at what it does."""

import fcntl
import json
import os
import pty
import select
import signal
import socket
import struct
import subprocess
import sys
import termios
import time

LIMIT = 30  # seconds that anything here may take


def request(url, method, path, body=None):
    """One request to an engine, and its JSON answer if it has one."""
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(LIMIT)
        s.connect(url.removeprefix("unix://"))
        data = json.dumps(body).encode() if body is not None else b""
        head = f"{method} /v1.41{path} HTTP/1.0\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
        s.sendall(head.encode() + data)
        answer = b""
        while piece := s.recv(65536):
            answer += piece
    head, _, text = answer.partition(b"\r\n\r\n")
    if int(head.split()[1]) >= 400:
        raise RuntimeError(f"{method} {path}: {answer!r}")
    return json.loads(text) if text.strip().startswith((b"{", b"[")) else None


class Container:
    """A container that runs until it is removed."""

    def __init__(self, url):
        self.url = url
        body = {"Image": "docker-proto-test:latest", "Cmd": ["sleep", "600"], "HostConfig": {"NetworkMode": "none"}}
        self.id = request(url, "POST", "/containers/create", body)["Id"]
        request(url, "POST", f"/containers/{self.id}/start")

    def runs(self, command):
        return any(command in " ".join(p) for p in request(self.url, "GET", f"/containers/{self.id}/top")["Processes"])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        request(self.url, "DELETE", f"/containers/{self.id}?force=1")


class Program:
    """A program whose terminal we are."""

    def __init__(self, url, *command, size=(31, 91)):
        self.master, self.slave = pty.openpty()
        self.resize(*size)
        self.before = termios.tcgetattr(self.slave)
        self.seen = ""

        def control():
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            command,
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            start_new_session=True,
            preexec_fn=control,
            env={**os.environ, "DOCKER_HOST": url},
        )

    def resize(self, rows, columns):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, text):
        os.write(self.master, text.encode())

    def read(self, seconds):
        """Reads what there is, or waits for it at most so long."""
        if select.select([self.master], [], [], seconds)[0]:
            self.seen += os.read(self.master, 65536).decode(errors="replace")

    def until(self, text):
        end = time.monotonic() + LIMIT
        while text not in self.seen:
            if time.monotonic() > end:
                raise RuntimeError(f"{text!r} did not come; came {self.seen!r}")
            self.read(0.2)
        self.seen = self.seen.partition(text)[2]

    def ask_until(self, question, text):
        """Types a question again and again until the answer comes: the size arrives when it does."""
        end = time.monotonic() + LIMIT
        while text not in self.seen:
            if time.monotonic() > end:
                raise RuntimeError(f"{text!r} did not come; came {self.seen!r}")
            self.type(question)
            stop = time.monotonic() + 0.5
            while text not in self.seen and time.monotonic() < stop:
                self.read(0.1)
        self.seen = self.seen.partition(text)[2]

    def raw(self):
        return not termios.tcgetattr(self.slave)[3] & (termios.ICANON | termios.ECHO)

    def ends(self):
        """Its exit code, once it ended. The terminal must be what it was."""
        end = time.monotonic() + LIMIT
        while self.process.poll() is None:
            if time.monotonic() > end:
                raise RuntimeError(f"it still runs; came {self.seen!r}")
            self.read(0.1)
        self.read(0)
        assert termios.tcgetattr(self.slave) == self.before, "the terminal is not what it was"
        return self.process.returncode

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)


def types_and_exits(url, program, container):
    with Program(url, program, container.id) as p:
        p.until("# ")
        assert p.raw(), "the terminal is not raw"
        p.type("echo he''llo\r")
        p.until("echo he''llo")
        p.until("hello\r\n")
        p.type("exit 7\r")
        assert p.ends() == 7


def has_our_size(url, program, container):
    with Program(url, program, container.id) as p:
        p.until("# ")
        p.ask_until("stty size\r", "31 91\r\n")
        p.resize(40, 123)
        p.ask_until("stty size\r", "40 123\r\n")
        p.type("exit 3\r")
        assert p.ends() == 3


def ctrl_c_is_the_commands(url, program, container):
    with Program(url, program, container.id, "sh", "-c", "trap 'echo caught; exit 9' INT; echo up; while :; do sleep 0.1; done") as p:
        p.until("up\r\n")
        p.type("\x03")
        p.until("caught")
        assert p.ends() == 9


def keys_detach(url, program, container):
    for number, (arguments, keys) in enumerate([((), "\x10\x11"), (("--detach-keys", "ctrl-a,d"), "\x01d")]):
        command = f"sleep 77{number}"
        with Program(url, program, *arguments, container.id, "sh", "-c", f"echo up; exec {command}") as p:
            p.until("up\r\n")
            p.type(keys)
            p.until("detached")
            assert p.ends() == 0
        assert container.runs(command), f"{command} has ended"


def a_signal_restores(url, program, container):
    for number in (signal.SIGTERM, signal.SIGHUP):
        with Program(url, program, container.id, "sh", "-c", "echo up; exec sleep 600") as p:
            p.until("up\r\n")
            assert p.raw(), "the terminal is not raw"
            p.process.send_signal(number)
            assert p.ends() == 128 + number


def failures_restore(url, program, container):
    with Program(url, program, container.id, "/no/such/program") as p:
        assert p.ends() in (126, 127)
    with Program(url, program, "nobody") as p:
        assert p.ends() == 1
        assert "o such container" in p.seen, p.seen
    done = subprocess.run([program, container.id], stdin=subprocess.DEVNULL, capture_output=True, env={**os.environ, "DOCKER_HOST": url}, timeout=LIMIT)
    assert done.returncode == 1 and b"no terminal" in done.stderr, done


CHECKS = [types_and_exits, has_our_size, ctrl_c_is_the_commands, keys_detach, a_signal_restores, failures_restore]


def main():
    folder, *adapters = sys.argv[1:]
    engines = [engine.split("=", 1) for engine in os.environ["DOCKER_TEST_ENGINES"].split()]
    passed = failed = 0
    for adapter in adapters:
        for name, url in engines:
            with Container(url) as container:
                for check in CHECKS:
                    begun = time.monotonic()
                    try:
                        check(url, f"{folder}/{adapter}-exec-it", container)
                    except Exception as e:
                        failed += 1
                        print(f"FAILED {adapter:9} {name:7} {check.__name__}: {e or type(e).__name__}", flush=True)
                    else:
                        passed += 1
                        print(f"ok     {adapter:9} {name:7} {check.__name__} ({time.monotonic() - begun:.1f} s)", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
