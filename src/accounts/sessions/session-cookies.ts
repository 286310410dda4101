import { cookie, csrfCookie, sessionCookie } from "../../http/authentication/cookies.ts";
import { csrfToken } from "./session.ts";

/** What a browser keeps of a login: the session, and the token that its scripts send back. */
export function sessionCookies(
  sessionId: string,
  { isSecure, lifetimeMicros }: { readonly isSecure: boolean; readonly lifetimeMicros: number },
): readonly string[] {
  const maxAgeSeconds = Math.floor(lifetimeMicros / 1_000_000);
  return [
    cookie(sessionCookie, sessionId, { isSecure, maxAgeSeconds, isForScripts: false }),
    cookie(csrfCookie, csrfToken(sessionId), { isSecure, maxAgeSeconds, isForScripts: true }),
  ];
}

/** Takes both back. */
export function endedCookies(isSecure: boolean): readonly string[] {
  return [
    cookie(sessionCookie, "", { isSecure, maxAgeSeconds: 0, isForScripts: false }),
    cookie(csrfCookie, "", { isSecure, maxAgeSeconds: 0, isForScripts: true }),
  ];
}
