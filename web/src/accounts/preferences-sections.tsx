import { Sections } from "../page/sections.tsx";

const links = [
  { to: "/account/prefs/details", words: "Details" },
  { to: "/account/prefs/sessions", words: "Sessions" },
  { to: "/account/prefs/second-factor", words: "Second factor" },
  { to: "/account/prefs/api-keys", words: "API keys" },
  { to: "/account/prefs/ssh-keys", words: "SSH keys" },
  { to: "/account/prefs/ssl-keys", words: "SSL keys" },
] as const;

/** What belongs to whoever is logged in. */
export function PreferencesSections() {
  return <Sections label="My preferences" links={links} />;
}
