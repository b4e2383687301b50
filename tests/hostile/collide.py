"""Names that berm_hash_bytes and berm_hash_folded cannot tell apart, for whatever trusts either.

Names are chains of blocks of 16 letters, each from a level of its own; all blocks of a level lead the hash from one
state to one state, so that every chain has the same 64 bits. blocks.txt keeps the levels; --find looks for them anew
(half a minute). tests/unit/base_hash.c checks that they still collide.
"""
import os
import random
import sys

LEVELS, BLOCKS, LETTERS = 5, 16, "abcdefghijklmnopqrstuvwxyz0123456789._-/:@+~#$%!?*()=;,{}[]<>^|`&'"
MASK, STEP = (1 << 64) - 1, 0x9FB21C651E98DF25
FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "blocks.txt")


def advance(state, word):
    state = (state ^ word) * STEP & MASK
    return state ^ state >> 32


def retreat(state):
    """What the state and the word before it were, one xor the other."""
    return (state ^ state >> 32) * pow(STEP, -1, 1 << 64) & MASK


def word_of(text):
    return int.from_bytes(text.encode(), "little")


def find_level(state, goal, rng, allowed):
    """Blocks from the state to the goal: any first half, the second one follows from it."""
    before, blocks = retreat(goal), set()
    while len(blocks) < BLOCKS:
        first = "".join(rng.choices(LETTERS, k=8))
        second = (advance(state, word_of(first)) ^ before).to_bytes(8, "little")
        if allowed.issuperset(second):
            blocks.add(first + second.decode())
    return sorted(blocks)


def find_blocks():
    rng, allowed = random.Random(7), frozenset(LETTERS.encode())
    state, lines = 16 * LEVELS * STEP & MASK, []
    for level in range(LEVELS):
        goal = rng.getrandbits(64)
        lines += [f"{level} {block}" for block in find_level(state, goal, rng, allowed)]
        state = goal
    return lines


def names(count):
    """`count` names of 80 letters, at most BLOCKS ** LEVELS = 1,048,576."""
    levels = [[] for _ in range(LEVELS)]
    with open(FILE, encoding="ascii") as file:
        for line in file.read().splitlines():
            levels[int(line[0])].append(line[2:])
    for number in range(count):
        name = ""
        for level in levels:
            number, at = divmod(number, BLOCKS)
            name += level[at]
        yield name


if __name__ == "__main__":
    if sys.argv[1:] == ["--find"]:
        with open(FILE, "w", encoding="ascii") as out:
            out.write("\n".join(find_blocks()) + "\n")
    else:
        sys.stdout.writelines(name + "\n" for name in names(int(sys.argv[1])))
