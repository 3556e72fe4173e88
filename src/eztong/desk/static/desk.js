// The desk page: always ready for a scan, answers without a reload, and clears itself. Without script it is a form.
import { judge, normalise } from "./desk_digits.js";
import { listen } from "./desk_wedge.js";
import { wireCamera } from "./camera.js";
import { follow, replace } from "./desk_live.js";

const CLEAR_AFTER = 15;
const REFOCUS_AFTER = 1000;
// A scanner may read one code twice before it is taken away; nobody shows it again on purpose so soon.
const SAME_SCAN_WITHIN = 2000;
// What each outcome sounds like, so that it can be told without a look: up, level, down.
const SOUNDS = { success: [880, 1320], stale: [660, 660], caution: [660, 660], earlier: [660, 660], danger: [440, 220] };
const form = document.getElementById("check");
const input = document.getElementById("code");
const hint = document.getElementById("code-live");
const firstHint = hint.textContent;
let busy = false;
let counting = 0;
let sound = null;
const waiting = [];
let lastScan = { code: "", at: -Infinity };

function play(tones) {
  try {
    sound ??= new AudioContext();
    tones.forEach((frequency, place) => {
      const tone = sound.createOscillator();
      const volume = sound.createGain();
      const start = sound.currentTime + place * 0.12;
      tone.frequency.value = frequency;
      volume.gain.value = 0.08;
      tone.connect(volume).connect(sound.destination);
      tone.start(start);
      tone.stop(start + 0.08);
    });
  } catch {
    // Without sound the screen says the same.
  }
}

function sayOfInput() {
  const { verdict, left } = judge(input.value);
  const sentences = {
    short: form.dataset.short.replace("{left}", left),
    right: form.dataset.right,
    slip: form.dataset.slip,
    noCode: form.dataset.noCode,
    prefix: form.dataset.prefix,
    tooLong: form.dataset.tooLong,
  };
  hint.textContent = sentences[verdict] ?? firstHint;
  hint.className = `hint ${verdict === "right" ? "right" : ["slip", "noCode", "prefix", "tooLong"].includes(verdict) ? "slip" : ""}`;
}

function show(panel) {
  clearInterval(counting);
  const now = document.getElementById("result");
  const next = document.adoptNode(panel);
  now.replaceWith(next);
  // Loading the page again shows the same answer, and sends no code again.
  history.replaceState(null, "", next.dataset.entry ? `${form.action}/checks/${next.dataset.entry}` : form.action);
  startClearing(next);
}

function clear() {
  clearInterval(counting);
  show(document.getElementById("ready").content.cloneNode(true).querySelector("#result"));
  input.focus();
}

function startClearing(panel) {
  const line = panel.querySelector("[data-clearing]");
  if (line === null) return;
  const words = line.querySelector("[data-clearing-words]");
  const until = performance.now() + CLEAR_AFTER * 1000;
  line.hidden = false;
  const tick = () => {
    const seconds = Math.ceil((until - performance.now()) / 1000);
    if (seconds <= 0) clear();
    else words.textContent = form.dataset.clears.replace("{seconds}", seconds);
  };
  const keep = () => {
    clearInterval(counting);
    words.textContent = "";
    line.querySelector("[data-keep]").hidden = true;
  };
  line.querySelector("[data-keep]").addEventListener("click", keep);
  line.querySelector("[data-clear]").addEventListener("click", clear);
  panel.querySelector("[data-checklist]")?.addEventListener("change", keep);
  tick();
  counting = setInterval(tick, 250);
}

function showOffline() {
  show(document.getElementById("offline").content.cloneNode(true).querySelector("#result"));
}

async function check(code) {
  if (busy) {
    waiting.push(code);
    hint.textContent = form.dataset.next;
    return;
  }
  busy = true;
  form.setAttribute("aria-busy", "true");
  hint.textContent = form.dataset.busy;
  hint.className = "hint";
  const body = new URLSearchParams(new FormData(form));
  body.set("code", code);
  body.set("in_place", "yes");
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const panel = fresh.getElementById("result");
    if (answer.redirected) location.reload();
    else if (panel === null) showOffline();
    else {
      replace("recent", fresh);
      show(panel);
      play(SOUNDS[panel.dataset.tone] ?? []);
    }
  } catch {
    showOffline();
  } finally {
    busy = false;
    form.removeAttribute("aria-busy");
    const slipped = document.getElementById("result").dataset.tone === "slip";
    if (!slipped && normalise(input.value) === normalise(code)) input.value = "";
    sayOfInput();
    input.focus();
    if (slipped) input.select();
    if (waiting.length > 0) check(waiting.shift());
  }
}

function scanned(code) {
  input.value = "";
  const at = performance.now();
  const isSame = code === lastScan.code && at - lastScan.at < SAME_SCAN_WITHIN;
  lastScan = { code, at };
  if (isSame) return;
  play([880]);
  check(code);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (input.value.trim() !== "") check(input.value);
});
input.addEventListener("input", sayOfInput);
// A scanner has no pointer: the field takes the focus back when nobody uses anything else.
document.addEventListener("focusout", () => {
  setTimeout(() => {
    if (document.activeElement === document.body && getSelection().isCollapsed) input.focus();
  }, REFOCUS_AFTER);
});
listen(scanned);
wireCamera({
  button: document.querySelector("[data-camera]"),
  panel: document.getElementById("camera"),
  csrf: form.elements.namedItem("csrf").value,
  onScan: scanned,
});
follow(show);
startClearing(document.getElementById("result"));
