# SPDX-License-Identifier: MIT
"""Initial ramdisks for Linux: a folder of the host's as cpio archive, in the "newc" format that kernels read. It is not
compressed: unpacking would be done by an emulated processor."""
import os
import stat

ALIGNMENT = 4


def padded(data):
    return data + bytes(-len(data) % ALIGNMENT)


def entry(number, name, mode, content):
    """Header, name, content. Of the header's thirteen fields the others are 0: owner, time, device."""
    encoded = name.encode() + b"\0"
    fields = [number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(encoded), 0]
    header = b"070701" + b"".join(b"%08X" % field for field in fields)
    return padded(header + encoded) + padded(content)


def entry_of(number, path, name):
    mode = os.lstat(path).st_mode
    if stat.S_ISLNK(mode):
        return entry(number, name, mode, os.readlink(path).encode())
    if stat.S_ISDIR(mode):
        return entry(number, name, mode, b"")
    with open(path, "rb") as file:
        return entry(number, name, mode, file.read())


def write_initramfs(folder, archive):
    """All that is below folder, parents before children."""
    entries = []
    for parent, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(folders + files):
            path = os.path.join(parent, name)
            entries.append(entry_of(len(entries) + 1, path, os.path.relpath(path, folder)))
    with open(archive, "wb") as file:
        file.writelines(entries)
        file.write(entry(0, "TRAILER!!!", 0, b""))
