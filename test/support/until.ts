import { setTimeout as sleep } from "node:timers/promises";

/** Whoever looks without a pause keeps the machine from what is waited for. */
const pauseMs = 20;

/** Looks again and again until it is so, for as long as the runner lets a test run. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(pauseMs);
}
