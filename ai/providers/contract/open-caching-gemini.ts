import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { frame, toCandidate, toError } from "./gemini-wire.ts";

interface Content {
  readonly role?: string;
  readonly parts: readonly { readonly text: string }[];
}

/** A request for an answer, or an order to keep a beginning. */
export interface GeminiBody {
  readonly model?: string;
  readonly ttl?: string;
  readonly contents?: readonly Content[];
  readonly systemInstruction?: Content;
  readonly cachedContent?: string;
}

export interface CachingGemini {
  readonly baseUrl: string;
  /** Orders and calls as they came, with the version of the interface they came by. */
  readonly orders: readonly GeminiBody[];
  readonly calls: readonly (GeminiBody & { readonly version: string })[];
  /** What each order comes to, by the vendor's count. */
  readonly orderTokens: readonly number[];
  /** Orders are answered with this status, or not yet. */
  answerOrders(how: 200 | 400 | 429 | "later"): void;
  /** Loses all that was kept, and answers what names it with this status. */
  loseAll(status: 400 | 403 | 404): void;
  /** Answers every call with a 400. */
  refuseCalls(): void;
}

const textsOf = ({ systemInstruction, contents = [] }: GeminiBody): string =>
  [systemInstruction, ...contents]
    .flatMap((content) => content?.parts.map(({ text }) => text) ?? [])
    .join("");

/**
 * Google on loopback, keeping the beginnings it is told to: written from the SDK's types and the documentation of
 * caches. It counts a token for every byte, and takes no system prompt beside what it keeps.
 */
export async function openCachingGemini(): Promise<CachingGemini> {
  const orders: GeminiBody[] = [];
  const calls: (GeminiBody & { version: string })[] = [];
  const orderTokens: number[] = [];
  const kept = new Map<string, number>();
  const held: (() => void)[] = [];
  let how: 200 | 400 | 429 | "later" = 200;
  let lostStatus = 403;
  let isRefusing = false;

  const order = async (body: GeminiBody) => {
    orders.push(body);
    if (how === "later") await new Promise<void>((resolve) => held.push(resolve));
    if (how !== 200 && how !== "later") return { status: how, body: toError(how) };
    const name = `cachedContents/kept-${orders.length}`;
    const totalTokenCount = Buffer.byteLength(textsOf(body));
    kept.set(name, totalTokenCount);
    orderTokens.push(totalTokenCount);
    return { status: 200, body: { name, model: body.model, usageMetadata: { totalTokenCount } } };
  };

  const answer = (body: GeminiBody, version: string) => {
    calls.push({ ...body, version });
    const cached = body.cachedContent === undefined ? 0 : kept.get(body.cachedContent);
    if (cached === undefined) return { status: lostStatus, body: toError(lostStatus) };
    const isWrong = cached > 0 && (body.systemInstruction || version !== "v1beta");
    if (isRefusing || isWrong) return { status: 400, body: toError(400) };
    const usageMetadata = {
      promptTokenCount: cached + Buffer.byteLength(textsOf(body)),
      cachedContentTokenCount: cached,
      candidatesTokenCount: 2,
    };
    return { status: 200, body: { candidates: [toCandidate("Yes.", "STOP")], usageMetadata } };
  };

  const reply = async (url: string, body: GeminiBody, response: ServerResponse) => {
    const [, version = "", resource = ""] = url.split("/");
    const { status, body: said } = resource === "cachedContents" ? await order(body) : answer(body, version);
    const streams = status === 200 && url.endsWith("alt=sse");
    response
      .writeHead(status, { "content-type": streams ? "text/event-stream" : "application/json" })
      .end(streams ? frame(said) : JSON.stringify(said));
  };

  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (piece: string) => (text += piece));
    request.on("end", () => void reply(request.url ?? "", JSON.parse(text) as GeminiBody, response));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    orders,
    calls,
    orderTokens,
    answerOrders(next) {
      how = next;
      for (const release of held.splice(0)) release();
    },
    loseAll(status) {
      kept.clear();
      lostStatus = status;
    },
    refuseCalls: () => void (isRefusing = true),
  };
}
