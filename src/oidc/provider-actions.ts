import { defineAction, type Tx } from "../audit/action.ts";
import { differences } from "../audit/differences.ts";
import { draftEvent } from "../audit/event-draft.ts";
import { Refusal } from "../refusal.ts";
import type { SealedSecret } from "../secrets/secrets.ts";
import { refuseLockout } from "../settings/password-login.ts";
import type { Provider, ProviderChanges, ProviderSettings } from "./provider.ts";
import { refuseContradictions } from "./provider.ts";
import { getProvider } from "./provider-queries.ts";

export interface NewProvider {
  readonly uuid: string;
  readonly settings: ProviderSettings;
  readonly secret: SealedSecret;
  /** Microseconds. */
  readonly now: number;
}

export const createProvider = defineAction({
  async run(tx, { uuid, settings, secret, now }: NewProvider) {
    refuseContradictions(settings);
    await refuseTakenName(tx, settings.name);
    const { id } = await tx
      .insertInto("oidc_provider")
      .values({ ...rowOf(settings), uuid, client_secret: secret && Buffer.from(secret), created: now, updated: now })
      .returning("id")
      .executeTakeFirstOrThrow();
    return { ...settings, id, uuid, hasSecret: secret !== null, created: now, updated: now } satisfies Provider;
  },
  events: (provider) => [
    draftEvent(
      "provider.create",
      { name: provider.name },
      {
        target: providerTarget(provider),
        details: { ...shownSettings(provider), has_client_secret: provider.hasSecret },
      },
    ),
  ],
});

export interface ProviderUpdate {
  readonly name: string;
  readonly changes: ProviderChanges;
  /** Undefined where it stays. */
  readonly secret: SealedSecret | undefined;
  /** Microseconds. */
  readonly now: number;
}

/** Changes a provider. One that is disabled lets nobody in, and whoever came in through it is logged out. */
export const updateProvider = defineAction({
  async run(tx, { name, changes, secret, now }: ProviderUpdate) {
    const before = await getProvider(tx, name);
    const after: Provider = {
      ...before,
      ...changes,
      hasSecret: secret === undefined ? before.hasSecret : secret !== null,
      updated: now,
    };
    refuseContradictions(after);
    await tx
      .updateTable("oidc_provider")
      .set({
        ...rowOf(after),
        updated: now,
        ...(secret !== undefined && { client_secret: secret && Buffer.from(secret) }),
      })
      .where("id", "=", before.id)
      .execute();
    const isDisabled = before.isEnabled && !after.isEnabled;
    const ended = isDisabled ? await endSessionsThrough(tx, before.id) : 0;
    await refuseLockout(tx);
    return { before, after, isSecretNew: secret !== undefined, ended };
  },
  events({ before, after, isSecretNew, ended }) {
    const values = differences(shownSettings(before), shownSettings(after));
    const changed = [...Object.keys(values), ...(isSecretNew ? ["client_secret"] : [])];
    const details = { changed, ...values, ...(ended > 0 && { sessions_ended: ended }) };
    return [draftEvent("provider.update", { name: after.name, changed }, { target: providerTarget(after), details })];
  },
});

/** Deletes a provider, with all links to it and the sessions that were opened through it. */
export const deleteProvider = defineAction({
  async run(tx, { name }: { name: string }) {
    const provider = await getProvider(tx, name);
    const ended = await endSessionsThrough(tx, provider.id);
    const gone = await tx.deleteFrom("oidc_identity").where("provider_id", "=", provider.id).executeTakeFirst();
    await tx.deleteFrom("oidc_provider").where("id", "=", provider.id).execute();
    await refuseLockout(tx);
    return { provider, ended, identities: Number(gone.numDeletedRows) };
  },
  events: ({ provider, ended, identities }) => [
    draftEvent(
      "provider.delete",
      { name: provider.name },
      {
        target: providerTarget(provider),
        details: { issuer: provider.issuer, identities_deleted: identities, sessions_ended: ended },
      },
    ),
  ],
});

async function endSessionsThrough(tx: Tx, providerId: number): Promise<number> {
  const identities = tx.selectFrom("oidc_identity").select("id").where("provider_id", "=", providerId);
  const gone = await tx.deleteFrom("session").where("identity_id", "in", identities).executeTakeFirst();
  return Number(gone.numDeletedRows);
}

async function refuseTakenName(tx: Tx, name: string): Promise<void> {
  const taken = await tx.selectFrom("oidc_provider").select("id").where("name", "=", name).executeTakeFirst();
  if (taken === undefined) return;
  const message = "A sign-in provider with that name already exists.";
  throw new Refusal("conflict", message, { fields: { name: [message] } });
}

function providerTarget({ id, name }: Provider) {
  return { kind: "provider", id: String(id), name };
}

/** A provider's settings by the names that people know, without its secret. */
export function shownSettings(provider: ProviderSettings) {
  return {
    title: provider.title,
    issuer: provider.issuer,
    client_id: provider.clientId,
    scopes: provider.scopes,
    accounts: provider.accounts,
    username_claim: provider.usernameClaim,
    role_claim: provider.roleClaim,
    administrator_value: provider.administratorValue,
    auditor_value: provider.auditorValue,
    required_claim: provider.requiredClaim,
    required_value: provider.requiredValue,
    is_enabled: provider.isEnabled,
  };
}

function rowOf(settings: ProviderSettings) {
  const { is_enabled, ...shown } = shownSettings(settings);
  return { ...shown, name: settings.name, is_enabled: Number(is_enabled) };
}
