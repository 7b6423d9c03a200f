# SPDX-License-Identifier: MIT
"""One view of an ABI: everything that a set of headers defines for one width, with its value."""
import os
import re
import struct
import subprocess

from debuginfo import DebugInfo

# A name, perhaps one parameter, a text.
DEFINE = re.compile(r"^#define (\w+)(\(\w+\))? (.+)$", re.M)
# Values at which macros with an argument are compared.
SAMPLES = (0, 1, 2, 0x12, 0x300, 0x12345)


class View:
    """Compiles `includes` with `compiler`, a command and its flags; holds structures, typedefs and constants."""

    def __init__(self, name, compiler, includes, scratch):
        self.name = name
        self._command = [*compiler, "-std=gnu11", "-ffreestanding", "-w"]
        self._includes = includes
        self._base = os.path.join(scratch, name)
        empty = self._command + ["-dM", "-E", "-x", "c", "-"]
        builtin, text = (subprocess.run(empty, input=source, capture_output=True, text=True, check=True).stdout
                         for source in ("#include <stdint.h>\n", includes))
        self.macros = {m[1]: m for m in DEFINE.finditer(text) if m[0] not in builtin}
        self._compile(includes, ["-g", "-fno-eliminate-unused-debug-types"])
        info = DebugInfo(self._base + ".o")
        self.structures = info.structures()
        self.typedefs = info.typedefs()
        self.constants = {name: value & (1 << 64) - 1 for name, value in info.enumerators().items()}

    def _compile(self, text, flags):
        with open(self._base + ".c", "w", encoding="ascii") as source:
            source.write(text)
        command = self._command + flags + ["-c", self._base + ".c", "-o", self._base + ".o"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{self.name}: does not compile\n{done.stderr}")

    def _section(self, name):
        target = self._base + ".bin"
        command = ["objcopy", "-O", "binary", "-j", name, self._base + ".o", target]
        subprocess.run(command, check=True)
        with open(target, "rb") as binary:
            return binary.read()

    def evaluate(self, names):
        """Adds the numeric values of these macros, which must be defined here, to the constants."""
        expressions = {}
        for name in names:
            if self.macros[name][2]:
                expressions.update({f"{name}({sample})": f"{name}({sample})" for sample in SAMPLES})
            else:
                expressions[name] = name
        rows = "".join(f"(unsigned long long)({text}),\n" for text in expressions.values())
        table = '__attribute__((section(".abi_table"))) const unsigned long long abi_table[] = {\n'
        self._compile(f"{self._includes}\n{table}{rows}0}};\n", [])
        values = struct.unpack(f"<{len(expressions) + 1}Q", self._section(".abi_table"))
        self.constants.update(zip(expressions, values))

    def assemble(self, name):
        """The bytes that a macro makes which is a piece of inline assembly."""
        self._compile(f'{self._includes}\n__asm__(".section .abi_code,\\"a\\"\\n" {name});\n', [])
        return self._section(".abi_code")
