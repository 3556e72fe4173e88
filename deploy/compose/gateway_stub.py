"""A gateway of messages for trying out: it takes what eztong sends and prints it. FOR TRYING OUT ONLY.

It prints message codes, so it must never run beside real people. Of a phone it prints the last two digits. It listens
on this machine alone; eztong calls it with EZTONG_SMS_URL=http://127.0.0.1:8025/send and the usual EZTONG_SMS_BODY.
"""

from __future__ import annotations

import json
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ADDRESS = ("127.0.0.1", 8025)
MOST_BYTES = 64 * 1024


class Gateway(BaseHTTPRequestHandler):
    """Answers ``{"code": 0}`` to every message that it could read."""

    def do_POST(self) -> None:
        """Print one message."""
        length = int(self.headers.get("Content-Length") or 0)
        try:
            message = json.loads(self.rfile.read(min(length, MOST_BYTES)))
            print(f"to ...{str(message['phone'])[-2:]}: {message['text']}", flush=True)
        except (ValueError, KeyError, TypeError):
            self._answer(400, {"code": 1, "message": "a JSON object with phone and text is expected"})
        else:
            self._answer(200, {"code": 0})

    def log_message(self, *_words: object) -> None:
        """Write no line for a request: the message is the line."""

    def _answer(self, status: int, body: dict[str, object]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def main() -> None:
    """Serve until SIGTERM; the first argument is another port."""
    address = (ADDRESS[0], int(sys.argv[1])) if len(sys.argv) > 1 else ADDRESS
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print("FOR TRYING OUT ONLY: every message is printed here, codes included.", flush=True)
    ThreadingHTTPServer(address, Gateway).serve_forever()


if __name__ == "__main__":
    main()
