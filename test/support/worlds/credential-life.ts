import assert from "node:assert/strict";
import { hashSessionId, sessionFingerprint } from "../../../src/accounts/sessions/session.ts";
import { type Answer, freshAddress } from "../clients/http-client.ts";
import {
  bearer,
  eventsSince,
  type NativeClient,
  newestEventId,
  sessionClient,
  tryLogIn,
} from "../clients/native-client.ts";
import { newApiKey } from "./people.ts";
import { fingerprintOf, freshName } from "./world.ts";

// Acts that begin and end sessions and API keys, against a model of which exist.

/** A session or an API key, and how the log names it. */
export interface HeldCredential {
  readonly kind: "session" | "token";
  readonly name: string;
  readonly client: NativeClient;
  /** What paths name an API key by. */
  readonly tokenKey?: string;
}

interface Member {
  readonly username: string;
  readonly from: string;
  password: string;
  /** Those that exist. */
  held: readonly HeldCredential[];
}

/** Three members who log in and out, make keys, lose them, and are refused. */
export class CredentialLife {
  readonly ended: HeldCredential[] = [];
  readonly #place: { url: string };
  readonly #root: NativeClient;
  readonly #members: Member[] = [];
  #passwords = 0;

  constructor(url: string, rootKey: string) {
    this.#place = { url };
    this.#root = bearer(this.#place, rootKey);
  }

  get existing(): readonly HeldCredential[] {
    return this.#members.flatMap(({ held }) => held);
  }

  /** The log goes on elsewhere. */
  moveTo(url: string): void {
    this.#place.url = url;
  }

  /** Has the member of that number do something, and holds what its events name against who acted. */
  async carryOut(act: LifeAct, number: number, choice: number): Promise<void> {
    const member = (this.#members[number] ??= await this.#join());
    if (member.held.length === 0) await this.#logIn(member);
    const acting = pick(member.held, choice);
    assert.ok(acting !== undefined);
    const before = await newestEventId(this.#root);
    const named = await lifeActs[act](this, member, acting, choice);
    for (const { action, username, session, key } of await eventsSince(this.#root, before)) {
      if (username !== member.username) continue;
      const expected = [named?.kind === "session" ? named.name : null, named?.kind === "token" ? named.name : null];
      assert.deepEqual([action, session, key], [action, ...expected], act);
    }
    if (act === "is deleted") this.#members[number] = await this.#join();
  }

  async #join(): Promise<Member> {
    const [username, password] = [freshName("member"), this.newPassword()];
    await this.asRoot(201, "POST", "users", { username, password, email: `${username}@example.com` });
    return { username, password, from: freshAddress(), held: [] };
  }

  async #logIn(member: Member, beside?: HeldCredential): Promise<HeldCredential> {
    const { username, password } = member;
    const answer =
      beside === undefined
        ? await tryLogIn(this.#place, member, { api: "native", from: member.from })
        : await beside.client.ask("POST", "session", { username, password });
    checkStatus(answer, 200);
    const sessionId = answer.cookie("sessionid") ?? "";
    const client = sessionClient(this.#place, sessionId, answer.cookie("csrftoken") ?? "", member.from);
    const credential = { kind: "session", name: sessionFingerprint(hashSessionId(sessionId)), client } as const;
    member.held = [...member.held, credential];
    return credential;
  }

  logIn(member: Member, beside: HeldCredential): Promise<HeldCredential> {
    return this.#logIn(member, beside.kind === "session" ? beside : undefined);
  }

  async makeKeyByPassword(member: Member): Promise<void> {
    this.holdKey(member, await newApiKey(this.#place, member, member.from));
  }

  holdKey(member: Member, apiKey: string): void {
    const client = bearer(this.#place, apiKey, member.from);
    const [, tokenKey = ""] = apiKey.split(":");
    member.held = [...member.held, { kind: "token", name: fingerprintOf({ apiKey }), client, tokenKey }];
  }

  newPassword(): string {
    this.#passwords += 1;
    return `a long password ${this.#passwords}`;
  }

  async asRoot(status: number, ...ask: Parameters<NativeClient["ask"]>): Promise<void> {
    checkStatus(await this.#root.ask(...ask), status);
  }

  end(member: Member, isEnded: (one: HeldCredential) => boolean): void {
    this.ended.push(...member.held.filter(isEnded));
    member.held = member.held.filter((one) => !isEnded(one));
  }
}

/** Something that `member` does by `acting`, or that is done to them. Gives what their events must name; undefined for none. */
type Act = (
  life: CredentialLife,
  member: Member,
  acting: HeldCredential,
  choice: number,
) => Promise<HeldCredential | undefined>;

const isSession = ({ kind }: HeldCredential): boolean => kind === "session";

export const lifeActs = {
  "logs in": async (life, member, acting) => life.logIn(member, acting),
  "logs out": async (life, member, acting) => {
    if (acting.kind !== "session") return undefined;
    await by(acting, 204, "DELETE", "session");
    life.end(member, (one) => one === acting);
    return acting;
  },
  "ends other sessions": async (life, member, acting) => {
    await by(acting, 204, "DELETE", "sessions?except=current");
    life.end(member, (one) => isSession(one) && one !== acting);
    return acting;
  },
  "ends all sessions": async (life, member, acting) => {
    await by(acting, 204, "DELETE", "sessions");
    life.end(member, isSession);
    return acting;
  },
  "changes the password": async (life, member, acting, choice) => {
    const [password, endsKeys] = [life.newPassword(), choice % 2 === 0];
    const body = { old_password: member.password, new_password: password, end_tokens: endsKeys };
    await by(acting, 204, "PUT", "account/password", body);
    member.password = password;
    life.end(member, (one) => endsKeys || isSession(one));
    return acting;
  },
  "has the password reset": async (life, member) => {
    member.password = life.newPassword();
    await life.asRoot(204, "PUT", `users/${member.username}/password`, { new_password: member.password });
    life.end(member, () => true);
    return undefined;
  },
  "makes a key": async (life, member, acting) => {
    const made = await by(acting, 201, "POST", "account/tokens", {});
    life.holdKey(member, made.json<{ readonly api_key: string }>().api_key);
    return acting;
  },
  "makes a key by password": async (life, member) => {
    await life.makeKeyByPassword(member);
    return undefined;
  },
  "deletes a key": async (life, member, acting, choice) => {
    const keys = member.held.filter((one) => !isSession(one));
    const key = isSession(acting) ? pick(keys, choice) : acting;
    if (key === undefined) return undefined;
    await by(acting, 204, "DELETE", `account/tokens/${key.tokenKey ?? ""}`);
    life.end(member, (one) => one === key);
    return acting;
  },
  "is refused": async (_life, _member, acting) => {
    await by(acting, 403, "GET", "users/admin/sessions");
    return acting;
  },
  "uses what has ended": async (life, _member, _acting, choice) => {
    const ended = pick(life.ended, choice);
    if (ended !== undefined) checkStatus(await ended.client.ask("GET", "account"), 401);
    return undefined;
  },
  "is deactivated and activated": async (life, member) => {
    for (const active of [false, true]) {
      await life.asRoot(200, "PATCH", `users/${member.username}`, { is_active: active });
    }
    life.end(member, () => true);
    return undefined;
  },
  "is deleted": async (life, member) => {
    await life.asRoot(204, "DELETE", `users/${member.username}`);
    life.end(member, () => true);
    return undefined;
  },
} as const satisfies Readonly<Record<string, Act>>;

export type LifeAct = keyof typeof lifeActs;

async function by(acting: HeldCredential, status: number, ...ask: Parameters<NativeClient["ask"]>): Promise<Answer> {
  const answer = await acting.client.ask(...ask);
  checkStatus(answer, status);
  return answer;
}

function checkStatus(answer: Answer, status: number): void {
  assert.equal(answer.status, status, answer.text);
}

function pick<One>(from: readonly One[], choice: number): One | undefined {
  return from[choice % Math.max(1, from.length)];
}
