import { useQuery } from "@tanstack/react-query";
import { useRouterState } from "@tanstack/react-router";
import { visible } from "../page/text/visible.ts";
import { identitiesQuery } from "./identities-query.ts";
import { signInQuery } from "./sign-in-query.ts";

/** The providers that know whoever is logged in, and that ask them anew who they are. The page is there again afterwards. */
export function LoginAgain() {
  const identities = useQuery(identitiesQuery).data?.items ?? [];
  const providers = useQuery(signInQuery).data?.providers ?? [];
  const redirectTo = useRouterState({ select: ({ location }) => location.pathname + location.searchStr });
  const query = new URLSearchParams({ again: "1", redirectTo }).toString();
  const known = providers.filter(({ name }) => identities.some(({ provider }) => provider === name));
  if (known.length === 0) return <p>Log out, and log in again the same way.</p>;
  return (
    <>
      <p>Your provider vouches for you here: show it again who you are, and then do this once more.</p>
      {known.map(({ name, title, path }) => (
        <a key={name} className="p-button--positive" href={`${path}?${query}`}>
          Log in again with {visible(title)}
        </a>
      ))}
    </>
  );
}
