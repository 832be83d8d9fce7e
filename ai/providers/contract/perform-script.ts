import type { IncomingMessage, ServerResponse } from "node:http";
import type { WireResponse } from "./vendor-wire.ts";

/** What a vendor on loopback does with a request. */
export type Script =
  | { readonly type: "reply"; readonly response: WireResponse }
  /** Sends the frames, then ends as told; `stall` keeps the connection open and silent. */
  | {
      readonly type: "stream";
      readonly frames: readonly string[];
      readonly ending: "end" | "reset" | "stall";
    }
  /** Sends headers that promise more than the body, then resets. */
  | { readonly type: "torn"; readonly body: string }
  | { readonly type: "silence" };

/** The JSON of a request; undefined where there is none. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  let body = "";
  for await (const text of request.setEncoding("utf8")) body += String(text);
  return body === "" ? undefined : (JSON.parse(body) as unknown);
}

export async function perform(script: Script, response: ServerResponse): Promise<void> {
  if (script.type === "silence") return;
  if (script.type === "reply") {
    const { status, headers, body } = script.response;
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
    return;
  }
  if (script.type === "torn") {
    const length = Buffer.byteLength(script.body) + 100;
    response.writeHead(200, { "content-type": "application/json", "content-length": length });
    await new Promise((resolve) => response.write(script.body, resolve));
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  // Each frame on its own, so that the adapter sees them come.
  for (const frame of script.frames) await new Promise((resolve) => response.write(frame, resolve));
  if (script.ending === "end") response.end();
  if (script.ending === "reset") response.socket?.resetAndDestroy();
}
