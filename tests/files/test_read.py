"""Paths to documents: order, suffixes, links, and everything that is no article named with its reason."""

import os
import socket
import tempfile
from pathlib import Path

from dedup.errors import InputError
from dedup.files.names import shown
from dedup.files.read import find_files, read_files
from dedup.model import Document

NO_UTF8 = os.fsdecode(b"caf\xe9.txt")


def make(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name.encode("utf-8", "replace").decode(), encoding="utf-8")


def problems(sources):
    return {str(source.relative): source.problem.reason for source in sources if source.problem}


def test_articles_come_in_the_order_of_the_bytes_of_their_relative_names(tmp_path):
    names = ["b.txt", "a/z.txt", "a.txt", "a-b.txt", "A.TXT", "a/b/c.txt", "中.txt", "é.txt"]
    make(tmp_path, *names)
    found = [str(source.relative) for source in find_files([tmp_path])]
    assert found == sorted(names, key=os.fsencode)


def test_other_files_in_a_folder_are_left_alone_but_a_file_that_is_named_is_read(tmp_path):
    make(tmp_path, "a.txt", "b.png", "c", "d.py")
    assert [source.relative.name for source in find_files([tmp_path])] == ["a.txt"]
    assert [source.relative.name for source in find_files([tmp_path / "c"])] == ["c"]


def test_a_file_that_is_named_twice_is_read_once(tmp_path):
    make(tmp_path, "a.txt", "sub/b.txt")
    found = find_files([tmp_path, tmp_path / "a.txt", tmp_path / "sub"])
    assert [source.path.name for source in found] == ["a.txt", "b.txt"]


def test_a_folder_without_articles_and_a_path_without_anything_are_named(tmp_path):
    (tmp_path / "empty").mkdir()
    empty, missing = find_files([tmp_path / "empty", tmp_path / "missing.txt"])
    assert str(empty.problem) == f"{tmp_path}/empty: no article in this folder: no file has a suffix that names a format"
    assert str(missing.problem) == f"{tmp_path}/missing.txt: No such file or directory"


def test_links_to_files_are_read_and_links_to_folders_named(tmp_path):
    make(tmp_path, "real/a.txt")
    (tmp_path / "real" / "b.txt").symlink_to(tmp_path / "real" / "a.txt")
    (tmp_path / "real" / "loop").symlink_to(tmp_path / "real")
    (tmp_path / "real" / "lost.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "real" / "self.txt").symlink_to(tmp_path / "real" / "self.txt")
    sources = find_files([tmp_path / "real"])
    assert [source.relative.name for source in sources] == ["a.txt", "b.txt", "loop", "lost.txt", "self.txt"]
    reasons = problems(sources)
    assert reasons.keys() == {"loop", "lost.txt", "self.txt"}
    assert reasons["loop"] == "a link to a folder is not followed"
    assert reasons["lost.txt"].startswith("a link that leads nowhere")


def test_pipes_sockets_and_devices_are_refused_without_being_opened(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "device.txt").symlink_to("/dev/zero")
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.txt")
        reasons = problems(find_files([tmp_path], follow_links=True))
    assert reasons == {
        "pipe.txt": "a named pipe is not an article",
        "device.txt": "a device is not an article",
        "socket.txt": "a socket is not an article",
    }


def test_a_folder_named_like_an_article_is_a_folder(tmp_path):
    make(tmp_path, "x.txt/y.txt")
    assert [str(source.relative) for source in find_files([tmp_path])] == ["x.txt/y.txt"]


def test_a_name_that_is_not_utf8_is_read_and_shown_escaped(tmp_path):
    make(tmp_path, NO_UTF8)
    (reading,) = read_files(find_files([tmp_path]))
    assert reading.path == tmp_path / NO_UTF8
    assert isinstance(reading.result, Document)
    assert reading.result.id == r"caf\xe9.txt"
    assert shown(Path("line\nbreak\x1b[31m 中 é")) == r"line\nbreak\x1b[31m 中 é"


def test_the_document_tells_its_encoding(tmp_path):
    (tmp_path / "a.txt").write_bytes(("新华社北京十二月十日电，国家统计局发布数据。" * 3).encode("gb18030"))
    (reading,) = read_files(find_files([tmp_path]))
    assert reading.result.extra == {"encoding": "gb18030", "encoding_guessed": True, "characters_replaced": 0}


def test_an_unreadable_file_is_an_error_with_its_path_and_the_others_are_read(tmp_path):
    make(tmp_path, "a.txt", "z.txt")
    (tmp_path / "b.txt").symlink_to("/proc/self/mem")  # reading it fails for every user
    (tmp_path / "c.txt").write_bytes(b"\0" * 9)
    results = {reading.relative.name: reading.result for reading in read_files(find_files([tmp_path], follow_links=True))}
    assert [type(result) for result in results.values()] == [Document, InputError, InputError, Document]
    assert str(results["b.txt"]) == f"{tmp_path}/b.txt: Input/output error"
    assert str(results["c.txt"]) == f"{tmp_path}/c.txt: not a text: it consists of NUL bytes"


def test_a_folder_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    make(tmp_path, "a.txt", "closed/b.txt")
    scandir = os.scandir

    def refuse(folder):  # root may read every folder, so rights cannot be taken away here
        if folder.name == "closed":
            raise PermissionError(13, "Permission denied", str(folder))
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    assert problems(find_files([tmp_path])) == {"closed": "Permission denied"}


def test_a_folder_closed_to_the_user_is_named_and_the_rest_is_done():
    """The real rights of a real user: as root, of one that root becomes for a moment."""
    user = os.geteuid()
    with tempfile.TemporaryDirectory() as place:  # the folders that pytest makes are closed to others
        source = Path(place)
        source.chmod(0o755)
        make(source, "a.txt", "closed/b.txt", "sub/c.txt", "z.txt")
        (source / "closed").chmod(0)
        (source / "z.txt").chmod(0)
        os.mkfifo(source / "pipe.txt")
        (source / "loop").symlink_to(source)
        try:
            if user == 0:
                os.seteuid(65_534)
            found = {str(one.relative): one.result for one in read_files(find_files([source]))}
        finally:
            os.seteuid(user)
            (source / "closed").chmod(0o755)
    assert [name for name, result in found.items() if isinstance(result, Document)] == ["a.txt", "sub/c.txt"]
    assert [str(result) for result in found.values() if isinstance(result, InputError)] == [
        f"{source}/closed: Permission denied",
        f"{source}/loop: a link to a folder is not followed",
        f"{source}/pipe.txt: a named pipe is not an article",
        f"{source}/z.txt: Permission denied",
    ]
