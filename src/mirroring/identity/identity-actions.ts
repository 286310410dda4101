import { deleteRealmSessions } from "../../accounts/sessions/realm-sessions.ts";
import { sessionFingerprint } from "../../accounts/sessions/session.ts";
import { insertSession, type OpenedSession } from "../../accounts/sessions/session-actions.ts";
import { defineAction } from "../../audit/action.ts";
import { type KnownPerson, viewerKey } from "../../audit/actor.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import type { Source } from "../sources/source.ts";
import { sourceTarget } from "../sources/source-actions.ts";
import { getSource } from "../sources/source-queries.ts";

/** Why a key of a mirrored MAAS lets nobody in. */
export type KeyFault =
  /** That MAAS doesn't know it. */
  | "refused"
  /** It is the key of somebody who is deactivated there. */
  | "deactivated"
  /** That MAAS's database doesn't know the person whom the MAAS names. */
  | "unknown"
  /** Who has it can't be told for lack of a grant, and they are no administrator. */
  | "hidden";

/** Records that somebody came with a key of a mirrored MAAS and wasn't let in. */
export const recordKeyFailure = defineAction({
  async run(_tx, failure: { readonly source: Source; readonly fault: KeyFault; readonly username: string | null }) {
    return failure;
  },
  events: ({ source, fault, username }) => [
    draftEvent(
      "auth.key.failure",
      { name: source.name },
      {
        outcome: "failure",
        target: sourceTarget(source),
        details: { reason: fault, ...(username !== null && { username }) },
      },
    ),
  ],
});

/** A session of somebody for whom their MAAS has just vouched. */
export interface NewRealmSession {
  readonly person: KnownPerson;
  readonly session: OpenedSession;
}

/** Logs in a person of a mirrored MAAS. */
export const openRealmSession = defineAction({
  async run(tx, given: NewRealmSession) {
    const { realm, realmUserId: realm_user_id } = given.person;
    await insertSession(tx, { realm, realm_user_id }, given.session);
    return given;
  },
  events: ({ person, session }) => [
    draftEvent(
      "auth.login",
      { username: person.username },
      {
        as: { realm: person },
        target: { kind: "user", id: viewerKey(person), name: person.username },
        session: sessionFingerprint(session.tokenHash),
      },
    ),
  ],
});

/** Ends the sessions of all people of a source. */
export const endRealmSessions = defineAction({
  async run(tx, { name }: { readonly name: string }) {
    const source = await getSource(tx, name);
    return { source, ended: await deleteRealmSessions(tx, name) };
  },
  events: ({ source, ended }) => [
    draftEvent(
      "session.end",
      { username: `people of MAAS ${source.name}`, ended },
      { target: sourceTarget(source), details: { sessions_ended: ended } },
    ),
  ],
});
