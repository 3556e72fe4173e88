// The camera: the browser's own barcode reader where there is one, else grayscale pictures that the server reads.
const PICTURE_SIDE = 480;
const PAUSE = 250;
const PAUSE_WHEN_BUSY = 2000;
// What the server's refusals mean to the person: the words to show, and whether the same may work in a moment.
const FORGED = new Set([401, 403]);
const BUSY = new Set([408, 429, 500, 502, 503, 504]);

/** The server read no picture; `key` names the words, `again` says whether to go on trying. */
class Refused extends Error {
  constructor(key, { again }) {
    super(key);
    this.key = key;
    this.again = again;
  }
}

/** Wire the button and the panel, which names the door's address for pictures; `onScan` gets the text of each code. */
export function wireCamera({ button, panel, csrf, onScan }) {
  const video = panel.querySelector("video");
  const words = panel.querySelector("[data-camera-words]");
  let stream = null;
  let timer = 0;

  const say = (key) => {
    words.textContent = panel.dataset[key];
    video.hidden = key !== "looking" && key !== "busy";
  };

  const release = () => {
    clearTimeout(timer);
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
  };

  const stop = () => {
    release();
    panel.hidden = true;
    button.hidden = false;
  };

  const look = async (read) => {
    if (stream === null) return;
    let text = null;
    let pause = PAUSE;
    try {
      text = video.readyState >= 2 ? await read() : null;
      if (stream !== null) say("looking");
    } catch (error) {
      if (stream === null) return;
      if (error instanceof Refused) {
        say(error.key);
        pause = PAUSE_WHEN_BUSY;
        if (!error.again) {
          release();
          return;
        }
      }
    }
    if (stream === null) return;
    if (text !== null) {
      stop();
      onScan(text);
      return;
    }
    timer = setTimeout(() => look(read), pause);
  };

  const start = async () => {
    panel.hidden = false;
    button.hidden = true;
    if (!window.isSecureContext || !navigator.mediaDevices) {
      say("insecure");
      return;
    }
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    } catch (error) {
      say(error.name === "NotAllowedError" ? "refused" : "missing");
      return;
    }
    say("looking");
    video.srcObject = stream;
    await video.play();
    look(await chooseReader(video, { address: panel.dataset.frames, csrf }));
  };

  button.hidden = false;
  button.addEventListener("click", start);
  panel.querySelector("[data-camera-stop]").addEventListener("click", stop);
}

async function chooseReader(video, door) {
  if ("BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async () => (await detector.detect(video))[0]?.rawValue ?? null;
  }
  return readerOnServer(video, door);
}

function readerOnServer(video, { address, csrf }) {
  const canvas = document.createElement("canvas");
  canvas.width = PICTURE_SIDE;
  canvas.height = PICTURE_SIDE;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return async () => {
    // The middle square of the picture: a code is held there, and 230 KB are enough to read it.
    const side = Math.min(video.videoWidth, video.videoHeight);
    const left = (video.videoWidth - side) / 2;
    const top = (video.videoHeight - side) / 2;
    pen.drawImage(video, left, top, side, side, 0, 0, PICTURE_SIDE, PICTURE_SIDE);
    const answer = await send(`${address}?w=${PICTURE_SIDE}&h=${PICTURE_SIDE}`, {
      method: "POST",
      headers: { "content-type": "application/octet-stream", "x-csrf": csrf },
      body: gray(pen.getImageData(0, 0, PICTURE_SIDE, PICTURE_SIDE).data),
    });
    return (await answer.json()).text;
  };
}

async function send(address, request) {
  let answer = null;
  try {
    answer = await fetch(address, request);
  } catch {
    throw new Refused("busy", { again: true });
  }
  if (answer.ok) return answer;
  if (FORGED.has(answer.status)) throw new Refused("expired", { again: false });
  if (BUSY.has(answer.status)) throw new Refused("busy", { again: true });
  throw new Refused("unread", { again: false });
}

function gray(pixels) {
  const picture = new Uint8Array(pixels.length / 4);
  for (let at = 0; at < picture.length; at += 1) {
    picture[at] = (pixels[at * 4] * 77 + pixels[at * 4 + 1] * 150 + pixels[at * 4 + 2] * 29) >> 8;
  }
  return picture;
}
