// A keyboard-wedge scanner types like a keyboard, only faster, and ends with Enter, Tab or nothing at all.
import { LONGEST_INPUT, NUMBER_LENGTH, QR_LENGTH, judge } from "./desk_digits.js";

// People need more than 100 ms between two digits; scanners less than 20, and a busy machine adds some.
const FASTEST_PERSON = 80;
const SILENCE_THAT_ENDS = 120;
const ENDS = new Set(["Enter", "Tab"]);

/** Collects what comes fast. `key` returns the code once a suffix ends it. */
export class ScanBuffer {
  #digits = "";
  #length = 0;
  #last = -Infinity;

  key(name, at) {
    if (at - this.#last > FASTEST_PERSON) this.clear();
    this.#last = at;
    if (ENDS.has(name)) return this.take();
    if (name.length !== 1) return null;
    this.#length += 1;
    // A prefix that the scanner was set to send, such as "]Q1" or a letter, starts the digits again.
    if (/[0-9]/.test(name)) this.#digits += name;
    else this.#digits = "";
    return null;
  }

  /** The digits so far if they are a whole code; whatever they are, they are forgotten. */
  take() {
    const digits = this.#length <= LONGEST_INPUT ? this.#fitting() : null;
    this.clear();
    return digits;
  }

  clear() {
    this.#digits = "";
    this.#length = 0;
  }

  // The digit of an AIM prefix ("]Q1") stands before the code itself, so the end counts.
  #fitting() {
    for (const length of [QR_LENGTH, NUMBER_LENGTH]) {
      const end = this.#digits.slice(-length);
      if (end.length === length && judge(end).verdict === "right") return end;
    }
    return null;
  }
}

/** Listen on the whole page, wherever the focus is; call `onScan` with each code. */
export function listen(onScan) {
  const buffer = new ScanBuffer();
  let silence = 0;
  document.addEventListener(
    "keydown",
    (event) => {
      // An input method is composing: these keys are its own, and it hands over what it made.
      if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
      clearTimeout(silence);
      const code = buffer.key(event.key, event.timeStamp);
      if (code !== null) {
        event.preventDefault();
        event.stopPropagation();
        onScan(code);
        return;
      }
      silence = setTimeout(() => {
        const whole = buffer.take();
        if (whole !== null) onScan(whole);
      }, SILENCE_THAT_ENDS);
    },
    true,
  );
}
