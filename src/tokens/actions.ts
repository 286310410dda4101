import { defineAction, type Tx } from "../audit/action.ts";
import { draftEvent, type EventExtras, type Target } from "../audit/event-draft.ts";
import { Refusal } from "../refusal.ts";
import { findToken, getTokenOwner, listTokens, type TokenOwner } from "./queries.ts";
import { rfc3339Micros } from "../time.ts";
import { fingerprint } from "../verifiable-log/fingerprint.ts";
import type { DrawnToken, Token } from "./token.ts";

/** Beyond it, an event tells their number alone. */
const fingerprintsMax = 100;

export type NewToken = DrawnToken & { readonly userId: number };

export const createToken = defineAction({
  async run(tx, token: NewToken) {
    return insertToken(tx, token);
  },
  events: (token) => [tokenCreated(token)],
});

/** Makes a token for somebody else. */
export const createTokenFor = defineAction({
  async run(tx, { owner, token }: { owner: TokenOwner; token: Omit<NewToken, "userId"> }) {
    return insertToken(tx, { ...token, userId: (await getTokenOwner(tx, owner.username)).id });
  },
  events: (token, { owner }) => [tokenCreated(token, { details: { user: owner.username } })],
});

export const renameToken = defineAction({
  async run(tx, { userId, tokenKey, name }: { userId: number; tokenKey: string; name: string }) {
    const token = await getToken(tx, userId, tokenKey);
    await tx.updateTable("token").set({ name }).where("id", "=", token.id).execute();
    return { before: token, after: { ...token, name } };
  },
  events: ({ before, after }) => [
    draftEvent("token.rename", undefined, {
      target: tokenTarget(after),
      details: { name: { old: before.name, new: after.name } },
    }),
  ],
});

export const deleteToken = defineAction({
  async run(tx, input: { userId: number; username: string; tokenKey: string; now: number }) {
    const token = await getToken(tx, input.userId, input.tokenKey);
    await buryTokens(tx, [token], input);
    return token;
  },
  events: (token, input, actor) => {
    const isForeign = actor.user?.id !== token.userId;
    return [
      draftEvent("token.delete", undefined, {
        target: tokenTarget(token),
        ...(isForeign && { details: { user: input.username } }),
      }),
    ];
  },
});

export interface EndedToken {
  readonly tokenKey: string;
  readonly userId: number;
  readonly username: string;
  readonly reason: "deleted" | "expired";
}

/** Somebody signed with a token that has been deleted or has expired, and knew its secret. */
export const refuseToken = defineAction({
  async run(_tx, token: EndedToken) {
    return token;
  },
  events: ({ tokenKey, userId, username, reason }) => [
    draftEvent("token.refuse", undefined, {
      outcome: "failure",
      target: { kind: "token", id: fingerprint(tokenKey), name: "" },
      details: { reason },
      as: { userId, username },
    }),
  ],
});

/** Stores a token as a part of another action; that action's events must hold `tokenCreated`. */
export async function insertToken(tx: Tx, token: NewToken): Promise<Token> {
  const { id } = await tx
    .insertInto("token")
    .values({
      user_id: token.userId,
      name: token.name,
      consumer_key: token.consumerKey,
      token_key: token.tokenKey,
      secret_hash: token.secretHash,
      created: token.created,
      scopes: token.scopes?.join(" ") ?? null,
      expires: token.expires,
      source: token.source,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  const { secretHash: _, ...stored } = token;
  return { ...stored, id };
}

/** The event of a new token. */
export function tokenCreated(token: Token, extras: Pick<EventExtras, "as" | "details"> = {}) {
  const limits = {
    ...(token.scopes !== null && { scopes: token.scopes }),
    ...(token.expires !== null && { expires: rfc3339Micros(token.expires) }),
    ...(token.source !== null && { source: token.source }),
  };
  const details = { ...extras.details, ...limits };
  const target = tokenTarget(token);
  return draftEvent("token.create", undefined, {
    ...extras,
    target,
    ...(Object.keys(details).length > 0 && { details }),
  });
}

/** Deletes every token of a user, as a part of another action. Returns them. */
export async function deleteTokensOf(
  tx: Tx,
  user: { id: number; username: string },
  now: number,
): Promise<readonly Token[]> {
  const tokens = await listTokens(tx, user.id);
  await buryTokens(tx, tokens, { username: user.username, now });
  return tokens;
}

/** What the event of another action says of the tokens that it deleted: how many, and which of them, up to 100. */
export function deletedTokens(tokens: readonly Token[]) {
  const fingerprints = tokens.slice(0, fingerprintsMax).map(({ tokenKey }) => fingerprint(tokenKey));
  return { tokens_deleted: tokens.length, ...(tokens.length > 0 && { tokens: fingerprints }) };
}

/** Deletes the keys by which a user reports events, who is no administrator any more. Returns how many there were. */
export async function deleteReportingTokensOf(
  tx: Tx,
  user: { id: number; username: string },
  now: number,
): Promise<number> {
  const tokens = (await listTokens(tx, user.id)).filter(({ scopes }) => scopes?.includes("events:write"));
  await buryTokens(tx, tokens, { username: user.username, now });
  return tokens.length;
}

async function buryTokens(
  tx: Tx,
  tokens: readonly Token[],
  { username, now }: { username: string; now: number },
): Promise<void> {
  for (const token of tokens) {
    const { secret_hash } = await tx
      .deleteFrom("token")
      .where("id", "=", token.id)
      .returning("secret_hash")
      .executeTakeFirstOrThrow();
    const { tokenKey: token_key, consumerKey: consumer_key, userId: user_id } = token;
    await tx
      .insertInto("deleted_token")
      .values({ token_key, consumer_key, secret_hash, user_id, username, deleted: now })
      .execute();
  }
}

async function getToken(tx: Tx, userId: number, tokenKey: string): Promise<Token> {
  const token = await findToken(tx, userId, tokenKey);
  if (token === undefined) throw noSuchToken();
  return token;
}

/** Says the same of a token that isn't there and of somebody else's. */
export function noSuchToken(): Refusal {
  return new Refusal("not_found", "There is no token with that key here.");
}

function tokenTarget(token: Token): Target {
  return { kind: "token", id: fingerprint(token.tokenKey), name: token.name };
}
