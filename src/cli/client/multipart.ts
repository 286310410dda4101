import type { Argument } from "./operation-arguments.ts";

/** The arguments as multipart/form-data (RFC 7578). A file is an upload whose file name is its key, as in MAAS's client. */
export function encodeMultipart(pairs: readonly Argument[]): { contentType: string; body: Buffer } {
  const parts = pairs.map((pair) => ({ head: Buffer.from(headOf(pair)), content: Buffer.from(pair.value) }));
  const boundary = boundaryOutside(parts.map(({ content }) => content));
  const chunks = parts.flatMap(({ head, content }) => [Buffer.from(`--${boundary}\r\n`), head, content, lineEnd]);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

const lineEnd = Buffer.from("\r\n");

function headOf({ key, kind }: Argument): string {
  const name = quote(key);
  const disposition = `Content-Disposition: form-data; name="${name}"`;
  if (kind === "text") return `${disposition}\r\n\r\n`;
  return `${disposition}; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
}

/** A name as browsers write it there (WHATWG HTML, multipart/form-data encoding algorithm). */
function quote(name: string): string {
  return name.replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll('"', "%22");
}

/** A line that occurs in none of the contents. */
function boundaryOutside(contents: readonly Buffer[]): string {
  for (;;) {
    const boundary = `ironlog-${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`;
    if (contents.every((content) => !content.includes(boundary))) return boundary;
  }
}
