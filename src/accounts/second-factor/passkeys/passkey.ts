import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "@simplewebauthn/server";
import { findTrusted } from "../../../audit/row-trust.ts";
import type { Database } from "../../../database/database.ts";
import { keepBooks } from "../../../database/writing/bookkeeping.ts";
import type { UsedFactor } from "../factor.ts";
import type { RelyingParty } from "./relying-party.ts";
import { imageOf } from "../../../verifiable-log/row-digest.ts";

// Passkeys (WebAuthn Level 3) as a second factor: the password comes first, so a touch is enough.

/** Loaded when it is first needed: most commands and servers never do. */
const library = async () => import("@simplewebauthn/server");

/** EdDSA, ES256 and RS256, by their COSE numbers: what authenticators have, and every Node that we run on. */
const supportedAlgorithmIDs = [-8, -7, -257];

/** A passkey that was just made. */
export interface NewPasskey {
  readonly rpId: string;
  readonly credentialId: Uint8Array;
  readonly publicKey: Uint8Array;
  /** JSON. */
  readonly transports: string;
}

/** What a browser needs to make a passkey. */
export async function creationOptions(
  db: Database,
  user: { readonly id: number; readonly username: string },
  { party, challenge }: { readonly party: RelyingParty; readonly challenge: string },
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { generateRegistrationOptions } = await library();
  return generateRegistrationOptions({
    rpName: "Ironlog",
    rpID: party.id,
    userName: user.username,
    userID: new TextEncoder().encode(`ironlog user ${user.id}`),
    challenge: Buffer.from(challenge, "base64url"),
    attestationType: "none",
    supportedAlgorithmIDs,
    excludeCredentials: await credentials(db, user.id, party.id),
    authenticatorSelection: { residentKey: "discouraged", userVerification: "preferred" },
  });
}

/** The passkey that a browser has made; undefined where it isn't one, or is for another page or challenge. */
export async function findNewPasskey(
  response: object,
  { party, challenge }: { readonly party: RelyingParty; readonly challenge: string },
): Promise<NewPasskey | undefined> {
  const { verifyRegistrationResponse } = await library();
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      // It comes from anybody: what isn't so is refused below.
      response: response as RegistrationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: [...party.origins],
      expectedRPID: party.id,
      requireUserVerification: false,
      supportedAlgorithmIDs,
    });
    if (!verified) return undefined;
    const { id, publicKey, transports } = registrationInfo.credential;
    const known = (transports ?? []).filter((one) => /^[a-z-]{1,20}$/.test(one)).slice(0, 10);
    return {
      rpId: party.id,
      credentialId: Buffer.from(id, "base64url"),
      publicKey: Buffer.from(publicKey),
      transports: JSON.stringify(known),
    };
  } catch {
    // The library throws an error for each thing that may be wrong; whatever it is, this is no passkey.
    return undefined;
  }
}

/** What a browser needs to use one of a user's passkeys; undefined where there is none for this page. */
export async function requestOptions(
  db: Database,
  userId: number,
  { party, challenge }: { readonly party: RelyingParty | undefined; readonly challenge: string },
): Promise<PublicKeyCredentialRequestOptionsJSON | undefined> {
  if (party === undefined) return undefined;
  const allowCredentials = await credentials(db, userId, party.id);
  if (allowCredentials.length === 0) return undefined;
  const { generateAuthenticationOptions } = await library();
  return generateAuthenticationOptions({
    rpID: party.id,
    allowCredentials,
    challenge: Buffer.from(challenge, "base64url"),
    userVerification: "preferred",
  });
}

/** The passkey of the user that has signed the challenge; undefined where none has. Notes its use. */
export async function findUsedPasskey(
  db: Database,
  userId: number,
  response: object,
  { party, challenge, now }: { readonly party: RelyingParty; readonly challenge: string; readonly now: number },
): Promise<UsedFactor | undefined> {
  if (!("id" in response) || typeof response.id !== "string") return undefined;
  const credentialId = Buffer.from(response.id, "base64url");
  const row = await db
    .selectFrom("passkey")
    .leftJoin("passkey_use", "passkey_use.passkey_id", "passkey.id")
    .select(["id", "name", "public_key", "counter"])
    .where("user_id", "=", userId)
    .where("credential_id", "=", credentialId)
    .where("rp_id", "=", party.id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const publicKey = Buffer.from(row.public_key);
  const known = imageOf({ user_id: userId, public_key: publicKey });
  const trusted = await findTrusted(db, "passkey", row.id, known);
  if (trusted === null || trusted === undefined) return undefined;
  const { verifyAuthenticationResponse } = await library();
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: response as AuthenticationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: [...party.origins],
      expectedRPID: party.id,
      requireUserVerification: false,
      credential: { id: response.id, publicKey: new Uint8Array(publicKey), counter: row.counter ?? 0 },
    });
    if (!verified) return undefined;
    await noteUse(db, { passkey_id: row.id, counter: authenticationInfo.newCounter, last_used: now });
    return { kind: "passkey", id: row.id, name: row.name };
  } catch {
    return undefined;
  }
}

async function noteUse(
  db: Database,
  use: { readonly passkey_id: number; readonly counter: number; readonly last_used: number },
): Promise<void> {
  await keepBooks(db, async (tx) => {
    await tx
      .insertInto("passkey_use")
      .values(use)
      .onConflict((conflict) => conflict.column("passkey_id").doUpdateSet(use))
      .execute();
  });
}

async function credentials(db: Database, userId: number, rpId: string) {
  const rows = await db
    .selectFrom("passkey")
    .select(["credential_id", "transports"])
    .where("user_id", "=", userId)
    .where("rp_id", "=", rpId)
    .orderBy("id")
    .execute();
  return rows.map(({ credential_id, transports }) => ({
    id: Buffer.from(credential_id).toString("base64url"),
    transports: JSON.parse(transports) as string[],
  }));
}
