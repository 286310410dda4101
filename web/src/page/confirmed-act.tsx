import { type ReactNode, useEffect } from "react";
import { useMutation } from "@tanstack/react-query";
import { announce } from "../shell/live-region.tsx";
import { Confirm } from "./confirm.tsx";

interface ConfirmedActProps {
  readonly title: string;
  readonly verb: string;
  /** Where given, it has to be typed first. */
  readonly name?: string;
  readonly act: () => Promise<unknown>;
  /** What is said once it is done. */
  readonly done: string;
  /** Brings the page up to date; the question stands until then. */
  readonly onDone: () => Promise<unknown> | void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Asks, does it, says so. The focus goes back to the button that asked, or to the next row where that has gone. */
export function ConfirmedAct({ title, verb, name, act, done, onDone, onClose, children }: ConfirmedActProps) {
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
      {/* Before the question: by its own effect the focus is gone. */}
      <ReturnFocus />
      <Confirm
        title={title}
        verb={verb}
        {...(name !== undefined && { name })}
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

function ReturnFocus() {
  useEffect(() => {
    const opener = document.activeElement;
    const row = opener?.closest("tr");
    const neighbours = [row?.nextElementSibling, row?.previousElementSibling];
    return () => {
      // Once the question has gone from the page: while it is there, the focus is kept in it.
      queueMicrotask(() => {
        const rows = neighbours.filter((neighbour) => neighbour?.isConnected === true);
        const found = [opener, ...rows.map((neighbour) => neighbour?.querySelector("button"))].find(
          (element) => element instanceof HTMLElement && element.isConnected && element !== document.body,
        );
        const last = found ?? document.querySelector("h1");
        if (last instanceof HTMLElement) last.focus();
      });
    };
  }, []);
  return null;
}
