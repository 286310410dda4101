import Button from "@canonical/react-components/dist/esm/components/Button";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { type Item, request } from "../api/request.ts";
import { FieldList, type FieldPair, MaybeTime } from "../page/field-list.tsx";
import { Failure, Notice } from "../page/states.tsx";
import { visible } from "../page/text/visible.ts";
import { failureSentence } from "./failures.ts";
import { identitiesQuery } from "./identities-query.ts";
import { signInQuery } from "./sign-in-query.ts";

/** Who somebody is at sign-in providers, and how to be somebody there. Nothing where there are none. */
export function IdentitiesSection() {
  const { failed } = useSearch({ strict: false });
  const identities = useQuery(identitiesQuery).data?.items;
  const { data: signIns } = useQuery(signInQuery);
  const { mutate, isPending, error } = useMutation({
    mutationFn: (provider: string) => request("POST /account/identities", { body: { provider } }),
    gcTime: 0,
    onSuccess: ({ url }) => location.assign(url),
  });
  if (identities === undefined || signIns === undefined) return null;
  const missing = signIns.providers.filter(({ name }) => !identities.some(({ provider }) => provider === name));
  if (identities.length === 0 && missing.length === 0) return null;
  const failure = failureSentence(failed);
  return (
    <section className="ui-form u-sv2" aria-labelledby="identities">
      <h2 className="p-heading--5" id="identities">
        Sign-in providers
      </h2>
      {failure !== undefined && <Notice severity="negative" title={failure} />}
      {error !== null && <Failure error={error} />}
      {identities.length > 0 && <Identities identities={identities} titles={signIns.providers} />}
      {missing.map(({ name, title }) => (
        <Button key={name} disabled={isPending} onClick={() => mutate(name)}>
          Link my account to {visible(title)}
        </Button>
      ))}
      {identities.length > 0 && <p className="u-text--muted">An administrator takes a link back.</p>}
    </section>
  );
}

interface IdentitiesProps {
  readonly identities: readonly Item<"GET /account/identities">[];
  readonly titles: readonly { readonly name: string; readonly title: string }[];
}

function Identities({ identities, titles }: IdentitiesProps) {
  const fields = identities.map(({ provider, subject, last_login: lastLogin }): FieldPair => {
    const title = titles.find(({ name }) => name === provider)?.title ?? provider;
    return [
      visible(title),
      <span key={provider}>
        <span className="ui-mono">{visible(subject)}</span>, last login <MaybeTime value={lastLogin} none="never" />
      </span>,
    ];
  });
  return <FieldList fields={fields} />;
}
