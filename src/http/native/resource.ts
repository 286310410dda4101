import { type Static, type TObject, Type } from "typebox";
import type { Action } from "../../audit/action.ts";
import type { AccessRule } from "../authentication/permission.ts";
import type { Call } from "../operations/operation.ts";
import type { BodySize } from "../request/request-body.ts";
import { listOf, nativeList } from "./list.ts";
import { nativeOperation, type NativeOperation, type NativeRequest } from "./operation.ts";

type AnyCall = Pick<Call<unknown>, "db" | "actor" | "now">;

/** Things of one kind that are listed, read, created and deleted. */
export interface NativeResource<Item, Body extends TObject, Given, Created, Gone, Removed>
  extends AccessRule, BodySize {
  /** Below `/api/v1`; one of them is at `{path}/{id}`. */
  readonly path: string;
  /** In the operations' ids: `SslKey` makes `listSslKeys`, `createSslKey`, `readSslKey` and `deleteSslKey`. */
  readonly id: string;
  /** In the summaries: `an SSL key`, `your SSL keys`. */
  readonly one: string;
  readonly many: string;
  readonly schema: TObject;
  readonly body: Body;
  shown(item: Item): object;
  list(call: AnyCall): Promise<readonly Item[]>;
  /** Refuses with `not_found` or `forbidden`. */
  get(call: AnyCall, id: string | undefined): Promise<Item>;
  readonly create: {
    readonly action: Action<Given, Created>;
    input(call: Call<NativeRequest<object, Static<Body>>>): Promise<Given>;
    created(result: Created): Item;
  };
  readonly remove: {
    readonly action: Action<Gone, Removed>;
    input(call: AnyCall, id: string | undefined): Promise<Gone>;
  };
}

/** The four operations of such things. */
export function nativeResource<Item, Body extends TObject, Given, Created, Gone, Removed>(
  resource: NativeResource<Item, Body, Given, Created, Gone, Removed>,
): readonly NativeOperation[] {
  const { path, id, one, many, schema, body, shown, list, get, create, remove, ...shared } = resource;
  const onePath = `${path}/{id}`;
  const { hasLargeBody: _, ...access } = shared;
  return [
    nativeOperation({
      ...access,
      path,
      method: "GET",
      id: `list${id}s`,
      summary: `List ${many}`,
      answer: { status: 200, description: "Oldest first.", schema: listOf(schema) },
      does: ({ query }) =>
        query(async (call) => ({ status: 200, body: nativeList((await list(call)).map((item) => shown(item))) })),
    }),
    nativeOperation({
      ...shared,
      path,
      method: "POST",
      id: `create${id}`,
      summary: `Add ${one}`,
      body,
      answer: { status: 201, description: "What was added.", schema },
      does: ({ command }) =>
        command({
          action: create.action,
          input: (call) => create.input(call as Call<NativeRequest<object, Static<Body>>>),
          output: (result) => ({ status: 201, body: shown(create.created(result)) }),
        }),
    }),
    nativeOperation({
      ...access,
      path: onePath,
      method: "GET",
      id: `read${id}`,
      summary: `Read ${one}`,
      answer: { status: 200, description: "As it is.", schema },
      does: ({ query }) =>
        query(async (call) => ({ status: 200, body: shown(await get(call, call.request.path["id"])) })),
    }),
    nativeOperation({
      ...access,
      path: onePath,
      method: "DELETE",
      id: `delete${id}`,
      summary: `Delete ${one}`,
      answer: { status: 204, description: "It is gone." },
      does: ({ command }) =>
        command({
          action: remove.action,
          input: (call) => remove.input(call, call.request.path["id"]),
          output: () => ({ status: 204 }),
        }),
    }),
  ];
}

/** A body whose members are these, and no others. */
export function bodyOf<Properties extends Parameters<typeof Type.Object>[0]>(properties: Properties) {
  return Type.Object(properties, { additionalProperties: false });
}
