// The citizen number as it is typed: what is still missing, what cannot be right, and the birth date in it.
// The service checks again; this only says at once what it would say (GB 11643-1999, ISO 7064 MOD 11-2).

const LENGTH = 18;
const LEGACY = 15;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK = "10X98765432";
// GB/T 2260 by its first two digits; residence permits have one region each, a foreigner's number a 9 before its province.
const PROVINCES = new Set("11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71".split(" "));
const RESIDENCE = new Set(["810000", "820000", "830000"]);
// 15 digits of people born before 1900: the century is not in them.
const CENTENARIANS = new Set(["996", "997", "998", "999"]);
// Letters that look like an X, an O, an I or an L, and are none of them to a machine.
const LOOK_ALIKES = /[ХхΧχ×✕✖╳Ⅹⅹㄨ乂OoОоΟοIlІ]/u;
const INVISIBLE = /[\s\p{Cf}]/gu;

const plain = (text) =>
  text
    .replace(INVISIBLE, "")
    .replace(/[！-～]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/x/g, "X");

export const checkDigit = (seventeen) =>
  CHECK[WEIGHTS.reduce((sum, weight, place) => sum + weight * Number(seventeen[place]), 0) % CHECK.length];

const isDate = (text) => {
  const [year, month, day] = [text.slice(0, 4), text.slice(4, 6), text.slice(6, 8)].map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return year >= 1800 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};

const isRegion = (number) =>
  PROVINCES.has(number.slice(0, 2)) ||
  (number.length === LENGTH && (RESIDENCE.has(number.slice(0, 6)) || (number[0] === "9" && PROVINCES.has(number.slice(1, 3)))));

// Returns {state, number, birth}: state is one of empty, look_alike, character, short, long, region, century, date, check,
// legacy, ok.
export const readNumber = (text, today) => {
  const number = plain(text);
  if (!number) return { state: "empty", number };
  if (LOOK_ALIKES.test(number)) return { state: "look_alike", number };
  if (!/^[0-9]*X?$/.test(number) || number.indexOf("X") > -1 && number.length !== LENGTH) return { state: "character", number };
  if (number.length === LEGACY) {
    if (CENTENARIANS.has(number.slice(-3))) return { state: "century", number };
    if (!isRegion(number)) return { state: "region", number };
    const birth = `19${number.slice(6, 12)}`;
    return isDate(birth) ? { state: "legacy", number, birth } : { state: "date", number };
  }
  if (number.length < LENGTH) return { state: "short", number };
  if (number.length > LENGTH) return { state: "long", number };
  if (!isRegion(number)) return { state: "region", number };
  const birth = number.slice(6, 14);
  if (!isDate(birth) || birth > today.replaceAll("-", "")) return { state: "date", number };
  if (checkDigit(number) !== number[17]) return { state: "check", number };
  return { state: "ok", number, birth };
};

// Full years on a day; who is born on 29 February turns a year older on 1 March, as the service counts.
export const ageOn = (birth, today) => {
  const day = today.replaceAll("-", "");
  return Number(day.slice(0, 4)) - Number(birth.slice(0, 4)) - (day.slice(4) < birth.slice(4) ? 1 : 0);
};
