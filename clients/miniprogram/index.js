/**
 * initEid and startEid for WeChat mini-programs, with the parameters and the callback that existing code passes.
 * The flow runs on the deployment's own page in a web-view; no other mini-program is opened.
 */

const TOKEN = /^[a-zA-Z0-9-]{36}$/;
const PAGE = "/eid-view/index";
const state = { baseUrl: "", waiting: null };

/** Call once, in onLaunch. `baseUrl` is the deployment's address; the other two parameters are accepted and unused. */
export function initEid(baseUrl, _envVersion, _backupUrl) {
  if (typeof baseUrl !== "string" || !/^https:\/\/[^/]+$/.test(baseUrl)) {
    throw new TypeError("initEid needs the deployment's address, such as https://eid.example.cn");
  }
  state.baseUrl = baseUrl;
}

/**
 * Call from a tap. `data.token` is the EidToken, `data.url` the Url, both from GetEidToken.
 * The callback's `verifyDone` says that the person came back, never that the check passed.
 */
export function startEid({ data, verifyDoneCallback }) {
  const { token, url } = data ?? {};
  if (typeof token !== "string" || !TOKEN.test(token)) {
    throw new TypeError("data.token must be the EidToken of GetEidToken");
  }
  if (typeof url !== "string" || !url.startsWith(`${state.baseUrl}/r/`)) {
    throw new TypeError("data.url must be the Url of GetEidToken, of the deployment that initEid named");
  }
  if (typeof verifyDoneCallback !== "function") {
    throw new TypeError("verifyDoneCallback must be a function");
  }
  state.waiting = { token, verifyDoneCallback };
  wx.navigateTo({ url: `${PAGE}?url=${encodeURIComponent(url)}` });
}

/** The web-view page calls this once, when it is left. */
export function leaveEid() {
  const waiting = state.waiting;
  state.waiting = null;
  waiting?.verifyDoneCallback({ token: waiting.token, verifyDone: true });
}
