import { visible } from "../../../terminal/visible.ts";
import { BatchRefused, ReceiverGone, RetryLater } from "../receiver.ts";
import type { HttpAnswer } from "./http-client.ts";

/** What a receiver said is shown up to here. */
const shownCharsMax = 300;

/**
 * The error that an answer outside of 2xx is. What is wrong with the destination is worth trying again, since an administrator
 * mends it; what is wrong with the events isn't. `said` is what the receiver gives as the reason.
 */
export function statusFailure({ status, headers, place }: HttpAnswer, said: string, now: number): Error {
  const answered = `${place} answered ${status}${shownReason(said)}`;
  if (status === 410) return new ReceiverGone(`${answered}: it wants no events any more.`);
  if (status === 429 || [502, 503, 504].includes(status)) {
    return new RetryLater(`${answered}: it can't take events now.`, retryAfterMs(headers["retry-after"], now));
  }
  if (status >= 300 && status < 400) {
    return new Error(`${answered}, a redirect, which isn't followed: give the address that it leads to.`);
  }
  if (status === 401) return new Error(`${answered}: it doesn't take the credentials. Enter new ones.`);
  if (status === 403) return new Error(`${answered}: the credentials don't allow to send events. Extend them there.`);
  if (status === 404 || status === 405) return new Error(`${answered}: check the path of the address.`);
  if (status === 407) return new Error(`${answered}: the proxy wants a user and a password in its address.`);
  if (status === 408 || status >= 500 || status < 400) return new Error(`${answered}: it failed.`);
  return new BatchRefused(`${answered}.`);
}

/** Whether the receiver took what was sent. */
export function isTaken({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300;
}

/** What a receiver gives as its reason, as people may see it: one line, not long. */
export function shownText(said: unknown): string {
  if (typeof said !== "string") return "";
  const line = visible(said.replaceAll(/\s+/g, " ").trim());
  return line.length <= shownCharsMax ? line : `${line.slice(0, shownCharsMax)}…`;
}

function shownReason(said: string): string {
  const shown = shownText(said);
  return shown === "" ? "" : ` (${shown})`;
}

/** Seconds, or a date (RFC 9110, section 10.2.3); undefined for anything else. */
function retryAfterMs(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
