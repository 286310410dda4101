import type { Action } from "../../../src/audit/action.ts";
import type { Actor } from "../../../src/audit/actor.ts";
import { perform } from "../../../src/audit/perform.ts";
import type { Database } from "../../../src/database/database.ts";
import { type DatabaseWorld, databaseWorld } from "../../support/worlds/database-world.ts";

/** An action at work: what has to be there before, and the act itself. */
export interface ActionExample {
  /** The exported value, so that the completeness test can tell that it's this one. */
  readonly action: unknown;
  /** Makes a world in an empty database; the function returned acts in it, without a statement of its own before. */
  prepare(db: Database): Promise<() => Promise<unknown>>;
}

/** Who acts, and with what. */
export type Act<Input> = readonly [Actor, Input];

/** An example in the world of ada, bob and his token. */
export function example<Input, Result>(
  action: Action<Input, Result>,
  act: (world: DatabaseWorld) => Act<Input> | Promise<Act<Input>>,
): ActionExample {
  return {
    action,
    async prepare(db) {
      const [actor, input] = await act(await databaseWorld(db));
      return () => perform(db, actor, action, input);
    },
  };
}
