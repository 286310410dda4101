import { Unmet } from "./expectations.ts";
import type { World } from "./world.ts";

/** One line of the compatibility checklist. */
export type Statement = Checked | Outside;

interface Line {
  readonly number: number;
  readonly sentence: string;
}

/** One that a client can find out. `check` must throw {@link Unmet} where the server answers otherwise. */
export interface Checked extends Line {
  check(world: World): Promise<void>;
}

/** One that nobody can find out over HTTP, and why. */
export interface Outside extends Line {
  readonly outside: string;
}

/** Thrown by a check that can't be made where the runner runs: nothing is known about the server then. */
export class NotCheckable extends Error {}

export type Verdict =
  | { readonly state: "ok" }
  | { readonly state: "failed"; readonly expected: string; readonly came: string }
  | { readonly state: "not checkable"; readonly why: string };

/** Checks one statement. What goes wrong on the way, such as a connection that is closed, fails it. */
export async function judge(statement: Statement, world: World): Promise<Verdict> {
  if ("outside" in statement) return { state: "not checkable", why: statement.outside };
  try {
    await statement.check(world);
    return { state: "ok" };
  } catch (error) {
    if (error instanceof NotCheckable) return { state: "not checkable", why: error.message };
    if (error instanceof Unmet) return { state: "failed", expected: error.expected, came: error.came };
    return { state: "failed", expected: "an answer that can be used", came: String(error) };
  }
}
