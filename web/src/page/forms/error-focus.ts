import { useEffect, useRef } from "react";

/** Leads whoever sent a form to what is to be mended, or to what hindered it. Gives what to call with the form that is sent. */
export function useErrorFocus(error: unknown): (form: HTMLFormElement) => void {
  const element = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const form = element.current;
    if (error === undefined || form === null) return;
    const notice = "[class^=p-notification--]";
    const place =
      form.querySelector<HTMLElement>("[aria-invalid=true]") ??
      form.querySelector<HTMLElement>(notice) ??
      form.parentElement?.querySelector<HTMLElement>(`:scope > ${notice}`);
    place?.focus();
  }, [error]);
  return (form) => {
    element.current = form;
  };
}
