import { defineAction, type Tx } from "../../audit/action.ts";
import { draftEvent, type Target } from "../../audit/event-draft.ts";
import { invalidField, Refusal } from "../../refusal.ts";
import { changeDetails, differences } from "../../audit/differences.ts";
import { defaultDomainId, type Domain } from "./place.ts";
import { type CountedDomain, findDomain, getDomain } from "./place-queries.ts";

export type NewDomain = Omit<Domain, "id">;

export const createDomain = defineAction({
  async run(tx, { name, isAuthoritative, ttlSeconds }: NewDomain): Promise<CountedDomain> {
    await refuseTaken(tx, name);
    const { id } = await tx
      .insertInto("domain")
      .values({ name, authoritative: Number(isAuthoritative), ttl: ttlSeconds })
      .returning("id")
      .executeTakeFirstOrThrow();
    return { id, name, isAuthoritative, ttlSeconds, nodeCount: 0 };
  },
  events: (domain) => [
    draftEvent("domain.create", { name: domain.name }, { target: domainTarget(domain), details: shown(domain) }),
  ],
});

export const updateDomain = defineAction({
  async run(tx, { name, changes }: { name: string; changes: Partial<NewDomain> }) {
    const before = await getDomain(tx, name);
    const after: CountedDomain = { ...before, ...changes };
    if (after.name !== before.name) await refuseTaken(tx, after.name);
    await tx
      .updateTable("domain")
      .set({ name: after.name, authoritative: Number(after.isAuthoritative), ttl: after.ttlSeconds })
      .where("id", "=", before.id)
      .execute();
    return { before, after };
  },
  events: ({ before, after }) => {
    const changes = differences({ name: before.name, ...shown(before) }, { name: after.name, ...shown(after) });
    const facts = { name: after.name, changed: Object.keys(changes) };
    return [draftEvent("domain.update", facts, { target: domainTarget(after), details: changeDetails(changes) })];
  },
});

export const deleteDomain = defineAction({
  async run(tx, { name }: { name: string }) {
    const domain = await getDomain(tx, name);
    if (domain.id === defaultDomainId) {
      throw new Refusal("invalid", "This domain is the default domain, it cannot be deleted.");
    }
    if (domain.nodeCount > 0) {
      throw new Refusal("invalid", `Cannot delete domain '${name}': ${domain.nodeCount} node(s) are still in it.`);
    }
    await tx.deleteFrom("domain").where("id", "=", domain.id).execute();
    return domain;
  },
  events: (domain) => [
    draftEvent("domain.delete", { name: domain.name }, { target: domainTarget(domain), details: shown(domain) }),
  ],
});

function shown({ isAuthoritative, ttlSeconds }: Domain) {
  return { authoritative: isAuthoritative, ttl: ttlSeconds };
}

function domainTarget({ id, name }: Domain): Target {
  return { kind: "domain", id: String(id), name };
}

async function refuseTaken(tx: Tx, name: string): Promise<void> {
  if ((await findDomain(tx, { name })) !== undefined) {
    throw invalidField("name", "Domain with this Name already exists.");
  }
}
