// A waiting application: looks again while the page is looked at, and changes it only when there is news.
import { isLeaving } from "./leaving.js";

const PAUSE = 4000;

const look = async () => {
  const shown = document.querySelector("[data-state]");
  if (document.visibilityState === "visible" && navigator.onLine && !isLeaving()) {
    try {
      const answer = await fetch(location.href);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-state]");
      if (isLeaving()) {
        // A form of this page changed what is looked at: its own answer comes.
      } else if (answer.redirected || !fresh) {
        location.reload();
        return;
      } else if (fresh.dataset.state !== shown.dataset.state) {
        document.querySelector("main").replaceChildren(...page.querySelector("main").childNodes);
        document.title = page.title;
        document.querySelector("main h1").tabIndex = -1;
        document.querySelector("main h1").focus();
      }
    } catch {
      // Without a network there is no news; the next look may have some.
    }
  }
  if (document.querySelector("[data-state=applied]")) setTimeout(look, PAUSE);
};

setTimeout(look, PAUSE);
