import { type Answer, request } from "../api/request.ts";
import { Notice } from "../page/states.tsx";
import { TestSection } from "../page/test-section.tsx";
import { visible } from "../page/text/visible.ts";

/** Tries whether the provider can be used, and says what it found. */
export function ProviderTest({ name }: { readonly name: string }) {
  return (
    <TestSection verb="Test provider" send={() => request("POST /oidc-providers/{name}/test", { path: { name } })}>
      {(outcome) => <Outcome outcome={outcome} />}
    </TestSection>
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
