/** Who acts, and from where. Made by whoever checked the credentials; an action only reads it. */
export interface Actor {
  /** Null where nobody with an account here is logged in: an anonymous request, a local command, the machine itself. */
  readonly user: ActingUser | null;
  /** Who acts without an account here, since a mirrored MAAS vouches for them. */
  readonly mirrored?: MirroredPerson;
  readonly origin: RequestOrigin;
  /** What the user showed. An action gets it only if it still exists when the action runs. */
  readonly credential?: Credential;
  /** True for an action whose user showed a session or an API key that has ended since. */
  readonly hasCredentialEnded?: true;
  /** Who ran it, where it is a local command or the server itself. */
  readonly osUser?: string;
}

export interface ActingUser {
  readonly id: number;
  readonly username: string;
  readonly isSuperuser: boolean;
  /** Set for one who reads everything and changes nothing but their own account. */
  readonly isAuditor?: boolean;
  /** Who they are at mirrored MAASes. */
  readonly linked?: readonly LinkedPerson[];
}

/** A person of a mirrored MAAS by the id that they have there. */
export interface LinkedPerson {
  /** The source's name. */
  readonly realm: string;
  /** How often the source was set back: the same id is another person in another generation. */
  readonly generation: number;
  readonly realmUserId: number;
}

/**
 * A person of a mirrored MAAS. They read events and do nothing else. Names change there; whoever has the id of somebody who was
 * deleted is nobody else's heir, since MAAS gives no id twice.
 */
export interface MirroredPerson extends Omit<LinkedPerson, "realmUserId"> {
  /** Their id there; null where only their MAAS's word is known that they are an administrator. */
  readonly realmUserId: number | null;
  readonly username: string;
  /** Whether they read all of their MAAS, as its administrators do. */
  readonly readsRealm: boolean;
}

/** The same where their id is known. */
export type KnownPerson = MirroredPerson & Pick<LinkedPerson, "realmUserId">;

/** Who reads events. */
export type Viewer = ActingUser | MirroredPerson;

/** What tells one viewer from all others. */
export function viewerKey(viewer: Viewer): string {
  if (!("realm" in viewer)) return String(viewer.id);
  const { realm, generation, realmUserId, username } = viewer;
  return `${realm}/${generation}/${realmUserId ?? `administrator ${username}`}`;
}

/** Whether somebody reads what is others': administrators and auditors do. */
export function readsAll(user: Pick<ActingUser, "isSuperuser" | "isAuditor"> | null): boolean {
  return user !== null && (user.isSuperuser || user.isAuditor === true);
}

/** `fingerprint` is what events show of it. */
export type Credential = (
  | { readonly kind: "session"; readonly id: number }
  | { readonly kind: "token"; readonly tokenKey: string }
) & { readonly fingerprint: string };

export interface RequestOrigin {
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** `UI`: by session or login form. `API`: by token. `CLI`: a local command or the server itself. */
  readonly endpoint: "UI" | "API" | "CLI";
  readonly traceId: string | null;
  /** The chain of proxies as the trusted one sent it. */
  readonly forwarded: string | null;
}

/** The actor of local commands and of the server's own acts: no user, but the operating system's name for whoever ran it. */
export function machineActor(osUser: string): Actor {
  return {
    user: null,
    origin: { ip: null, userAgent: null, endpoint: "CLI", traceId: null, forwarded: null },
    osUser,
  };
}
