#!/usr/bin/env python3
"""compile.py BERM SIGNATURES: images as files. They judge as the policies do, are the same bytes for the same policies, replace a file
as a whole; damaged, cut off and foreign ones are refused. SIGNATURES (0 or 1) says whether the build has them: with them, nothing but what was signed is
loaded; without, the options say so."""
import os
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import tempfile

GUARDRAILS = 12
CATALOGUE = "framework: f\nversion: '1'\ntitle: F\npattern: '^[a-z]$'\nurl: https://example.com\nlicence: none\n"
WAIVER = ("waiver: w\nguardrails: [g00/v]\ncategory: accepted-risk\nreason: r\nowner: o\ncreated: 2026-01-01\nscope: {resources: ['*']}\nexpires: 2026-12-31\n")
PACK = "pack: p\nguardrails: ['*']\nprofiles: {prod: [{guardrails: [g01], enforcement: hard-mandatory}]}\n"


def guardrail(number):
    return (f"guardrail: g{number:02}\ntitle: t\nmatch: {{kinds: [document]}}\nparameters: {{most: {{type: int, default: {number}}}}}\n"
            "validations: [{name: v, expression: object.a <= params.most, message: 'a is {object.a}'}]\n"
            f"tests: [{{name: t, object: {{a: {number}}}, expect: {{v: pass}}}}]\n")


class Test:
    def __init__(self, berm, folder):
        self.berm, self.folder, self.faults = berm, folder, []

    def run(self, *arguments, stdin=None):
        done = subprocess.run([self.berm, *arguments], capture_output=True, cwd=self.folder, input=stdin, check=False)
        return done.returncode, done.stdout, done.stderr.decode(errors="replace")

    def expect(self, name, got, code, words=""):
        """The exit code, and what is said on the standard error."""
        if got[0] != code or words not in got[2] or (not words and code == 0 and got[2]):
            self.faults.append(f"{name}: {got[0]} {got[2].strip()!r}, not {code} {words!r}")
        return got

    def refused(self, name, words, *arguments, stdin=None):
        """Refused, and nothing was judged."""
        got = self.expect(name, self.run(*arguments, stdin=stdin), 2, words)
        if got[1]:
            self.faults.append(f"{name}: something was judged: {got[1][:200]!r}")


def make_policies(folder, order):
    """The same files, written in this order: file systems list them in different ones."""
    folder.mkdir(parents=True)
    if order[0] % 2:
        (folder / "catalogue.yaml").write_text(CATALOGUE, encoding="utf-8")
    for number in order:
        (folder / f"g{number:02}.yaml").write_text(guardrail(number), encoding="utf-8")
    (folder / "catalogue.yaml").write_text(CATALOGUE, encoding="utf-8")


def test_same_verdicts(t):
    """Whatever a command says of the policies it says of their image."""
    t.expect("compile", t.run("compile", "-o", "set.berm", "policies"), 0)
    now = ["--now", "2026-06-01"]
    for command in (["check", "-p", "{}", "--verbose", "a.json"], ["check", "-p", "{}", "-o", "json", "--target", "json", *now, "a.json"],
                    ["check", "-p", "{}", "-o", "sarif", *now, "a.json"], ["explain", "-p", "{}", "a.json"], ["coverage", "-p", "{}", "a.json"],
                    ["test", "--verbose", "{}"], ["test", "--coverage", "{}"], ["lint", "--effective", "{}"], ["disasm", "{}"],
                    ["waivers", "list", "-p", "{}"]):
        said = [t.run(*(word.replace("{}", path) for word in command)) for path in ("policies", "set.berm")]
        if said[0] != said[1] or not said[0][1]:
            t.faults.append(f"{command}: {said}")
    renamed = shutil.copy(t.folder / "set.berm", t.folder / "set.yaml")
    if t.run("check", "-p", renamed, "a.json")[:2] != t.run("check", "-p", "policies", "a.json")[:2]:
        t.faults.append("an image of another name")
    with open(t.folder / "set.berm", "rb") as image:
        if t.run("check", "-p", "-", "a.json", stdin=image.read())[:2] != t.run("check", "-p", "policies", "a.json")[:2]:
            t.faults.append("an image on the standard input")


def test_bound(t):
    """Profile, parameters and waivers are in the image, and not given again."""
    given = ["--profile", "prod", "--parameters", "values.yaml", "--waivers", "waiver.yaml"]
    (t.folder / "values.yaml").write_text("guardrails:\n  g02: {most: 99}\n", encoding="utf-8")
    (t.folder / "waiver.yaml").write_text(WAIVER, encoding="utf-8")
    (t.folder / "packed").mkdir()
    (t.folder / "packed/pack.yaml").write_text(PACK, encoding="utf-8")
    sources = ["-p", "policies", "-p", "packed"]
    t.expect("compile what is given", t.run("compile", "-o", "bound.berm", *sources, *given), 0)
    now = ["--now", "2026-06-01", "--verbose", "-o", "json", "a.json"]
    written, loaded = t.run("check", *sources, *given, *now), t.run("check", "-p", "bound.berm", *now)
    if written != loaded or b"waived" not in written[1]:
        t.faults.append(f"what is given: {written} {loaded}")
    for option in (given[0:2], given[2:4], given[4:6]):
        t.refused(f"an image and {option[0]}", f"it does not go with {option[0]}", "check", "-p", "bound.berm", *option, "a.json")
    for paths in (["-p", "set.berm", "-p", "policies"], ["-p", "policies", "-p", "set.berm"], ["-p", "set.berm", "-p", "set.berm"]):
        t.refused(f"mixed: {paths}", "it does not go with other policies", "check", *paths, "a.json")
    t.refused("lint", "lint looks at policies as they are written", "lint", "set.berm")
    t.refused("fmt", "fmt looks at policies as they are written", "fmt", "set.berm")


def test_reproducible(t):
    images = set()
    numbers = list(range(GUARDRAILS))
    for seed in range(4):
        random.Random(seed).shuffle(numbers)
        make_policies(t.folder / f"order{seed}/policies", numbers)
        done = subprocess.run([t.berm, "compile", "-o", "out.berm", "policies"], cwd=t.folder / f"order{seed}", check=False)
        images.add((done.returncode, (t.folder / f"order{seed}/out.berm").read_bytes()))
    if images != {(0, (t.folder / "set.berm").read_bytes())}:
        t.faults.append("the same policies give other bytes")
    if t.run("compile", "-o", "-", "set.berm")[1] != (t.folder / "set.berm").read_bytes():
        t.faults.append("an image compiled again is another one")


def test_written_whole(t):
    """The old file stays where the new one cannot be made, and nothing lies about."""
    before = sorted(os.listdir(t.folder))
    image = t.folder / "set.berm"
    was = image.read_bytes()
    os.chmod(image, 0o640)
    (t.folder / "broken.yaml").write_text("guardrail: g\n", encoding="utf-8")
    t.expect("faulty policies", t.run("compile", "-o", "set.berm", "broken.yaml"), 2, "error[B")
    t.expect("a folder there is not", t.run("compile", "-o", "none/set.berm", "policies"), 3, "none/set.berm: No such file")
    t.expect("no output", t.run("compile", "policies"), 2, "compile takes -o FILE")
    t.expect("no policies", t.run("compile", "-o", "set.berm"), 2, "compile takes -o FILE")
    if image.read_bytes() != was:
        t.faults.append("a failure changed the image")
    os.symlink("set.berm", t.folder / "link.berm")
    t.expect("through a link", t.run("compile", "-o", "link.berm", "policies/g00.yaml"), 0)
    if not (t.folder / "link.berm").is_symlink() or image.read_bytes() == was or image.stat().st_mode & 0o777 != 0o640:
        t.faults.append("a link was replaced, or the mode")
    with open(image, "rb") as old:
        t.expect("while it is read", t.run("compile", "-o", "set.berm", "policies"), 0)
        if old.read() == was:
            t.faults.append("the file was written into, not replaced")
    t.expect("a device", t.run("compile", "-o", "/dev/null", "policies"), 0)
    if not pathlib.Path("/dev/null").is_char_device() or image.read_bytes() != was:
        t.faults.append("a device was replaced, or the image is another one")
    os.remove(t.folder / "link.berm")
    os.remove(t.folder / "broken.yaml")
    if sorted(os.listdir(t.folder)) != before:
        t.faults.append(f"left behind: {set(os.listdir(t.folder)) - set(before)}")


def test_damage(t):
    image = (t.folder / "set.berm").read_bytes()
    number = struct.unpack_from("<I", image, 8)[0]
    put = lambda value: image[:8] + value + image[12:]
    flipped = bytearray(image)
    flipped[len(image) // 2] ^= 4
    for name, data, code, words in (
            ("empty", b"", 801, "not a policy image"), ("another file", b"guardrail: g\n", 801, "not a policy image"),
            ("a transfer as text", image.replace(b"\r\n", b"\n"), 801, "not a policy image"),
            ("the header alone", image[:64], 801, "not a policy image"), ("cut off", image[:-1], 821, "is cut off"),
            ("half", image[:len(image) // 2], 821, "is cut off"), ("longer", image + b"\0", 803, "damaged"),
            ("a bit", bytes(flipped), 803, "damaged"), ("newer", put(struct.pack("<I", number + 1)), 802, "newer format"),
            ("older", put(struct.pack("<I", number - 1)), 802, "older format"),
            ("the other order", put(image[8:12][::-1]), 820, "other byte order")):
        (t.folder / "bad.berm").write_bytes(data)
        t.refused(name, f"error[B{code:04}]", "check", "-p", "bad.berm", "a.json")
        t.refused(name, words, "compile", "-o", "again.berm", "bad.berm")
    if (t.folder / "again.berm").exists():
        t.faults.append("a damaged image was written")


def make_keys(t):
    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=t.folder, check=True, capture_output=True)
    for name, how in (("own", ["-algorithm", "ed25519"]), ("other", ["-algorithm", "ed25519"]),
                      ("curve", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]), ("agree", ["-algorithm", "x25519"])):
        openssl("genpkey", *how, "-out", f"{name}.pem")
        openssl("pkey", "-in", f"{name}.pem", "-pubout", "-out", f"{name}.pub")
    openssl("pkey", "-in", "own.pem", "-aes256", "-passout", "pass:x", "-out", "locked.pem")
    return openssl


def test_signatures(t):
    openssl = make_keys(t)
    image, signature = t.folder / "signed.berm", t.folder / "signed.berm.sig"
    check = ["check", "-p", "signed.berm", "--verify-key"]
    t.expect("sign", t.run("compile", "-o", "signed.berm", "--sign", "own.pem", "policies"), 0)
    bytes_of, signed = image.read_bytes(), signature.read_bytes()
    if bytes_of != (t.folder / "set.berm").read_bytes() or len(signed) != 64:
        t.faults.append("a signed image is another one, or its signature is not 64 bytes")
    if t.run(*check, "own.pub", "a.json") != t.run("check", "-p", "policies", "a.json"):
        t.faults.append("a signed image judges otherwise")
    for words in (["test", "--verify-key", "own.pub", "signed.berm"], ["coverage", "-p", "signed.berm", "--verify-key=own.pub", "a.json"],
                  ["disasm", "--verify-key", "own.pub", "signed.berm"], ["explain", "-p", "signed.berm", "--verify-key", "own.pub", "a.json"],
                  ["waivers", "list", "-p", "signed.berm", "--verify-key", "own.pub"]):
        t.expect(words[0], t.run(*words), 0)
    openssl("pkeyutl", "-verify", "-pubin", "-inkey", "own.pub", "-rawin", "-in", "signed.berm", "-sigfile", "signed.berm.sig")
    openssl("pkeyutl", "-sign", "-inkey", "own.pem", "-rawin", "-in", "set.berm", "-out", "set.berm.sig")
    if (t.folder / "set.berm.sig").read_bytes() != signed:
        t.faults.append("openssl signs otherwise")
    t.refused("the wrong key", "the signature is not that of other.pub", *check, "other.pub", "a.json")
    for name in ("curve.pub", "agree.pub"):
        t.refused(name, "not a key of Ed25519", *check, name, "a.json")
    t.refused("a private key", "no public key in PEM", *check, "own.pem", "a.json")
    t.refused("no PEM", "no public key in PEM", *check, "a.json", "a.json")
    t.refused("no key", "No such file", *check, "none.pub", "a.json")
    for bit in random.Random(1).sample(range(8 * len(bytes_of)), 40) + [0, 70, 8 * len(bytes_of) - 1]:
        changed = bytearray(bytes_of)
        changed[bit // 8] ^= 1 << bit % 8
        image.write_bytes(changed)
        t.refused(f"bit {bit} of the image", "the signature is not that of own.pub", *check, "own.pub", "a.json")
    image.write_bytes(bytes_of + b"\0")
    t.refused("a byte more", "the signature is not that of own.pub", *check, "own.pub", "a.json")
    image.write_bytes(bytes_of)
    for bit in range(0, 512, 7):
        changed = bytearray(signed)
        changed[bit // 8] ^= 1 << bit % 8
        signature.write_bytes(changed)
        t.refused(f"bit {bit} of the signature", "the signature is not that of own.pub", *check, "own.pub", "a.json")
    for data in (b"", signed[:63], signed + b"\n", bytes(64)):
        signature.write_bytes(data)
        t.refused(f"a signature of {len(data)} bytes", "the signature is not that of own.pub", *check, "own.pub", "a.json")
    signature.unlink()
    t.refused("no signature", "not signed: there is no signed.berm.sig", *check, "own.pub", "a.json")
    signature.write_bytes(signed)
    t.refused("policies", "are not signed", "check", "-p", "policies", "--verify-key", "own.pub", "a.json")
    t.refused("policies beside it", "does not go with other policies", *check, "own.pub", "-p", "policies", "a.json")
    t.refused("waivers beside it", "does not go with --waivers", *check, "own.pub", "--waivers", "waiver.yaml", "a.json")
    t.refused("no policies", "are not signed", "waivers", "list", "--verify-key", "own.pub", "waiver.yaml")
    t.refused("the standard input", "has no signature", "check", "-p", "-", "--verify-key", "own.pub", "a.json", stdin=bytes_of)
    t.refused("suites", "does not go with --format", "test", "--format", "json", "--verify-key", "own.pub", "-p", "signed.berm", "x")
    test_signing(t, bytes_of, signed)


def test_signing(t, bytes_of, signed):
    """Nothing is written where signing fails; what is compiled can be signed later."""
    for name, words in (("curve.pem", "not a key of Ed25519"), ("own.pub", "no private key"), ("locked.pem", "without a passphrase"),
                        ("none.pem", "No such file")):
        t.refused(f"sign with {name}", words, "compile", "-o", "new.berm", "--sign", name, "policies")
    t.refused("sign the standard output", "--sign needs a file", "compile", "-o", "-", "--sign", "own.pem", "policies")
    if (t.folder / "new.berm").exists() or (t.folder / "new.berm.sig").exists():
        t.faults.append("something was written without a signature")
    t.expect("sign later", t.run("compile", "-o", "new.berm", "--sign", "own.pem", "set.berm"), 0)
    t.expect("sign what another signed", t.run("compile", "-o", "new.berm", "--sign", "other.pem", "--verify-key", "own.pub", "new.berm"), 0)
    t.expect("the other", t.run("test", "new.berm", "--verify-key", "other.pub"), 0)
    if (t.folder / "new.berm").read_bytes() != bytes_of or (t.folder / "new.berm.sig").read_bytes() == signed:
        t.faults.append("signing again changed the image or not the signature")


def test_no_signatures(t):
    t.refused("sign", "this build has no signatures", "compile", "-o", "new.berm", "--sign", "own.pem", "policies")
    (t.folder / "set.berm.sig").write_bytes(bytes(64))
    t.refused("verify", "this build has no signatures", "check", "-p", "set.berm", "--verify-key", "own.pub", "a.json")
    if (t.folder / "new.berm").exists():
        t.faults.append("something was written without a signature")


def main(berm, signatures):
    with tempfile.TemporaryDirectory() as folder:
        t = Test(berm, pathlib.Path(folder))
        make_policies(t.folder / "policies", range(GUARDRAILS))
        (t.folder / "a.json").write_text('{"a": 5}', encoding="utf-8")
        for test in (test_same_verdicts, test_bound, test_reproducible, test_written_whole, test_damage):
            test(t)
        if signatures == "1":
            test_signatures(t)
        else:
            test_no_signatures(t)
    print("\n".join(t.faults) if t.faults else "images are written whole, judge as their policies do, and are refused when they are not what they were")
    return 1 if t.faults else 0


sys.exit(main(*sys.argv[1:]))
