# SPDX-License-Identifier: MIT
"""A machine whose screen is looked at: what is on it is read back, letter by letter."""
import os
import re
import time

from boot import BOOT_SECONDS, ROOT
from machine import Machine

# core/font.def: bands of twelve letters of 6 by 10 dots, from the blank on.
WIDTH, HEIGHT, ACROSS = 6, 10, 12


def read_font():
    """The letter to each picture, a picture being its dots line by line."""
    with open(os.path.join(ROOT, "xen-lite/core/font.def"), encoding="utf-8") as file:
        lines = re.findall(r'^FONT_LINE\("(.*)"\)$', file.read(), re.MULTILINE)
    font = {}
    for number in range(95):
        band, place = divmod(number, ACROSS)
        picture = "".join(line[place * WIDTH:(place + 1) * WIDTH] for line in lines[band * HEIGHT:(band + 1) * HEIGHT])
        assert picture not in font, f"{chr(32 + number)} looks like {font[picture]}"
        font[picture] = chr(32 + number)
    return font


class Picture:
    """A screen dump in QEMU's format: PPM, three bytes a pixel."""

    def __init__(self, data):
        header = re.match(rb"P6\s(\d+) (\d+)\s255\s", data)
        self.width, self.height = int(header[1]), int(header[2])
        self.pixels = data[header.end():]

    def is_ink(self, x, y):
        return self.pixels[3 * (y * self.width + x)] > 64

    def text(self):
        """The lines, letters that are none of the font's as U+FFFD."""
        font = read_font()
        scale = max(min(self.width // (WIDTH * 80), self.height // (HEIGHT * 25)), 1)
        lines = []
        for top in range(0, self.height - HEIGHT * scale + 1, HEIGHT * scale):
            line = ""
            for left in range(0, self.width - WIDTH * scale + 1, WIDTH * scale):
                dots = "".join("#" if self.is_ink(left + x * scale, top + y * scale) else "."
                               for y in range(HEIGHT) for x in range(WIDTH))
                line += font.get(dots, "\ufffd")
            lines.append(line.rstrip())
        return lines


class Screen(Machine):
    """A machine whose screen can be read."""

    def picture_lines(self):
        """The lines on a graphical screen."""
        self.tell("screendump", filename=f"{self.folder}/screen.ppm")
        with open(f"{self.folder}/screen.ppm", "rb") as file:
            return Picture(file.read()).text()

    def text_lines(self):
        """The lines on a text screen: words of a letter and its colour."""
        dump = self.ask("xp /4000bx 0xb8000")
        data = bytes(int(word, 16) for word in re.findall(r"0x(\w\w)\b", dump))
        assert len(data) == 4000, dump
        letters = data[::2].decode("latin-1")
        return [letters[start:start + 80].rstrip() for start in range(0, 2000, 80)]

    def wait_for_line(self, read, wanted):
        """What `read` finds on the screen as soon as a line has this in it: it is shown a row at a time."""
        end = time.monotonic() + BOOT_SECONDS
        while True:
            lines = read()
            if any(wanted in line for line in lines):
                return lines
            assert time.monotonic() < end and self.process.poll() is None, "\n".join(lines)
            time.sleep(0.1)
