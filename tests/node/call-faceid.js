// Calls the official SDK as an integrator's back end does. Input and output are JSON: a list of calls, a list of answers.

const { faceid } = require("tencentcloud-sdk-nodejs");

async function call({ endpoint, secretId, secretKey, token, signMethod, reqMethod, language, action, params }) {
  const httpProfile = { endpoint, protocol: "http://", reqTimeout: 20, ...(reqMethod && { reqMethod }) };
  const profile = { httpProfile, ...(signMethod && { signMethod }), ...(language && { language }) };
  const client = new faceid.v20180301.Client({ credential: { secretId, secretKey, token }, region: "", profile });
  try {
    return { ok: await client[action](params) };
  } catch (error) {
    return { error: { code: error.code, message: error.message, requestId: error.requestId, traceId: error.traceId } };
  }
}

async function main() {
  const answers = [];
  for (const one of JSON.parse(require("node:fs").readFileSync(0, "utf8"))) answers.push(await call(one));
  process.stdout.write(JSON.stringify(answers));
}

main();
