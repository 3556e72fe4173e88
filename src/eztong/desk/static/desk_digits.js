// What the server will say of the digits, said while they are typed. The server checks again.

export const NUMBER_LENGTH = 18;
export const QR_LENGTH = 75;
export const LONGEST_INPUT = 200;
const NUMBER_PREFIX = "88";

/** Digits only: spaces, dashes and invisible characters go, full-width digits become plain. */
export function normalise(text) {
  return text
    .replace(/[\s\u200b\u200c\u200d\ufeff\-\u00a0\u3000]+/g, "")
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
}

/** The check digit of ISO 7064 MOD 11,10. */
export function mod1110(body) {
  let product = 10;
  for (const digit of body) {
    product = (((product + Number(digit)) % 10 || 10) * 2) % 11;
  }
  return String((11 - product) % 10);
}

/** The two check digits of ISO 7064 MOD 97-10. */
export function mod9710(body) {
  let rest = 0;
  for (const digit of `${body}00`) {
    rest = (rest * 10 + Number(digit)) % 97;
  }
  return String(98 - rest).padStart(2, "0");
}

/** Judge what stands in the field: empty, short, right, slip, noCode, prefix or tooLong; `left` counts missing digits. */
export function judge(text) {
  const digits = normalise(text);
  if (digits === "") return { verdict: "empty" };
  if (text.length > LONGEST_INPUT) return { verdict: "tooLong" };
  if (!/^[0-9]+$/.test(digits)) return { verdict: "noCode" };
  if (digits.length === QR_LENGTH) {
    return { verdict: mod9710(digits.slice(0, -2)) === digits.slice(-2) ? "right" : "slip" };
  }
  if (digits.length > NUMBER_LENGTH) return { verdict: digits.startsWith("01") ? "partial" : "tooLong" };
  if (digits.length >= 2 && !digits.startsWith(NUMBER_PREFIX)) {
    return { verdict: digits.startsWith("01") ? "partial" : "prefix" };
  }
  if (digits.length < NUMBER_LENGTH) return { verdict: "short", left: NUMBER_LENGTH - digits.length };
  return { verdict: mod1110(digits.slice(0, -1)) === digits.slice(-1) ? "right" : "slip" };
}
