/** Why a provider let nobody in, as docs/api/sign-in.md lists it. */
const sentences: Readonly<Record<string, string>> = {
  expired: "This login took too long, was used already, or began in another browser. Try again.",
  refused: "The provider didn't let you in, or you cancelled.",
  away: "The provider can't be reached. Try again later.",
  answer: "The provider's answer can't be trusted. An administrator finds the reason in the audit log.",
  stale: "The provider didn't ask you anew who you are. Log out there, and log in again.",
  unknown: "No account here is linked to you at the provider. Ask an administrator to link yours.",
  taken: "An account with your username is here already. Ask an administrator to link it.",
  name: "The provider gives no username that can be used here. Ask an administrator.",
  inactive: "Your account is deactivated.",
  not_allowed: "The provider doesn't say that you may use Ironlog.",
  linked: "Your account, or you at the provider, is linked to another one. Ask an administrator.",
  changed: "Something was changed behind Ironlog's back, so nobody is let in. Tell an administrator.",
  closed: "This provider is disabled.",
  secret: "The provider's client secret can't be read. An administrator must enter it again.",
  busy: "Too many failed logins from this address. Try again in a minute.",
};

/** The sentence for what stands in an address; undefined for nothing. Anybody may have put it there: unknown words say little. */
export function failureSentence(reason: string | undefined): string | undefined {
  if (reason === undefined) return undefined;
  return Object.hasOwn(sentences, reason) ? sentences[reason] : "The login through the provider failed. Try again.";
}
