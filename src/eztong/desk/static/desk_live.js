// Once a second: what is out of order, requests that citizens opened at this counter, and their results as they come.
import { isLeaving } from "./leaving.js";

const PAUSE = 800;

/** Keep the parts up to date; `onArrived` gets the panel of a request that was waiting here and is answered now. */
export function follow(onArrived) {
  const waiting = new Set(waitingIn(document));

  const look = async () => {
    if (document.visibilityState === "visible" && !isLeaving()) await update().catch(() => {});
    setTimeout(look, PAUSE);
  };

  const update = async () => {
    const answer = await fetch("/desk/live", { headers: { accept: "text/html" } });
    // Signing out on another page, or choosing one: its own answer comes.
    if (isLeaving()) return;
    if (answer.status === 401) {
      location.reload();
      return;
    }
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const stillWaiting = waitingIn(fresh);
    replace("incidents", fresh);
    replace("waiting", fresh);
    replace("recent", fresh);
    const panel = fresh.getElementById("result");
    if (panel?.dataset.entry && waiting.delete(panel.dataset.entry)) onArrived(panel);
    stillWaiting.forEach((entry) => waiting.add(entry));
  };

  setTimeout(look, PAUSE);
}

/** Put the new part in place of the old one if it says something else. */
export function replace(id, fresh) {
  const now = document.getElementById(id);
  const next = fresh.getElementById(id);
  if (now && next && now.innerHTML !== next.innerHTML) now.replaceWith(document.adoptNode(next));
}

function waitingIn(tree) {
  return [...tree.querySelectorAll("[data-waiting]")].map((item) => item.dataset.waiting);
}
