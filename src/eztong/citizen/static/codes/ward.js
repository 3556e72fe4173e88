// The child's code goes from the guardian's screen when its time is over, also where the phone slept meanwhile.
// Without this module the page asks again by itself.

const card = document.querySelector("[data-back]");
const endsAt = Date.now() + Number(card.dataset.left) * 1000;

const leave = () => {
  if (Date.now() >= endsAt) location.replace(card.dataset.back);
};

setInterval(leave, 500);
document.addEventListener("visibilitychange", leave);
addEventListener("pageshow", leave);
