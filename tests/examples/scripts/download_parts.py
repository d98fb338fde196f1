"""Whole, in parts, file by file, and from another project."""

from pathlib import Path

import git_registry as gr

with gr.init(entity="vision", project="viewing", job_type="look") as run:
    album = run.use_artifact("building/album:v0")
    print(sorted(path.name for path in Path(album.download()).rglob("*.txt")))
    print(Path(album.get_entry("readme.txt").download()).read_text())
    print(Path(album.get_path("old/cat.txt").download(root="one")).read_text())
    part = album.download(root="part", path_prefix="old")
    print(sorted(str(path.relative_to(part)) for path in Path(part).rglob("*.txt")))
    again = run.use_artifact("vision/building/album:latest", type="dataset", use_as="pictures")
    print(again.id == album.id, [file.name for file in again.files()])
    album.verify()
    try:
        album.get_entry("missing.txt")
    except KeyError:
        print("no such file")
    try:
        album.file()
    except ValueError:
        print("not one file")

album = gr.Api().artifact("building/album:latest", type="dataset")
print(album.download(root="outside"), album.checkout(root="outside"))
try:
    gr.Api().artifact("building/album:latest", type="model")
except ValueError:
    print("no model")
