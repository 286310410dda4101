// What browsers bring for digests, for tests: a page on plain HTTP has no Web Crypto, and older browsers' lacks Ed25519.

const real = globalThis.crypto;

const withoutEd25519 = {
  subtle: {
    digest: (name: string, bytes: BufferSource) => real.subtle.digest(name, bytes),
    importKey: () => Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError")),
  },
};

const offered: Readonly<Record<string, unknown>> = {
  "a browser with Web Crypto": real,
  "a browser whose Web Crypto lacks Ed25519": withoutEd25519,
  "a page on plain HTTP": {},
};

export const browsers = Object.keys(offered);

/** Does the work as that browser would. One at a time. */
export async function inBrowser<Result>(browser: string, work: () => Promise<Result>): Promise<Result> {
  Object.defineProperty(globalThis, "crypto", { value: offered[browser], configurable: true });
  try {
    return await work();
  } finally {
    Object.defineProperty(globalThis, "crypto", { value: real, configurable: true });
  }
}
