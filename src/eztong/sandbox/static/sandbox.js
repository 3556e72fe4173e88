// The sandbox's pages with script: copying, looking again without losing one's place. Without script all still works.
import { offerCopying } from "./copying.js";
import { keepLive } from "./sandbox-live.js";
import { searchAsTyped } from "./sandbox-filter.js";

// Inside the side-by-side page a demo site stands for itself: the way to the other pages is around it already.
document.documentElement.classList.toggle("framed", window.self !== window.top);
// On a phone the row of pages is wider than the screen: the one that is open must be seen.
document.querySelector(".rooms [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
offerCopying(document);
searchAsTyped();
keepLive(offerCopying);
