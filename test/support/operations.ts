import { commandWords } from "../../src/http/maas/operation.ts";
import { nativePath } from "../../src/http/native/operation.ts";
import type { AccessRule } from "../../src/http/authentication/permission.ts";
import { describedOperations } from "../../src/operations.ts";
import { encode, type ParameterPairs } from "./clients/maas-client.ts";

/** An operation as its declaration has it, in either API. */
export interface DeclaredOperation {
  /** As the log and the client name it: `users create`, or `POST /api/v1/users`. */
  readonly name: string;
  readonly api: "maas" | "native";
  /** Whether it only asks, or acts. */
  readonly kind: "query" | "command";
  readonly who: AccessRule["who"];
  readonly scope: AccessRule["scope"];
  /** True of a command that auditors may give. */
  readonly alsoAuditors: boolean;
  /** True of what people of a mirrored MAAS may do. */
  readonly alsoMirrored: boolean;
  /** True of what a session may do before it has given a second factor. */
  readonly withoutFactor: boolean;
  /** True of what takes a second factor that was given lately, whatever it is asked with. */
  readonly needsFreshFactor: boolean;
  readonly method: string;
  /** From the root, with its parameters in braces. */
  readonly path: string;
  readonly op: string | null;
  /** What a success answers; MAAS's differ from case to case, and say so nowhere. */
  readonly status: number | null;
  /** What it takes, but for what its path names. */
  readonly parameters: readonly DeclaredParameter[];
  /** True for MAAS's pages outside its API. */
  readonly isView: boolean;
  /** True where the answer goes on for as long as both sides want. */
  readonly isEndless: boolean;
}

export interface DeclaredParameter {
  readonly name: string;
  /** Why it has no effect; undefined where it has one. */
  readonly ignored: string | undefined;
}

const { maas, native } = await describedOperations("2.9");

/** Every operation, taken from the declarations themselves, so that a new one can't be forgotten. */
export const everyOperation: readonly DeclaredOperation[] = [
  ...maas.map((operation) => ({
    name: commandWords(operation),
    api: "maas" as const,
    kind: operation.does.kind,
    who: operation.who,
    scope: operation.scope,
    alsoAuditors: operation.alsoAuditors === true,
    alsoMirrored: operation.alsoMirrored === true,
    withoutFactor: operation.withoutFactor === true,
    needsFreshFactor: operation.needsFreshFactor === true,
    method: operation.method,
    path: `/MAAS/${operation.path}`,
    op: operation.op,
    status: null,
    parameters: Object.entries(operation.parameters).map(([name, { ignored }]) => ({ name, ignored })),
    isView: operation.resource === null,
    isEndless: false,
  })),
  ...native.map((operation) => ({
    name: `${operation.method} ${nativePath(operation)}`,
    api: "native" as const,
    kind: operation.does.kind,
    who: operation.who,
    scope: operation.scope,
    alsoAuditors: operation.alsoAuditors === true,
    alsoMirrored: operation.alsoMirrored === true,
    withoutFactor: operation.withoutFactor === true,
    needsFreshFactor: operation.needsFreshFactor === true,
    method: operation.method,
    path: nativePath(operation),
    op: null,
    status: operation.answer.status,
    parameters: Object.keys({ ...operation.query?.properties, ...operation.body?.properties }).map((name) => ({
      name,
      ignored: undefined,
    })),
    isView: false,
    isEndless: operation.answer.streams?.includes("text/event-stream") === true,
  })),
];

/** Where to send a request for it: `fill` gives what stands for each parameter of the path. */
export function targetOf(
  { path, op }: Pick<DeclaredOperation, "path" | "op">,
  fill: (name: string) => string,
  query: ParameterPairs = [],
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(fill(name)));
  const all: ParameterPairs = [...(op === null ? [] : [["op", op] as const]), ...query];
  return all.length === 0 ? filled : `${filled}?${encode(all)}`;
}
