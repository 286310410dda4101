import { queryOptions } from "@tanstack/react-query";
import { type Item, request } from "../../api/request.ts";
import { queryClient } from "../../query-client.ts";
import { sessionQuery } from "../session.ts";

/** A second factor of one's own. */
export type Factor = Item<"GET /account/second-factor">;

export const factorsQuery = queryOptions({
  queryKey: ["account", "second-factor"],
  queryFn: ({ signal }) => request("GET /account/second-factor", { signal }),
});

/** Reads again what a change of factors may have changed: what is wanted of one is among it. */
export async function refreshFactors(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: factorsQuery.queryKey });
  await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
}

export function factorKind({ kind }: Factor): string {
  return kind === "totp" ? "App" : "Passkey";
}

type Json = Readonly<Record<string, unknown>>;

/** Has the browser make a passkey, by what the server gave for it. */
export async function createPasskey(options: Json): Promise<Json> {
  // The server gives what the library of the browser takes: both are WebAuthn's own JSON.
  const { startRegistration } = await import("@simplewebauthn/browser");
  const optionsJSON = options as unknown as Parameters<typeof startRegistration>[0]["optionsJSON"];
  return toJson(await orSayWhy(startRegistration({ optionsJSON }), "made"));
}

/** Has the browser use one. */
export async function signByPasskey(options: Json): Promise<Json> {
  const { startAuthentication } = await import("@simplewebauthn/browser");
  const optionsJSON = options as unknown as Parameters<typeof startAuthentication>[0]["optionsJSON"];
  return toJson(await orSayWhy(startAuthentication({ optionsJSON }), "used"));
}

function toJson(value: object): Json {
  return { ...value };
}

/** Browsers say little of why: people have mostly closed the question, or let it wait. */
async function orSayWhy<Result>(act: Promise<Result>, verb: string): Promise<Result> {
  try {
    return await act;
  } catch (error) {
    const isThere = error instanceof Error && error.name === "InvalidStateError";
    const sentence = isThere
      ? "This passkey was added before: choose another one."
      : `The passkey was not ${verb}: try again.`;
    throw new Error(sentence, { cause: error });
  }
}
