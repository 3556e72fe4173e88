// Passkeys: asks the service for a challenge, the authenticator for an answer, and sends the answer back.
// Without this module, or in a browser without WebAuthn, the page offers its other ways only.

const fromText = (text) => {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0)).buffer;
};

const toText = (buffer) => {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};

const readOptions = (options) => {
  const read = { ...options, challenge: fromText(options.challenge) };
  if (read.user) read.user = { ...read.user, id: fromText(read.user.id) };
  for (const name of ["excludeCredentials", "allowCredentials"]) {
    if (read[name]) read[name] = read[name].map((entry) => ({ ...entry, id: fromText(entry.id) }));
  }
  return read;
};

const writeAnswer = (credential) => {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
};

const send = async (address, fields) => {
  const answer = await fetch(address, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { Accept: "application/json" },
  });
  if (!(answer.headers.get("Content-Type") || "").startsWith("application/json")) throw new Error("not JSON");
  return answer.json();
};

const useKey = async (part) => {
  const { action, csrf, next, passkey, form } = part.dataset;
  const given = await send(`${action}/options`, { csrf });
  if (given.problem) return given;
  const publicKey = readOptions(given.options);
  const credential = await navigator.credentials[passkey]({ publicKey });
  // What else was filled in goes along, such as the message code.
  const filledIn = form ? Object.fromEntries(new FormData(document.getElementById(form))) : {};
  return send(action, { ...filledIn, csrf, next, credential: writeAnswer(credential) });
};

const prepare = (part) => {
  // A passkey belongs to one host: under another name of this machine it cannot work.
  if (!window.PublicKeyCredential || location.hostname !== part.dataset.site) return;
  part.hidden = false;
  const button = part.querySelector("button");
  const status = part.querySelector("[role=status]");
  button.addEventListener("click", async () => {
    button.disabled = true;
    status.textContent = part.dataset.working;
    try {
      const done = await useKey(part);
      if (done.next && part.dataset.send) {
        // What waited for the proof goes out now, as it was filled in.
        document.getElementById(part.dataset.send).submit();
        return;
      }
      if (done.next) {
        location.assign(done.next);
        return;
      }
      status.textContent = done.problem;
    } catch (error) {
      const known = error instanceof DOMException && error.name === "InvalidStateError" && part.dataset.known;
      const cancelled = error instanceof DOMException && error.name === "NotAllowedError";
      status.textContent = known ? part.dataset.known : cancelled ? part.dataset.cancelled : part.dataset.failed;
    }
    button.disabled = false;
  });
};

document.querySelectorAll("[data-passkey]").forEach(prepare);
