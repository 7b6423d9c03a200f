# SPDX-License-Identifier: MIT
"""What a compiler made of a header: structures, typedefs and enumerators, from the debug info of an object file.

The compiler is the only one who knows a layout for sure, and its debug info leaves nothing out: a field that somebody
adds to a header is seen without being listed anywhere. `readelf` prints it; this module reads that text.
"""
import re
import subprocess

ENTRY = re.compile(r"^ <([0-9a-f]+)><([0-9a-f]+)>: Abbrev Number: \d+ \(DW_TAG_(\w+)\)")
# readelf sometimes says in which form a value is stored: "(data1) 16".
ATTRIBUTE = re.compile(r"^    <[0-9a-f]+> +DW_AT_(\w+) *: (?:\(\w+\) ?)?(.*)$")
REFERENCE = re.compile(r"<0x([0-9a-f]+)>")
ALIASES = ("typedef", "const_type", "volatile_type")
AGGREGATES = ("structure_type", "union_type")


class Entry:
    """One debug information entry: a type, a member, an enumerator, ..."""

    def __init__(self, tag):
        self.tag = tag
        self.attributes = {}
        self.children = []

    def number(self, attribute, default=None):
        text = self.attributes.get(attribute)
        return default if text is None else int(text.split()[0], 0)

    @property
    def name(self):
        text = self.attributes.get("name")
        return text.rpartition("): ")[2].strip() if text else None


class DebugInfo:
    """All named things of one object file."""

    def __init__(self, path):
        self.by_offset = {}
        self._read(path)

    def _read(self, path):
        command = ["readelf", "--wide", "--debug-dump=info", path]
        parents = []
        entry = None
        for line in subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines():
            begins = ENTRY.match(line)
            if begins:
                depth, entry = int(begins[1], 16), Entry(begins[3])
                self.by_offset[int(begins[2], 16)] = entry
                del parents[depth:]
                if parents:
                    parents[-1].children.append(entry)
                parents.append(entry)
                continue
            attribute = ATTRIBUTE.match(line)
            if attribute and entry:
                entry.attributes[attribute[1]] = attribute[2]

    def _type_of(self, entry):
        """The entry's type behind typedefs and qualifiers; None for void."""
        reference = entry.attributes.get("type")
        while reference:
            target = self.by_offset[int(REFERENCE.match(reference)[1], 16)]
            if target.tag not in ALIASES:
                return target
            reference = target.attributes.get("type")
        return None

    def _size(self, kind):
        if kind is None:
            return 0
        if kind.tag != "array_type":
            return kind.number("byte_size", 0)
        count = 1
        for dimension in kind.children:
            # A flexible array has neither attribute: it takes no room.
            count *= dimension.number("count", dimension.number("upper_bound", -1) + 1)
        return count * self._size(self._type_of(kind))

    def _fields(self, aggregate, prefix, base):
        for member in aggregate.children:
            if member.tag != "member":
                continue
            kind = self._type_of(member)
            offset = base + member.number("data_member_location", 0)
            path = prefix + member.name if member.name else None
            if path:
                yield path, (offset, self._size(kind))
            if kind.tag in AGGREGATES:
                yield from self._fields(kind, path + "." if path else prefix, offset)

    def structures(self):
        """{"struct start_info": {"": (0, size), "nr_pages": (offset, size), "console.domU.mfn": ...}}"""
        found = {}
        for entry in self.by_offset.values():
            if entry.tag in AGGREGATES and entry.name and "byte_size" in entry.attributes:
                word = "struct " if entry.tag == "structure_type" else "union "
                whole = {"": (0, entry.number("byte_size"))}
                found[word + entry.name] = {**whole, **dict(self._fields(entry, "", 0))}
        return found

    def typedefs(self):
        """{"domid_t": size}"""
        found = (entry for entry in self.by_offset.values() if entry.tag == "typedef")
        return {entry.name: self._size(self._type_of(entry)) for entry in found}

    def enumerators(self):
        """{"VIRQ_TIMER": 0}"""
        found = (entry for entry in self.by_offset.values() if entry.tag == "enumerator")
        return {entry.name: entry.number("const_value") for entry in found}
