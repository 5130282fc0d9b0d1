"""A folder served by the REST protocol of HDFS (`webhdfs:`), as much of it as a client asks for that reads and writes tables.

HDFS itself is on no package index that the tests may use: this is its protocol, spoken to Hadoop's own client, and not its name node.
"""

import contextlib
import json
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

START = "/webhdfs/v1"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    root: Path

    def log_message(self, *_):
        pass

    def say(self, told, status=200, **headers):
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        self.send_response(status)
        # No Content-Type: to read one Hadoop 3.5 asks for a class that the jars of Spark leave out.
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def fail(self, kind, message, status):
        self.say({"RemoteException": {"exception": kind.rpartition(".")[2], "javaClassName": kind, "message": message}}, status)

    def body(self):
        """What the client sends, in one piece or in chunks."""
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def answer(self):
        asked = urlsplit(self.path)
        options = {name.lower(): values[0] for name, values in parse_qs(asked.query).items()}
        path = self.root / unquote(asked.path).removeprefix(START).lstrip("/")
        if options["op"].upper() in {"OPEN", "CREATE"} and "data" not in options:  # the name node sends clients to a data node: to itself
            self.body()
            self.say({}, 307, Location=f"http://{self.headers['Host']}{self.path}&data=true")
            return
        try:
            getattr(self, options["op"].lower())(path, options, self.body())
        except FileNotFoundError:
            self.fail("java.io.FileNotFoundException", f"File does not exist: {path}", 404)

    do_GET = do_PUT = do_DELETE = answer  # noqa: N815 - names that the server asks for

    def status(self, path, name=""):
        stat, folder = path.stat(), path.is_dir()
        times = dict.fromkeys(("accessTime", "modificationTime"), stat.st_mtime_ns // 1_000_000)
        sizes = {"length": 0 if folder else stat.st_size, "blockSize": 1 << 27, "replication": 0 if folder else 1}
        who = {"owner": "x", "group": "x", "permission": "755", "fileId": stat.st_ino, "childrenNum": 0, "storagePolicy": 0}
        return {"pathSuffix": name, "type": "DIRECTORY" if folder else "FILE", **times, **sizes, **who}

    def getfilestatus(self, path, *_):
        self.say({"FileStatus": self.status(path)})

    def liststatus(self, path, *_):
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        names = [file.name if path.is_dir() else "" for file in inside]
        self.say({"FileStatuses": {"FileStatus": [self.status(file, name) for file, name in zip(inside, names, strict=True)]}})

    def getfileblocklocations(self, *_):
        self.say({"BlockLocations": {"BlockLocation": []}})

    def open(self, path, options, _):
        data = path.read_bytes()[int(options.get("offset", 0)) :]
        self.say(data[: int(options["length"])] if "length" in options else data)

    def create(self, path, options, data):
        if path.exists() and options.get("overwrite") != "true":
            self.fail("org.apache.hadoop.fs.FileAlreadyExistsException", f"{path} already exists", 403)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.say(b"", 201)

    def mkdirs(self, path, *_):
        path.mkdir(parents=True, exist_ok=True)
        self.say({"boolean": True})

    def rename(self, path, options, _):
        there = self.root / options["destination"].lstrip("/")
        there = there / path.name if there.is_dir() else there
        done = path.exists() and there.parent.is_dir() and not there.exists()
        if done:
            path.rename(there)
        self.say({"boolean": done})

    def delete(self, path, *_):
        done = path.exists()
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.say({"boolean": done})

    def setpermission(self, *_):
        self.say(b"")


@contextlib.contextmanager
def served(folder):
    """The address of a folder."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Served", (Handler,), {"root": folder}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"webhdfs://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
