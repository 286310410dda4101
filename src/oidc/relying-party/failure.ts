/** Why somebody couldn't sign in: the login page has a sentence for each. */
export type FailureReason =
  /** The attempt took too long, was used up, or began in another browser. */
  | "expired"
  /** The provider said no, or the person did. */
  | "refused"
  | "away"
  /** What the provider answered can't be trusted. */
  | "answer"
  /** It was to ask anew who somebody is, and didn't. */
  | "stale"
  /** Nobody here is linked to the identity. */
  | "unknown"
  /** An account of that name is there, and nobody has linked it. */
  | "taken"
  /** The claim for the username is missing, or no username. */
  | "name"
  | "inactive"
  /** The claim is missing that lets people in. */
  | "not_allowed"
  /** A row isn't what the log committed to. */
  | "changed"
  /** There is no such provider, or it is disabled. */
  | "closed"
  /** The client's secret can't be opened with the keys there are. */
  | "secret"
  /** Somebody else is linked to the identity, or the account to another one. */
  | "linked"
  | "busy";

/** Where somebody is told of it. */
type ToldAt = "/login" | "/account/prefs/details";

/** An attempt that came to nothing; what it says is for the diagnostics and the log. */
export class SignInFailure extends Error {
  override readonly name = "SignInFailure";
  readonly reason: FailureReason;
  toldAt: ToldAt = "/login";

  constructor(reason: FailureReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
