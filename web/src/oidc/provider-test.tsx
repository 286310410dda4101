import { useId } from "react";
import ActionButton from "@canonical/react-components/dist/esm/components/ActionButton";
import { useMutation } from "@tanstack/react-query";
import { type Answer, request } from "../api/request.ts";
import { Failure, Notice } from "../page/states.tsx";
import { visible } from "../page/text/visible.ts";

/** Tries whether the provider can be used, and says what it found. */
export function ProviderTest({ name }: { readonly name: string }) {
  const id = useId();
  const test = useMutation({
    mutationFn: () => request("POST /oidc-providers/{name}/test", { path: { name } }),
    gcTime: 0,
  });
  return (
    <section className="ui-section" aria-labelledby={id}>
      <h3 id={id} className="p-muted-heading">
        Test
      </h3>
      <ActionButton type="button" loading={test.isPending} onClick={() => test.mutate()}>
        Test provider
      </ActionButton>
      {test.error !== null && <Failure error={test.error} />}
      {test.data !== undefined && <Outcome outcome={test.data} />}
    </section>
  );
}

function Outcome({ outcome }: { readonly outcome: Answer<"POST /oidc-providers/{name}/test"> }) {
  const { is_usable: isUsable, problems, notes } = outcome;
  const sentences = [...problems, ...notes];
  return (
    <Notice
      severity={isUsable ? "positive" : "negative"}
      title={isUsable ? "The provider can be used." : "The provider can't be used."}
      takesFocus
    >
      {sentences.length > 0 && (
        <ul className="u-no-margin--bottom">
          {sentences.map((sentence) => (
            <li key={sentence}>{visible(sentence)}</li>
          ))}
        </ul>
      )}
    </Notice>
  );
}
