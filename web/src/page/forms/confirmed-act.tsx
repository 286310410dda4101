import type { ReactNode } from "react";
import { useMutation } from "@tanstack/react-query";
import { announce } from "../../shell/live-region.tsx";
import { Confirm } from "./confirm.tsx";
import { ReturnFocus } from "../return-focus.tsx";

interface ConfirmedActProps {
  readonly title: string;
  readonly verb: string;
  /** Where given, it has to be typed first. */
  readonly name?: string;
  /** False while something is still to be said. */
  readonly isReady?: boolean;
  /** Positive where nothing is lost by it. */
  readonly appearance?: "positive" | "negative";
  readonly act: () => Promise<unknown>;
  /** What is said once it is done. */
  readonly done: string;
  /** Brings the page up to date; the question stands until then. */
  readonly onDone: () => Promise<unknown> | void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Asks, does it, says so. */
export function ConfirmedAct(props: ConfirmedActProps) {
  const { title, verb, name, isReady = true, appearance = "negative", act, done, onDone, onClose, children } = props;
  const { mutate, isPending, error } = useMutation({
    mutationFn: act,
    gcTime: 0,
    onSuccess: async () => {
      await onDone();
      announce(done);
      onClose();
    },
  });
  return (
    <>
      <ReturnFocus />
      <Confirm
        title={title}
        verb={verb}
        {...(name !== undefined && { name })}
        isReady={isReady}
        appearance={appearance}
        isPending={isPending}
        error={error}
        onConfirm={() => mutate()}
        onClose={onClose}
      >
        {children}
      </Confirm>
    </>
  );
}
