// Reads {secret, publicKey, headers, body} from standard input and checks both signatures of a delivery: the HMAC by
// the official library, the Ed25519 signature by Node's own cryptography. Prints what the body says.
"use strict";

const crypto = require("node:crypto");
const fs = require("node:fs");
const { Webhook } = require("standardwebhooks");

const { secret, publicKey, headers, body } = JSON.parse(fs.readFileSync(0, "utf8"));
const said = new Webhook(secret).verify(body, headers);

const prefix = Buffer.from("302a300506032b6570032100", "hex");
const raw = Buffer.from(publicKey.replace(/^whpk_/, ""), "base64");
const key = crypto.createPublicKey({ key: Buffer.concat([prefix, raw]), format: "der", type: "spki" });
const content = Buffer.from(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`);
const signatures = headers["webhook-signature"].split(" ").filter((one) => one.startsWith("v1a,"));
if (!signatures.some((one) => crypto.verify(null, content, key, Buffer.from(one.slice(4), "base64")))) {
  throw new Error("no signature of this key");
}
process.stdout.write(JSON.stringify(said));
