import { type ReactNode, useId } from "react";
import ActionButton from "@canonical/react-components/dist/esm/components/ActionButton";
import { useMutation } from "@tanstack/react-query";
import { Failure } from "./states.tsx";

interface TestSectionProps<Done> {
  /** What the button does. */
  readonly verb: string;
  readonly send: () => Promise<Done>;
  readonly onDone?: (done: Done) => void;
  /** What came of it. */
  readonly children: (done: Done) => ReactNode;
}

/** The section of a panel that tries whether what it shows works, and says what came of it. */
export function TestSection<Done>({ verb, send, onDone, children }: TestSectionProps<Done>) {
  const id = useId();
  const test = useMutation({
    mutationFn: send,
    gcTime: 0,
    ...(onDone !== undefined && { onSuccess: onDone }),
  });
  return (
    <section className="ui-section" aria-labelledby={id}>
      <h3 id={id} className="p-muted-heading">
        Test
      </h3>
      <ActionButton type="button" loading={test.isPending} onClick={() => test.mutate()}>
        {verb}
      </ActionButton>
      {test.error !== null && <Failure error={test.error} />}
      {test.data !== undefined && children(test.data)}
    </section>
  );
}
