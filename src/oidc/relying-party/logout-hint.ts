import { parseCookies } from "../../http/authentication/caller.ts";
import { cookie } from "../../http/authentication/cookies.ts";

/** What a browser keeps for the log-out at the provider: the ID token, by which some providers know whose login ends. */
const hintName = "oidcidtoken";
const hintPath = "/api/v1/session/end";
/** Browsers keep no cookie of more than 4,096 bytes. */
const hintLengthMax = 3_800;

/** The cookie that keeps an ID token where only a log-out sends it: it lets nobody in, but names its owner. */
export function hintCookie(
  idToken: string,
  { isSecure, lifetimeMicros }: { readonly isSecure: boolean; readonly lifetimeMicros: number },
): string {
  const fits = idToken.length <= hintLengthMax && /^[\w.-]+$/.test(idToken);
  const maxAgeSeconds = fits ? Math.floor(lifetimeMicros / 1_000_000) : 0;
  return cookie(hintName, fits ? idToken : "", { isSecure, maxAgeSeconds, isForScripts: false, path: hintPath });
}

/** Takes it back. */
export function endedHintCookie(isSecure: boolean): string {
  return hintCookie("", { isSecure, lifetimeMicros: 0 });
}

/** The ID token in a request's cookies. */
export function findHint(cookies: string | undefined): string | undefined {
  return parseCookies(cookies).get(hintName) || undefined;
}
