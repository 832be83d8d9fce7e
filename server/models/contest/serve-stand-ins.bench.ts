import { chatWire } from "#ai/providers/contract/openai-wire.ts";
import { type Behaviour, serveVendor, type ServedVendor } from "#ai/providers/contract/serve-vendor.ts";
import type { WireRequest } from "#ai/providers/contract/vendor-wire.ts";
import { usualTokens } from "#ai/usual-tokens.ts";
import { readWriterContent } from "#ai/writer/read-content.ts";
import { serveCalls } from "#loadtest/process/serve-calls.ts";
import { createDialogueModel } from "../../cost/dialogue-model.bench.ts";
import { CARELESS, type Deed } from "./stand-ins.bench.ts";

/** A process that sells two models on loopback, both of which write by the offline writer; one does it carelessly. */

/** What the careless one does, by turns: one order is refused, one spoilt twice, one mended, one breaks a rule. */
const DEEDS: readonly Deed[] = ["fine", "refused", "broken", "broken", "broken", "fine", "unfit"];
const DELAY_MS = 20;

const writer = createDialogueModel();
const models = new WeakMap<WireRequest, string>();
const given: Record<Deed, number> = { fine: 0, refused: 0, broken: 0, unfit: 0 };
let carelessRequests = 0;
let vendor: ServedVendor | undefined;

/** The wire, which also notes which model was asked for. */
const wire: typeof chatWire = {
  ...chatWire,
  readRequest(path, body) {
    const request = chatWire.readRequest(path, body);
    models.set(request, (body as { model: string }).model);
    return request;
  },
};

function nextDeed(request: WireRequest): Deed {
  if (models.get(request) !== CARELESS) return "fine";
  return DEEDS[carelessRequests++ % DEEDS.length] as Deed;
}

function behave(request: WireRequest, index: number): Behaviour {
  const deed = nextDeed(request);
  given[deed]++;
  const text = toText(request, deed, `${models.get(request)}/${index}`);
  const said = request.messages.reduce((sum, message) => sum + message.text, request.system);
  const usage = {
    uncachedInputTokens: Math.ceil(usualTokens(said)),
    cachedInputTokens: 0,
    cacheWriteTokens: { "5m": 0, "1h": 0 },
    outputTokens: Math.ceil(usualTokens(text)),
    thinkingTokens: 0,
  };
  const stop = deed === "refused" ? ("refused" as const) : ("complete" as const);
  return { type: "answer", answer: { texts: [text], stop, usage } };
}

function toText({ system, messages: [question] }: WireRequest, deed: Deed, seed: string): string {
  if (deed === "refused") return "";
  if (deed === "broken") return "Sure, here is the chat you asked for!";
  const asked = question?.text ?? "";
  const lines = writer
    .write(asked, `${system}\n${asked}`, seed)
    .map(({ slot, text, sentiment }) => ({ slot, text, sentiment }));
  const last = lines.at(-1);
  if (deed === "unfit" && last) last.text += " #chat";
  return JSON.stringify({ messages: lines });
}

serveCalls({
  async listen(): Promise<string> {
    // Reading takes a tenth of a second, which is not the first answer's.
    readWriterContent();
    vendor = await serveVendor({ wire, behave, delayMs: DELAY_MS });
    return vendor.baseUrl;
  },
  given: () => given,
  bill: () => vendor?.bill(),
});
