/** Shorter ones would cover words of what is said. */
const secretCharsMin = 4;

/**
 * Covers what an answer repeats of the secrets of a request, since people are shown what a receiver says. In 2xx every byte keeps its
 * place, so that lengths in Protocol Buffers hold, and names of members stay.
 */
export function conceal(status: number, body: Buffer, secrets: readonly string[]): Buffer {
  const isTaken = status < 300;
  const forms = secrets.flatMap(formsOf).filter((form) => form.length >= secretCharsMin);
  const hidden = isTaken ? forms.filter((form) => !/^[A-Za-z_.]+$/.test(form)) : forms;
  // The longest first: a password alone is part of what stands for user and password.
  const longestFirst = [...new Set(hidden)].toSorted((a, b) => b.length - a.length);
  const text = longestFirst.reduce(
    (shown, form) => shown.replaceAll(form, isTaken ? "*".repeat(form.length) : "***"),
    body.toString("latin1"),
  );
  return Buffer.from(text, "latin1");
}

/** What is secret of an `Authorization`: the token or, for Basic, also the user with the password, and the password alone. */
export function secretsIn(authorization: string): readonly string[] {
  const [scheme = "", ...rest] = authorization.split(" ");
  const credentials = rest.length === 0 ? scheme : rest.join(" ");
  if (scheme.toLowerCase() !== "basic") return [credentials];
  const login = Buffer.from(credentials, "base64").toString("utf8");
  return [credentials, ...secretsOfLogin(login)];
}

/** What is secret of `user:password`. */
export function secretsOfLogin(login: string): readonly string[] {
  const password = login.slice(login.indexOf(":") + 1);
  const long = [login, password].filter((secret) => secret.length >= secretCharsMin);
  return long.flatMap((secret) => [secret, Buffer.from(secret).toString("base64")]);
}

/** A secret as answers repeat it: as it is, in a URL, in a form, in JSON. Bytes as characters. */
function formsOf(secret: string): readonly string[] {
  const inUrl = encodeURIComponent(secret);
  const inForm = new URLSearchParams({ s: secret }).toString().slice(2);
  const inJson = JSON.stringify(secret).slice(1, -1);
  const encoded = [inUrl, inForm].flatMap((form) => [form, form.replaceAll(/%../g, (hex) => hex.toLowerCase())]);
  return [secret, ...encoded, inJson, inJson.replaceAll("/", "\\/")].map((form) =>
    Buffer.from(form).toString("latin1"),
  );
}
