#!/usr/bin/python3
"""A kernel whose BTF cannot be read, as if it had been built without.

usage: nobtf.py VMLINUZ VMLINUX

VMLINUX is the kernel unpacked, which qemu boots as well (CONFIG_PVH).
"""

import lzma
import struct
import subprocess
import sys
import zlib

# Documentation/arch/x86/boot.rst
SETUP_SECTORS = 0x1F1
PAYLOAD = 0x248
SECTOR = 512
BTF_MAGIC = b"\x9f\xeb"


def unpack(vmlinuz):
    """The ELF file in a bzImage."""
    offset, size = struct.unpack_from("<II", vmlinuz, PAYLOAD)
    start = (vmlinuz[SETUP_SECTORS] + 1) * SECTOR + offset
    packed = vmlinuz[start : start + size]
    if packed.startswith(b"\xfd7zXZ"):
        # Behind it stands the size of what it holds.
        return lzma.LZMADecompressor().decompress(packed)
    if packed.startswith(b"\x1f\x8b"):
        return zlib.decompressobj(31).decompress(packed)
    done = subprocess.run(["zstd", "-dc"], input=packed[:-4], stdout=subprocess.PIPE, check=True)
    return done.stdout


def section(elf, wanted):
    """Where a section of an ELF file begins."""
    table, = struct.unpack_from("<Q", elf, 0x28)
    size, n, names = struct.unpack_from("<HHH", elf, 0x3A)
    header = lambda i: struct.unpack_from("<IIQQQQ", elf, table + i * size)
    names_at = header(names)[4]
    for i in range(n):
        name, _, _, _, at, _ = header(i)
        start = names_at + name
        if elf[start : elf.index(0, start)] == wanted:
            return at
    sys.exit(f"nobtf.py: there is no section {wanted.decode()}")


def main():
    with open(sys.argv[1], "rb") as source:
        elf = bytearray(unpack(source.read()))
    at = section(elf, b".BTF")
    if elf[at : at + 2] != BTF_MAGIC:
        sys.exit("nobtf.py: this is no BTF")
    elf[at : at + 2] = b"\0\0"
    with open(sys.argv[2], "wb") as out:
        out.write(elf)


main()
