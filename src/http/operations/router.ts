/** What a router needs to know of an operation. */
export interface Routable {
  /** With parameters in braces: `users/{username}/`. */
  readonly path: string;
  readonly method: string;
}

/** All operations that share a path, and what the path says. */
export interface Route<Operation extends Routable> {
  readonly operations: readonly Operation[];
  readonly path: Readonly<Record<string, string>>;
}

interface Pattern<Operation extends Routable> {
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly operations: readonly Operation[];
}

/** Finds the operations of a path. Knows nothing of slashes at the end: they are a part of the path. */
export class Router<Operation extends Routable> {
  readonly #fixed = new Map<string, Route<Operation>>();
  readonly #patterns: readonly Pattern<Operation>[];

  constructor(operations: readonly Operation[]) {
    const patterns: Pattern<Operation>[] = [];
    for (const [path, own] of Map.groupBy(operations, (operation) => operation.path)) {
      const names = pathParameters(path);
      if (names.length === 0) this.#fixed.set(path, { operations: own, path: {} });
      else patterns.push({ pattern: pathPattern(path), names, operations: own });
    }
    this.#patterns = patterns;
  }

  /** `path` as it was sent. Undefined if nothing is there, or if it isn't percent-encoded UTF-8. */
  find(path: string): Route<Operation> | undefined {
    const fixed = this.#fixed.get(path);
    if (fixed !== undefined) return fixed;
    for (const { pattern, names, operations } of this.#patterns) {
      const match = pattern.exec(path);
      if (match === null) continue;
      const values = match.slice(1).map(findDecoded);
      if (values.includes(undefined)) return undefined;
      return { operations, path: Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""])) };
    }
    return undefined;
  }
}

/** The methods of a route, in the order in which they are declared. */
export function allowedMethods(route: Route<Routable>): readonly string[] {
  return [...new Set(route.operations.map(({ method }) => method))];
}

export function pathParameters(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
}

function pathPattern(path: string): RegExp {
  const escaped = path.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\{\w+\}/g, "([^/]+)")}$`);
}

function findDecoded(text: string): string | undefined {
  try {
    const decoded = decodeURIComponent(text);
    return decoded.isWellFormed() && !decoded.includes("\0") ? decoded : undefined;
  } catch {
    return undefined;
  }
}
