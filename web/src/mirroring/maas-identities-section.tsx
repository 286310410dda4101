import { useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Item, request } from "../api/request.ts";
import { signInQuery } from "../oidc/sign-in-query.ts";
import { Failure } from "../page/states.tsx";
import { Time } from "../page/text/time.tsx";
import { visible } from "../page/text/visible.ts";
import { announce } from "../shell/live-region.tsx";
import { MaasKeyForm } from "./maas-key-form.tsx";

const maasIdentitiesQuery = queryOptions({
  queryKey: ["maas-identities"],
  queryFn: ({ signal }) => request("GET /account/maas-identities", { signal }),
});

/** Who somebody is at mirrored MAASes, and how to be somebody there. Nothing where there are none. */
export function MaasIdentitiesSection() {
  const queryClient = useQueryClient();
  const identities = useQuery(maasIdentitiesQuery).data?.items;
  const { data: signIns } = useQuery(signInQuery);
  const [isLinking, setLinking] = useState(false);
  if (identities === undefined || signIns === undefined) return null;
  if (identities.length === 0 && !signIns.has_maas_keys) return null;
  const changed = (sentence: string): void => {
    announce(sentence);
    void queryClient.invalidateQueries({ queryKey: maasIdentitiesQuery.queryKey });
    void queryClient.invalidateQueries({ queryKey: ["events"] });
  };
  return (
    <section className="ui-form u-sv2" aria-labelledby="maas-identities">
      <h2 className="p-heading--5" id="maas-identities">
        Mirrored MAASes
      </h2>
      <p className="u-text--muted">
        An account that is linked to who you are there shows your own events of that MAAS, too.
      </p>
      {identities.length > 0 && <Identities identities={identities} onChanged={changed} />}
      {isLinking ? (
        <MaasKeyForm
          label="Link my account"
          send={(body) => request("POST /account/maas-identities", { body })}
          onDone={({ source, username }) => {
            setLinking(false);
            changed(`Linked your account to ${username} of MAAS ${source}.`);
          }}
          onCancel={() => setLinking(false)}
        />
      ) : (
        <Button onClick={() => setLinking(true)}>Link my account to a MAAS</Button>
      )}
    </section>
  );
}

interface IdentitiesProps {
  readonly identities: readonly Item<"GET /account/maas-identities">[];
  readonly onChanged: (sentence: string) => void;
}

function Identities({ identities, onChanged }: IdentitiesProps) {
  const { mutate, isPending, error } = useMutation({
    mutationFn: ({ id }: Item<"GET /account/maas-identities">) =>
      request("DELETE /account/maas-identities/{id}", { path: { id } }),
    onSuccess: (_done, { source }) => onChanged(`Unlinked your account from MAAS ${source}.`),
  });
  return (
    <>
      {error !== null && <Failure error={error} />}
      <dl className="ui-fields">
        {identities.map((identity) => (
          <div key={identity.id} className="ui-fields__pair">
            <dt>MAAS {visible(identity.source)}</dt>
            <dd>
              {visible(identity.username)}, linked <Time value={identity.created} />{" "}
              <Button
                appearance="link"
                className="u-no-margin--bottom"
                disabled={isPending}
                onClick={() => mutate(identity)}
              >
                Unlink from MAAS {visible(identity.source)}
              </Button>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
