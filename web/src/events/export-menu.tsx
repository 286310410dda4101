import { useMutation } from "@tanstack/react-query";
import { apiUrl, request } from "../api/request.ts";
import { Menu, MenuItem } from "../page/menu.tsx";
import { messageOf } from "../page/states.tsx";
import { copyText } from "../page/text/copy.tsx";
import { announce } from "../shell/live-region.tsx";
import { exportCommand, exportCurl } from "./export-commands.ts";

const kinds = ["csv", "jsonl", "evidence"] as const;
type Kind = (typeof kinds)[number];

const kindWords: Readonly<Record<Kind, string>> = {
  csv: "CSV",
  jsonl: "JSON Lines",
  evidence: "Evidence bundle",
};

interface ExportMenuProps {
  readonly query: URLSearchParams;
}

/** Saves all that matches as a file, or gives the command that does. */
export function ExportMenu({ query }: ExportMenuProps) {
  return <Menu label="Export">{(close) => <ExportItems query={query} onDone={close} />}</Menu>;
}

function ExportItems({ query, onDone }: ExportMenuProps & { readonly onDone: () => void }) {
  // The server's exports know no words.
  const isRefused = query.has("text");
  const { mutate, error } = useMutation({
    // A refusal would be saved as a file.
    mutationFn: async (kind: Kind) => {
      await request("GET /session");
      return kind;
    },
    onSuccess(kind) {
      const wanted = new URLSearchParams(query);
      if (kind !== "evidence") wanted.set("format", kind);
      // The browser streams it, whatever its size.
      const link = document.createElement("a");
      link.href = apiUrl(kind === "evidence" ? "/events/evidence" : "/events/export", { query: wanted });
      link.download = "";
      link.click();
      announce("The export has begun.");
      onDone();
    },
    onError: (error) => announce(messageOf(error)),
  });
  const commands = [
    { words: "ironlog command", text: exportCommand(query, "export") },
    { words: "curl command", text: exportCurl(query, "export") },
    { words: "ironlog command for the bundle", text: exportCommand(query, "evidence") },
    { words: "curl command for the bundle", text: exportCurl(query, "evidence") },
  ];
  const copy = async (words: string, text: string): Promise<void> => {
    const isCopied = await copyText(text);
    announce(isCopied ? `Copied the ${words}.` : "Your browser doesn't let pages copy.");
    onDone();
  };
  return (
    <>
      {kinds.map((kind) => (
        <MenuItem key={kind} isDisabled={isRefused} onAct={() => mutate(kind)}>
          {kindWords[kind]}
        </MenuItem>
      ))}
      {commands.map(({ words, text }) => (
        <MenuItem key={words} isDisabled={isRefused} onAct={() => void copy(words, text)}>
          Copy {words}
        </MenuItem>
      ))}
      <span className={`ui-menu-note ${error === null ? "u-text--muted" : ""}`}>
        {isRefused
          ? "Exports can't search for words. Remove the words from the filter first."
          : error === null
            ? "This export is recorded in the log."
            : messageOf(error)}
      </span>
    </>
  );
}
