import { defineAction, type Tx } from "../audit/action.ts";
import { draftEvent, type EventExtras, type Target } from "../audit/event-draft.ts";
import { Refusal } from "../refusal.ts";
import { type DeletedToken, findToken, listTokens } from "./queries.ts";
import { type DrawnToken, fingerprint, type Token } from "./token.ts";

export type NewToken = DrawnToken & { readonly userId: number };

export const createToken = defineAction({
  async run(tx, token: NewToken) {
    return insertToken(tx, token);
  },
  events: (token) => [tokenCreated(token)],
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
  events: (token) => [draftEvent("token.delete", undefined, { target: tokenTarget(token) })],
});

/** Somebody signed with a token that has been deleted, and knew its secret. */
export const refuseToken = defineAction({
  async run(_tx, token: DeletedToken) {
    return token;
  },
  events: (token) => [
    draftEvent("token.refuse", undefined, {
      outcome: "failure",
      target: { kind: "token", id: fingerprint(token.tokenKey), name: "" },
      as: { userId: token.userId, username: token.username },
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
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  const { secretHash: _, ...stored } = token;
  return { ...stored, id };
}

/** The event of a new token. */
export function tokenCreated(token: Token, extras: Pick<EventExtras, "as"> = {}) {
  return draftEvent("token.create", undefined, { ...extras, target: tokenTarget(token) });
}

/** Deletes every token of a user who is about to be deleted. Returns how many there were. */
export async function deleteTokensOf(tx: Tx, user: { id: number; username: string }, now: number): Promise<number> {
  const tokens = await listTokens(tx, user.id);
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
  return new Refusal("not_found", "You have no token with that key.");
}

function tokenTarget(token: Token): Target {
  return { kind: "token", id: fingerprint(token.tokenKey), name: token.name };
}
