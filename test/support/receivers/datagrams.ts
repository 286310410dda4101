import { createSocket } from "node:dgram";
import { once } from "node:events";

/** Takes datagrams on a free port of this machine. */
export interface DatagramReceiver extends AsyncDisposable {
  readonly port: number;
  readonly messages: string[];
}

export async function startDatagramReceiver(): Promise<DatagramReceiver> {
  const socket = createSocket("udp4");
  const messages: string[] = [];
  socket.on("message", (message) => messages.push(message.toString()));
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return { port: socket.address().port, messages, [Symbol.asyncDispose]: () => socket[Symbol.asyncDispose]() };
}
