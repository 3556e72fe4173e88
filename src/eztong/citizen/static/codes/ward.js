// The child's code goes from the guardian's screen when its time is over, also where the phone slept meanwhile.
// Without this module the page asks again by itself.
import { isLeaving } from "./leaving.js";

const card = document.querySelector("[data-back]");
const endsAt = Date.now() + Number(card.dataset.left) * 1000;

let isGone = false;

// Once: where the answer takes longer than a tick, each further try would cancel the one before.
const leave = () => {
  if (Date.now() < endsAt) return;
  card.querySelectorAll(".qr-ground, .number").forEach((part) => part.remove());
  if (isGone || isLeaving()) return;
  isGone = true;
  location.replace(card.dataset.back);
};

setInterval(leave, 500);
document.addEventListener("visibilitychange", leave);
addEventListener("pageshow", () => {
  isGone = false;
  leave();
});
