// Opens an identity envelope as a merchant's back end does, with sm-crypto alone. Input and output are JSON.

const { sm2, sm4 } = require("sm-crypto");

const C1C3C2 = 1;
const { desKey, userInfo, privateKey, padding } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const sealed = Buffer.from(desKey, "base64").toString("hex");
const key = sm2.doDecrypt(sealed, privateKey, C1C3C2, { output: "array" });
const text = sm4.decrypt(Buffer.from(userInfo, "base64").toString("hex"), Buffer.from(key).toString("hex"), { padding });
process.stdout.write(JSON.stringify(JSON.parse(text)));
