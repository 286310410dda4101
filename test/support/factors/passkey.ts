import { createSign, generateKeyPairSync, hash, type KeyObject, randomBytes } from "node:crypto";

// An authenticator that exists in a test alone: WebAuthn Level 3, ES256, attestation "none".

/** What a browser was asked with. */
interface CreationOptions {
  readonly challenge: string;
  readonly rp: { readonly id: string };
}
interface RequestOptions {
  readonly challenge: string;
  readonly rpId: string;
}

/** How a page or an authenticator may lie. */
interface Lies {
  readonly origin?: string;
  readonly challenge?: string;
  readonly counter?: number;
}

export class Passkey {
  readonly #id = randomBytes(16);
  readonly #key: KeyObject;
  readonly #public: KeyObject;
  readonly #origin: string;
  #counter = 0;

  /** `origin` is that of the page that it is used on. */
  constructor(origin: string) {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.#key = privateKey;
    this.#public = publicKey;
    this.#origin = origin;
  }

  /** What the browser sends when the passkey is made: a RegistrationResponseJSON. */
  create({ challenge, rp }: CreationOptions, lies: Lies = {}): object {
    const { x = "", y = "" } = this.#public.export({ format: "jwk" });
    const coordinate = (text: string): Buffer => Buffer.from(text, "base64url");
    const publicKey = map([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, coordinate(x)],
      [-3, coordinate(y)],
    ]);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.#id.length);
    const made = Buffer.concat([Buffer.alloc(16), length, this.#id, publicKey]);
    const authData = Buffer.concat([this.#authenticatorData(rp.id, 0x41), made]);
    const attestationObject = map([
      ["fmt", "none"],
      ["attStmt", emptyMap],
      ["authData", authData],
    ]);
    return this.#response({
      clientDataJSON: this.#clientData("webauthn.create", challenge, lies).toString("base64url"),
      attestationObject: attestationObject.toString("base64url"),
      transports: ["internal"],
    });
  }

  /** What the browser sends when the passkey is used: an AuthenticationResponseJSON. */
  sign({ challenge, rpId }: RequestOptions, lies: Lies = {}): object {
    this.#counter = lies.counter ?? this.#counter + 1;
    const clientData = this.#clientData("webauthn.get", challenge, lies);
    const authenticatorData = this.#authenticatorData(rpId, 0x01);
    const signed = Buffer.concat([authenticatorData, hash("sha256", clientData, "buffer")]);
    return this.#response({
      clientDataJSON: clientData.toString("base64url"),
      authenticatorData: authenticatorData.toString("base64url"),
      signature: createSign("sha256").update(signed).sign(this.#key).toString("base64url"),
    });
  }

  #response(response: object): object {
    const id = this.#id.toString("base64url");
    return { id, rawId: id, type: "public-key", clientExtensionResults: {}, response };
  }

  #clientData(type: string, asked: string, { challenge = asked, origin = this.#origin }: Lies): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }

  #authenticatorData(rpId: string, flags: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.#counter);
    return Buffer.concat([hash("sha256", rpId, "buffer"), Buffer.from([flags]), counter]);
  }
}

type Cbor = string | number | Buffer;
const emptyMap = "an empty map";

/** As much of CBOR (RFC 8949) as this takes. */
function map(entries: readonly (readonly [key: string | number, value: Cbor])[]): Buffer {
  return Buffer.concat([head(5, entries.length), ...entries.flatMap(([key, value]) => [item(key), item(value)])]);
}

function item(value: Cbor): Buffer {
  if (value === emptyMap) return head(5, 0);
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  const bytes = Buffer.from(value as string);
  return Buffer.concat([head(Buffer.isBuffer(value) ? 2 : 3, bytes.length), bytes]);
}

function head(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  if (value < 256) return Buffer.from([(major << 5) | 24, value]);
  const head = Buffer.alloc(3);
  head.writeUInt8((major << 5) | 25);
  head.writeUInt16BE(value, 1);
  return head;
}
