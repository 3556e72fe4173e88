// The code on the screen: counts down, renews itself while it is looked at, shows at once what became of it.
// Without this module the page counts by itself and goes back to the locked card when the minute is over.
import { isLeaving, STAYED } from "./leaving.js";

const RENEW_BEFORE = 5;
const TICK = 200;
const ASK_AGAIN = 3000;

const card = document.querySelector("[data-code]");
const dialog = document.querySelector("dialog.full");
const renewForm = document.querySelector("form.renew");
const tried = document.querySelector(".tried");
let endsAt = 0;
let stream = null;
let isDone = false;
let isRenewing = false;
let mayRenew = true;
let awake = null;
let renewal = null;

// The service's clock, not the phone's: both sides then read the same time.
const clock = card?.querySelector(".clock-mark span");
const [atHour, atMinute, atSecond] = (clock?.textContent ?? "0:0:0").split(":").map(Number);
const clockAtLoad = (atHour * 60 + atMinute) * 60 + atSecond - performance.now() / 1000;

const clockWords = () => {
  const now = Math.floor(clockAtLoad + performance.now() / 1000) % 86400;
  return [now / 3600, (now / 60) % 60, now % 60].map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
};

const secondsLeft = () => Math.max(0, (endsAt - performance.now()) / 1000);

const cover = (id) => {
  const template = document.getElementById(id);
  const ground = card.querySelector(".qr-ground") || card.querySelector(".number");
  if (!ground || card.querySelector(".over")) return;
  ground.replaceWith(template.content.cloneNode(true));
  card.querySelectorAll(".number, .clock-mark, .valid, .speak").forEach((part) => part.remove());
  card.removeAttribute("data-number");
  card.removeAttribute("data-qr");
  card.dataset.over = id;
};

// A screen that shows a code stays awake; browsers without wake locks, or on a low battery, leave it to the phone.
const keepAwake = async () => {
  try {
    awake = await navigator.wakeLock?.request("screen");
    if (isDone) letSleep();
  } catch {
    awake = null;
  }
};

const letSleep = () => {
  awake?.release().catch(() => {});
  awake = null;
};

const finish = () => {
  isDone = true;
  letSleep();
  if (stream) stream.close();
  if (dialog.open) dialog.close();
  document.querySelector(".full-open")?.remove();
  const ring = card.querySelector(".ring");
  if (ring) ring.hidden = true;
};

const showOver = () => {
  finish();
  cover(navigator.onLine ? "code-over" : "code-offline");
};

// Nothing came of the way out, and the code is over all the same: a form of this page goes on, the page itself goes nowhere.
const stayed = () => {
  if (!isDone) showOver();
};

const showUsed = (html) => {
  isDone = true;
  letSleep();
  if (dialog.open) dialog.close();
  document.querySelector(".full-open")?.remove();
  card.replaceChildren(document.createRange().createContextualFragment(html));
  card.removeAttribute("data-number");
  card.removeAttribute("data-qr");
  card.tabIndex = -1;
  card.focus({ preventScroll: true });
  navigator.vibrate?.(80);
  // The act is done: what is primary now is to leave, another code comes second.
  renewForm.querySelector(".button").classList.remove("primary");
  document.querySelector(".after-code").replaceChildren(document.getElementById("code-done").content.cloneNode(true), renewForm);
};

const listen = () => {
  if (stream) stream.close();
  stream = new EventSource(`/code/events?code=${card.dataset.code}`);
  stream.addEventListener("used", (event) => showUsed(JSON.parse(event.data)));
  stream.addEventListener("tried", (event) => {
    tried.innerHTML = JSON.parse(event.data);
  });
  stream.addEventListener("ended", () => {
    stream.close();
    if (isRenewing || isDone) return;
    // A form that makes another code ends this one: its own answer is on the way, and is the page to come.
    if (isLeaving()) setTimeout(stayed, STAYED);
    else location.assign("/code");
  });
  stream.addEventListener("over", () => {
    stream.close();
    if (!isDone) showOver();
  });
  // A cut line the browser mends by itself. A refusal, when too many pages watch, ends the stream for good: ask later.
  stream.addEventListener("error", ({ target }) => {
    if (target.readyState === EventSource.CLOSED && target === stream && !isDone) setTimeout(listen, ASK_AGAIN);
  });
};

const begin = () => {
  endsAt = performance.now() + Number(card.dataset.left) * 1000;
  card.querySelector(".ring")?.classList.add("live");
  listen();
};

// Puts the new code where the old one stands: same places, same sizes, nothing moves.
const takeOver = (fresh) => {
  for (const name of ["code", "number", "expires", "left", "qr"]) {
    if (fresh.dataset[name] !== undefined) card.dataset[name] = fresh.dataset[name];
  }
  for (const place of [".qr-ground", ".number", ".valid"]) {
    const from = fresh.querySelector(place);
    const to = card.querySelector(place);
    if (from && to) to.replaceChildren(...from.childNodes);
  }
  if (dialog.open) fillDialog();
};

const renew = async () => {
  isRenewing = true;
  try {
    renewal = new AbortController();
    const body = new URLSearchParams(new FormData(renewForm));
    const answer = await fetch(renewForm.action, { method: "POST", body, signal: renewal.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-code]");
    if (fresh && !isDone && !isLeaving()) {
      takeOver(fresh);
      begin();
    } else {
      mayRenew = false;
    }
  } catch {
    mayRenew = false;
  }
  isRenewing = false;
};

const minutes = (left) => `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;

const draw = (left) => {
  dialog.querySelector(".full-left").textContent = minutes(Math.ceil(left));
  const ring = card.querySelector(".ring");
  if (!ring) return;
  ring.querySelector(".run").style.strokeDashoffset = String(100 - (left / Number(card.dataset.life)) * 100);
  ring.querySelector(".ring-seconds").textContent = card.dataset.life > 60 ? minutes(Math.ceil(left)) : String(Math.ceil(left));
};

const tick = () => {
  const mark = card.querySelector(".clock-mark span");
  if (mark) mark.textContent = clockWords();
  if (isDone) return;
  const left = secondsLeft();
  draw(left);
  if (left <= 0 && !isRenewing) showOver();
  else if (left <= RENEW_BEFORE && mayRenew && !isRenewing && !isLeaving() && navigator.onLine && document.visibilityState === "visible" && card.dataset.qr) {
    renew();
  }
};

const fillDialog = () => {
  const code = card.querySelector(".qr-ground svg");
  if (code) dialog.querySelector(".full-qr").replaceChildren(code.cloneNode(true));
  dialog.querySelector(".number").replaceChildren(...card.querySelector(".number").cloneNode(true).childNodes);
};

const openFull = () => {
  if (isDone) return;
  fillDialog();
  dialog.showModal();
};

const speak = () => {
  const digits = card.querySelector(".number").textContent.trim().split(/\s+/).map((group) => [...group].join(" "));
  const words = new SpeechSynthesisUtterance(digits.join("， "));
  words.lang = document.documentElement.lang;
  words.rate = 0.8;
  speechSynthesis.cancel();
  speechSynthesis.speak(words);
};

const dress = () => {
  const open = document.querySelector(".full-open");
  if (open) {
    open.hidden = false;
    open.addEventListener("click", openFull);
    card.querySelector(".qr-ground").addEventListener("click", openFull);
    dialog.addEventListener("click", () => dialog.close());
  }
  if ("speechSynthesis" in window) {
    const button = card.querySelector(".speak");
    button.hidden = false;
    button.addEventListener("click", speak);
  }
};

if (card) {
  // What somebody asks for goes before what the page does by itself.
  addEventListener("submit", () => renewal?.abort());
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted && !isDone) listen();
  });
  dress();
  begin();
  keepAwake();
  tick();
  setInterval(tick, TICK);
}
