"""The packed form of texts that the library carries; lib/base/unpack.c reads it and says what it looks like.

A text is coded as literals and copies of what stands before (LZ77), each bit of them in the share of a byte that it
deserves (an adaptive binary range coder). Only ASCII is taken. Packing looks for the cheapest way through the text: the
prices are those of the way before.
"""
import collections
import math
import re

RATE = 4  # how fast a model learns: a sixteenth of the way
EVEN = 2048  # of 4096
COPY_MIN = 2
COPY_MOST = 256
CANDIDATES = 600  # places looked at for a copy
PASSES = 3
DIRECT = object()  # the context of bits that are as likely one as the other


class Models:
    def __init__(self):
        self.chances = collections.defaultdict(lambda: EVEN)

    def chance(self, context):
        return EVEN if context is DIRECT else self.chances[context]

    def learn(self, context, bit):
        if context is not DIRECT:
            p = self.chances[context]
            self.chances[context] = p + (4096 - p >> RATE) if bit else p - (p >> RATE)


class Prices:
    """What bits would cost, under models that stay as they are."""

    def __init__(self, models):
        self.models, self.sum = models, 0.0

    def bit(self, context, bit):
        p = self.models.chance(context)
        self.sum -= math.log2((p if bit else 4096 - p) / 4096)

    def of(self, put, *what):
        self.sum = 0.0
        put(self, *what)
        return self.sum


class Writer:
    def __init__(self):
        self.models, self.low, self.high, self.out = Models(), 0, 0xFFFFFFFF, bytearray()

    def bit(self, context, bit):
        middle = self.low + (self.high - self.low >> 12) * self.models.chance(context)
        if bit:
            self.high = middle
        else:
            self.low = middle + 1
        self.models.learn(context, bit)
        while (self.low ^ self.high) >> 24 == 0:
            self.out.append(self.high >> 24)
            self.low = self.low << 8 & 0xFFFFFFFF
            self.high = self.high << 8 & 0xFFFFFFFF | 0xFF

    def end(self):
        """One byte more says where between low and high it ends; behind the end, zeros are read."""
        return bytes(self.out) + bytes([(self.low >> 24) + 1])


class Reader:
    def __init__(self, packed):
        self.models, self.low, self.high = Models(), 0, 0xFFFFFFFF
        self.rest = iter(packed)
        self.code = 0
        for _ in range(4):
            self.shift()

    def shift(self):
        self.code = self.code << 8 & 0xFFFFFFFF | next(self.rest, 0)

    def bit(self, context):
        middle = self.low + (self.high - self.low >> 12) * self.models.chance(context)
        bit = self.code <= middle
        if bit:
            self.high = middle
        else:
            self.low = middle + 1
        self.models.learn(context, bit)
        while (self.low ^ self.high) >> 24 == 0:
            self.low = self.low << 8 & 0xFFFFFFFF
            self.high = self.high << 8 & 0xFFFFFFFF | 0xFF
            self.shift()
        return bit


def put_tree(coder, context, value, bits):
    node = 1
    for i in reversed(range(bits)):
        bit = value >> i & 1
        coder.bit((context, node), bit)
        node = 2 * node + bit


def get_tree(reader, context, bits):
    node = 1
    while node < 1 << bits:
        node = 2 * node + reader.bit((context, node))
    return node - (1 << bits)


def number_context(context, count, value):
    return (context, "bits", count, value) if value < 8 else DIRECT


def put_number(coder, context, value):
    """A number from 1 on: how many bits it has, then those below the highest; the first three of them are learnt."""
    count = value.bit_length()
    put_tree(coder, context, count, 5)
    for i in reversed(range(count - 1)):
        coder.bit(number_context(context, count, value >> i + 1), value >> i & 1)


def get_number(reader, context):
    count, value = get_tree(reader, context, 5), 1
    for _ in range(count - 1):
        value = 2 * value + reader.bit(number_context(context, count, value))
    return value


def put_literal(coder, before, byte):
    put_tree(coder, ("literal", before), byte, 7)


def copies_at(text):
    """For each place the copies worth a look: (length, distance), the nearest of each length, shortest first."""
    places, found = collections.defaultdict(list), []
    for at in range(len(text)):
        best, longest = [], COPY_MIN - 1
        here = places[text[at:at + COPY_MIN]]
        most = min(len(text) - at, COPY_MOST)
        for before in reversed(here[-CANDIDATES:]):
            length = 0
            while length < most and text[before + length] == text[at + length]:
                length += 1
            if length > longest:
                longest = length
                best.append((length, at - before))
        found.append(best)
        here.append(at)
    return found


def cheapest_way(text, copies, models):
    """[(at, length, distance)], distance 0 for a literal."""
    prices = Prices(models)
    lengths = [prices.of(put_number, "length", n) for n in range(1, COPY_MOST)]
    distances = {}
    cost, came, flags = [0.0] + [math.inf] * len(text), [None] * (len(text) + 1), [0] * (len(text) + 1)
    for at in range(len(text)):
        def offer(length, distance, price):
            if cost[at] + price < cost[at + length]:
                cost[at + length] = cost[at] + price
                came[at + length] = (at, length, distance)
                flags[at + length] = 2 * flags[at] + (distance > 0) & 7

        before = text[at - 1] if at else 0
        flag = [prices.of(Prices.bit, ("flag", flags[at]), bit) for bit in (0, 1)]
        offer(1, 0, flag[0] + prices.of(put_literal, before, text[at]))
        shortest = COPY_MIN
        for length, distance in copies[at]:
            if distance not in distances:
                distances[distance] = prices.of(put_number, "distance", distance)
            for n in range(shortest, length + 1):
                offer(n, distance, flag[1] + lengths[n - COPY_MIN] + distances[distance])
            shortest = length + 1
    way, at = [], len(text)
    while at:
        way.append(came[at])
        at = came[at][0]
    return reversed(way)


def write_way(text, way):
    writer, flags = Writer(), 0
    for at, length, distance in way:
        writer.bit(("flag", flags), int(distance > 0))
        flags = 2 * flags + (distance > 0) & 7
        if distance:
            put_number(writer, "length", length - 1)
            put_number(writer, "distance", distance)
        else:
            put_literal(writer, text[at - 1] if at else 0, text[at])
    return writer


def pack(text):
    assert text and max(text) < 128
    copies, writer = copies_at(text), Writer()
    for _ in range(PASSES):
        writer = write_way(text, cheapest_way(text, copies, writer.models))
    return writer.end()


def unpack(packed, length):
    """None when the bytes are not packed text."""
    reader, text, flags = Reader(packed), bytearray(), 0
    while len(text) < length:
        copied = reader.bit(("flag", flags))
        flags = 2 * flags + copied & 7
        if copied:
            count, distance = get_number(reader, "length") + 1, get_number(reader, "distance")
            if distance > len(text):
                return None
            for _ in range(count):
                text.append(text[-distance])
        else:
            text.append(get_tree(reader, ("literal", text[-1] if text else 0), 7))
    return bytes(text)


# --- in C sources ---

PER_LINE = 20


def c_array(name, packed):
    rows = [packed[i:i + PER_LINE] for i in range(0, len(packed), PER_LINE)]
    body = "".join("    " + "".join(f"{byte}," for byte in row) + "\n" for row in rows)
    return f"static const unsigned char {name}[] = {{\n{body}}};\n"


def c_array_in(path, name):
    """The bytes of the array `name` in the file as it is; none where it is not there, or is no such array."""
    _, found, body = path.read_text().partition(f" {name}[] = {{") if path.exists() else ("", "", "")
    numbers = [int(n) for n in re.findall(r"\d+", body.partition("}")[0])] if found else []
    return bytes(numbers) if all(n < 256 for n in numbers) else b""
