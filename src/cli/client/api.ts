/** What a server can do for the profile's user, by the names of the command line. A profile keeps it. */
export interface Api {
  /** Fingerprint of the description this was made of; the server repeats it with each answer. */
  readonly hash: string | null;
  readonly resources: Readonly<Record<string, ResourceCommand>>;
}

/** A resource, such as `events`, with all that may be done to it. */
export interface ResourceCommand {
  readonly name: string;
  readonly doc: string;
  readonly operations: Readonly<Record<string, OperationCommand>>;
}

/** One operation, such as `query`, and how to ask for it. */
export interface OperationCommand {
  readonly name: string;
  readonly method: string;
  /** `null` for what the method alone says (read, create, update, delete). */
  readonly op: string | null;
  readonly doc: string;
  /** The names in the path's braces, in the order of the command's words. */
  readonly params: readonly string[];
  /** From the root of the host, such as `/MAAS/api/2.0/users/{username}/`. */
  readonly path: string;
}

/** The member of that name, or `undefined`: `constructor` is none. */
export function findByName<Thing>(things: Readonly<Record<string, Thing>>, name: string): Thing | undefined {
  return Object.hasOwn(things, name) ? things[name] : undefined;
}
