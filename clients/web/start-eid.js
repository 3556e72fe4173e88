/**
 * Starts an E证通 flow from a plain web page. No dependencies.
 *
 * Your back end calls GetEidToken with a RedirectUrl of your own site and hands `EidToken` and `Url` to this page.
 * `verifyDone` says that the person came back, never that the check passed: your back end asks GetEidResult.
 */

const CHANNEL = "eztong-eid";
const TOKEN = /^[a-zA-Z0-9-]{36}$/;
const LIFE_MS = 600_000;

/**
 * @param {object} options
 * @param {{token: string, url: string}} options.data `EidToken` and `Url` from GetEidToken.
 * @param {"popup"|"redirect"} [options.mode] "redirect" leaves this page and never resolves here.
 * @param {AbortSignal} [options.signal] Give up waiting.
 * @param {(result: {token: string, verifyDone: boolean}) => void} [options.verifyDoneCallback]
 * @returns {Promise<{token: string, verifyDone: boolean}>}
 */
export function startEid({ data, mode = "popup", signal, verifyDoneCallback } = {}) {
  const { token, url } = data ?? {};
  if (typeof token !== "string" || !TOKEN.test(token)) {
    throw new TypeError("data.token must be the EidToken of GetEidToken");
  }
  const target = new URL(url);
  if (target.protocol !== "https:" && target.hostname !== "localhost" && target.hostname !== "127.0.0.1") {
    throw new TypeError("data.url must be the Url of GetEidToken");
  }
  if (mode === "redirect") {
    window.location.assign(target);
    return new Promise(() => {});
  }
  const back = comeBack(token, signal);
  // The page behind the address cuts its tie to this one, so the answer comes over a channel of your own site.
  if (window.open(target, "_blank", "popup,width=420,height=860") === null) {
    window.location.assign(target);
  }
  return back.then((result) => {
    verifyDoneCallback?.(result);
    return result;
  });
}

/** Call this on the page that RedirectUrl names; it tells the waiting page and closes its own window. */
export function finishEid() {
  const token = new URLSearchParams(window.location.search).get("token");
  if (token === null || !TOKEN.test(token)) {
    return null;
  }
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage({ token });
  channel.close();
  window.close();
  return { token, verifyDone: true };
}

function comeBack(token, signal) {
  return new Promise((resolve) => {
    const channel = new BroadcastChannel(CHANNEL);
    const end = (verifyDone) => {
      clearTimeout(timer);
      channel.close();
      signal?.removeEventListener("abort", giveUp);
      resolve({ token, verifyDone });
    };
    const giveUp = () => end(false);
    const timer = setTimeout(giveUp, LIFE_MS);
    signal?.addEventListener("abort", giveUp, { once: true });
    channel.onmessage = (event) => {
      if (event.data?.token === token) {
        end(true);
      }
    };
    if (signal?.aborted) {
      giveUp();
    }
  });
}
