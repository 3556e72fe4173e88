// A part of the page that looks again every few seconds while the page is visible: <div id data-live="2" data-away="...">.
// It is exchanged only when it changed, and the focus stays where it was.
import { isLeaving } from "./leaving.js";

const READ_BY = "text/html";

export function keepLive(dress) {
  const part = document.querySelector("[data-live]");
  if (part) wait(part, dress);
}

function wait(part, dress) {
  setTimeout(() => look(part, dress), Number(part.dataset.live) * 1000);
}

async function look(part, dress) {
  if (document.hidden) return wait(part, dress);
  const fresh = await fetched(part.id);
  // A form or link of this page is on its way: what it leads to is the page to come.
  if (isLeaving()) return wait(part, dress);
  if (fresh === null) {
    tellAway(part);
    return wait(part, dress);
  }
  takeBack(part);
  // What is waited for has come: the page of the result is another one.
  if (fresh === undefined) return location.reload();
  if (fresh.innerHTML === part.source) return wait(part, dress);
  const first = part.source === undefined;
  part.source = fresh.innerHTML;
  if (!first || differs(part, fresh)) exchange(part, fresh, dress);
  wait(part, dress);
}

async function fetched(id) {
  try {
    const answer = await fetch(location.href, { headers: { Accept: READ_BY }, cache: "no-store" });
    if (!answer.ok) return null;
    const page = new DOMParser().parseFromString(await answer.text(), READ_BY);
    return page.getElementById(id) ?? undefined;
  } catch {
    return null;
  }
}

function differs(part, fresh) {
  const text = (node) => node.textContent.replaceAll(/\s+/g, " ");
  return text(part) !== text(fresh);
}

function exchange(part, fresh, dress) {
  const focused = part.contains(document.activeElement) ? key(document.activeElement) : null;
  part.replaceChildren(...document.importNode(fresh, true).childNodes);
  dress(part);
  if (focused === null) return;
  const again = [...part.querySelectorAll("a, button, pre")].find((node) => key(node) === focused);
  again?.focus({ preventScroll: true });
}

function key(node) {
  return node.dataset.copy ?? node.getAttribute("href") ?? node.textContent;
}

function tellAway(part) {
  if (part.previousElementSibling?.matches(".away")) return;
  const told = document.createElement("p");
  told.className = "away banner warning";
  told.setAttribute("role", "status");
  told.textContent = part.dataset.away;
  part.before(told);
}

function takeBack(part) {
  if (part.previousElementSibling?.matches(".away")) part.previousElementSibling.remove();
}
