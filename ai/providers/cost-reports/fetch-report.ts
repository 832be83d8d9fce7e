import type * as z from "zod";
import type { Clock } from "../../clock.ts";
import { faultOfStatus, ProviderError } from "../provider-error.ts";
import { readJson } from "../read-json.ts";

export interface ReportRequest<Answer> {
  readonly provider: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: z.ZodType<Answer>;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

const TIMEOUT_MS = 30_000;

/** What a vendor answers, checked; nothing of it is in an error. Redirects are refused: the key would go along. @throws ProviderError */
export async function fetchReport<Answer>(request: ReportRequest<Answer>): Promise<Answer> {
  const { provider, url, headers, answer, signal, clock } = request;
  const late = new AbortController();
  const cancel = clock.after(TIMEOUT_MS, () => late.abort());
  try {
    const response = await fetch(url, {
      headers,
      redirect: "error",
      signal: AbortSignal.any([signal, late.signal]),
    });
    const text = await response.text();
    const { status } = response;
    if (!response.ok) throw new ProviderError(provider, faultOfStatus(status), { status });
    const read = answer.safeParse(readJson(text));
    if (!read.success) throw new ProviderError(provider, "malformed");
    return read.data;
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    if (signal.aborted) throw new ProviderError(provider, "aborted");
    throw new ProviderError(provider, late.signal.aborted ? "timeout" : "unreachable");
  } finally {
    cancel();
  }
}
