# fmt: off
# ruff: noqa: ANN001, ANN201, B008, D103, E401, E501, E701, E702, I001, ICN001, INP001, PLR2004, PTH123, SIM115, SIM300, T201
"""Check an eztong proof or bundle without eztong: python verify_proof.py FILE.json keys.json (pip install gmalg)."""
import base64, datetime, json, re, sys
from gmalg import SM2, SM3
SPKI_HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")
NOTE = re.compile("(eztong/batch/v([12]) ([a-z0-9][a-z0-9.:_-]{0,99})\n([1-9][0-9]{0,8})\n(\\S{44})\n"
                  "batch (bat_[0-9A-HJKMNP-TV-Z]{26})\ntime (\\S{24})\n"
                  "(?:writer (wri_[0-9A-HJKMNP-TV-Z]{26})\nnumber ([1-9][0-9]{0,14})\nprevious (\\S{44})\n)?)\n"
                  "\u2014 ([A-Za-z0-9._+-]{1,64}) (\\S+)\n")
WHERE, KINDS = [], {"record": "record", "result": "result", "refused-try": "refused-try", "intention": "intention"}
MANY, LISTS = re.compile("(act|intention|refused-try|result)-([1-9][0-9]?)"), {"act": "acts", "result": "records", "refused-try": "records"}
def need(good, why): return good or fail(why)
def fail(why): sys.exit(print("invalid:", *WHERE, why) or 1)
def sm3(data): state = SM3(); state.update(data); return state.value()
def members(pairs):
    good = len(dict(pairs)) == len(pairs) and all(name.isascii() for name, _ in pairs)
    return dict(pairs) if good else fail("file: a name twice or not ASCII")
def whole(text): return need(len(text) < 18 and abs(int(text)) < 2**53, "file: a number is out of range") and int(text)
def load(path, hooks=dict.fromkeys(("parse_int", "parse_float", "parse_constant"), whole)):
    try: return need({} | json.loads(open(path, "rb").read().decode(), object_pairs_hook=members, **hooks), "file: empty")
    except (ValueError, TypeError, RecursionError): fail("file: not a JSON object in UTF-8 with whole numbers only")
def b64(text, sizes, part):
    try: data = base64.b64decode(text, validate=True)
    except (ValueError, TypeError): fail(f"{part}: not base64")
    return need(base64.b64encode(data).decode() == text and len(data) in sizes and data, f"{part}: wrong length or spelling")
def moment(text, part):  # of fixed width, so that moments compare as texts
    try: datetime.datetime.fromisoformat(text[:-1])
    except ValueError: fail(part)
    return need(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text, re.ASCII), part) and text
def r_and_s(der):  # read, write in the one DER form, compare
    r, s = int.from_bytes(der[4:4 + der[3]], "big"), int.from_bytes(der[6 + der[3]:], "big")
    body = b"".join(b"\2" + bytes([len(x)]) + x for x in (n.to_bytes(n.bit_length() // 8 + 1, "big") for n in (r, s)))
    need(der == b"\x30" + bytes([len(body)]) + body and 0 < min(r, s) and max(r, s) < 2**256, "signature: not DER r, s")
    return r.to_bytes(32, "big"), s.to_bytes(32, "big")
def root_of(current, index, size, path):
    last = need(0 <= index < size, "leaf_index: outside the tree") and size - 1
    for level in range(last.bit_length()):
        if index >> level < last >> level or index >> level & 1:
            step = need(path, "path: too short").pop(0)
            current = sm3(b"\1" + (step + current if index >> level & 1 else current + step))
    return need(not path and current, "path: too long")
def canonical(value):
    try: return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    except (ValueError, RecursionError): fail("document: no canonical form")
def verify(proof, keys):
    need(proof.keys() == {"format", "document", "leaf_index", "path", "note"}, "file: not a proof")
    kind, document, index, path, note = map(proof.get, ("format", "document", "leaf_index", "path", "note"))
    types = [type(document), type(index), type(path), type(note)]
    need(kind in ("eztong/proof/v1", "eztong/proof/v2") and types == [dict, int, list, str], "file: another format or type")
    found = need(NOTE.fullmatch(note), "note: malformed").groups()
    signed, version, origin, size, root, batch, time, writer, number, previous, name, blob = found
    need(kind[-1] == version == ("2" if writer else "1"), "note: not of the version that the file or its head names")
    place = f", number {number} of {writer}" if writer and b64(previous, [32], "note previous") else ""
    blob, root, time = b64(blob, range(12, 77), "signature"), b64(root, [32], "note root"), moment(time, "note: time malformed")
    key, *more = need([k for k in keys["keys"] if k["key_id"] == name], "key: not published here")
    need(keys["format"] == "eztong/keys/v1" and not more, "keys: another format, or a key twice")
    spki, start, end = b64(key["spki"], [91], "key"), moment(key["not_before"], "keys: malformed"), key.get("retired_at") or "~"
    need(spki[:27] == SPKI_HEAD and SM2().verify_pk(spki[26:]), "key: not an SM2 public key")
    need(sm3(name.encode() + b"\n\xffeztong/sm2-sm3/v1\0" + spki)[:4] == blob[:4], "key: its hash does not fit")
    need(start <= time <= (end if end == "~" else moment(end, "keys: malformed")), "key: signed outside the key's published life")
    need(SM2(pk=spki[26:], uid=b"1234567812345678").verify(signed.encode(), *r_and_s(blob[4:])), "signature: it does not fit")
    top = root_of(sm3(b"\0" + canonical(document)), index, int(size), [b64(step, [32], "path") for step in path])
    need(top == root, "document: it does not lead to the signed root")
    return f"{document.get('format')} {document.get('id')}, batch {batch} of {origin} at {time}{place}, key {name}"
def verify_bundle(bundle, keys, text):
    need(bundle.keys() == {"format", "manifest", "parts"}, "file: not a bundle")
    manifest, parts = bundle["manifest"], bundle["parts"]
    need(type(parts) is dict and {dict} == {type(part) for part in (manifest, *parts.values())}, "file: not all objects")
    need(canonical(bundle) == text, "file: it is not in canonical form")
    WHERE[:] = ["manifest:"]
    facts, said = verify(manifest, keys), manifest["document"]
    hashes, about = said.get("parts"), [said.get(name) for name in ("record", "partner", "for", "environment")]
    need(said.get("format") == "eztong/bundle-manifest/v1" and type(hashes) is dict, "document: not a manifest")
    for name in sorted(hashes.keys() | parts.keys() | {"record"}):
        WHERE[:] = [name + ":"]
        need(name in parts and name in hashes, "it is not in the file" if name in hashes else "the manifest does not name it")
        need(sm3(canonical(parts[name])).hex() == hashes[name], "its SM3 is not the one that the manifest names")
    record = parts["record"]
    talks = record.get("kind") == "talks"
    for name, part in parts.items():
        WHERE[:] = [name + ":"]
        document = part if name == "record" else verify(part, keys) and part["document"]
        many = MANY.fullmatch(name) if talks else None
        kind = "acceptance" if re.fullmatch("acceptance-[a-z_]{1,40}", name) else many[1] if many else KINDS.get(name)
        need(document.get("format") == f"eztong/{kind}/v1" and (many or not talks or kind in ("acceptance", "record")),
             "not of the kind that its name says")
        own = [document.get("id"), document.get("partner"), document.get("side", about[2]), document.get("environment", about[3])]
        if many and kind in LISTS:
            one = (record[LISTS[kind]] + [{}] * 99)[int(many[2]) - 1]
            need(document["id"] == one.get("id"), "it is none that the record lists at this place")
            about_one = [document.get("partner"), document.get("environment", about[3])]
            need(about_one == [one.get("partner"), about[3]], "it is of another record than the one that is listed")
        else:
            need(own == about or kind in ("acceptance", "intention"), "it is of another record than the manifest names")
    WHERE[:] = ["record:"]
    for one in (record.get("agreements") or {}).get("documents", []):
        need(sm3(one["text"].encode()).hex() == one["text_hash"], "the text of an agreement has not the SM3 beside it")
    return f"{facts}; for {about[2]}, record {about[0]}: {', '.join(sorted(parts))}; missing: {said.get('missing') or 'none'}"
if __name__ == "__main__":
    try:
        found, keys = map(load, sys.argv[1:3])
        is_bundle = found.get("format") == "eztong/bundle/v1"
        print("valid:", verify_bundle(found, keys, open(sys.argv[1], "rb").read()) if is_bundle else verify(found, keys))
    except (KeyError, TypeError, AttributeError): fail("keys: malformed")
