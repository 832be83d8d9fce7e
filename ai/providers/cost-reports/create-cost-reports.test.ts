import { describe, expect, it } from "vitest";
import { createFakeClock } from "../../fake-clock.ts";
import { openVendor, type Vendor } from "../contract/open-vendor.ts";
import type { ProviderError } from "../provider-error.ts";
import { BILLING_PROVIDERS, createCostReports, type BillingProvider } from "./create-cost-reports.ts";

const DAY = "2026-11-21";
const NEXT = "2026-11-22";
const KEY = "admin-key-never-to-be-seen";

type Bucket = readonly [day: string, ...dollars: string[]];

/** How each vendor writes a page of its report. */
const PAGES: Record<BillingProvider, (buckets: readonly Bucket[], next?: string) => object> = {
  anthropic: (buckets, next) => ({
    data: buckets.map(([day, ...dollars]) => ({
      starting_at: `${day}T00:00:00Z`,
      ending_at: "unread",
      results: dollars.map((usd) => ({ currency: "USD", amount: toCents(usd), workspace_id: null })),
    })),
    has_more: next !== undefined,
    next_page: next ?? null,
  }),
  openai: (buckets, next) => ({
    object: "page",
    data: buckets.map(([day, ...dollars]) => ({
      object: "bucket",
      start_time: Date.parse(day) / 1000,
      results: dollars.map((usd) => ({
        object: "organization.costs.result",
        amount: { value: Number(usd), currency: "usd" },
        line_item: null,
      })),
    })),
    has_more: next !== undefined,
    next_page: next ?? null,
  }),
};

/** Two places to the right, as decimals are written. */
const toCents = (usd: string): string => {
  const [whole = "", part = ""] = usd.split(".");
  const digits = part.padEnd(2, "0");
  return `${whole}${digits.slice(0, 2)}.${digits.slice(2)}0`;
};

const BASE: Record<BillingProvider, string> = { anthropic: "", openai: "/v1/" };
const PATH: Record<BillingProvider, string> = {
  anthropic: "/v1/organizations/cost_report",
  openai: "/v1/organization/costs",
};

async function open(provider: BillingProvider) {
  const vendor = await openVendor();
  const clock = createFakeClock();
  const stop = new AbortController();
  const access = { readKey: () => KEY, baseUrl: `${vendor.baseUrl}${BASE[provider]}` };
  const [report, ...others] = createCostReports({ [provider]: access }, clock);
  if (!report || others.length > 0) throw new Error("one report was expected");
  return { vendor, clock, stop, read: async () => await report.readDay(DAY, stop.signal) };
}

function answer(vendor: Vendor, body: unknown, status = 200, headers = {}): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  vendor.play({ type: "reply", response: { status, headers, body: text } });
}

const queryOf = (path: string | undefined) => new URL(path ?? "", "http://vendor").searchParams;

describe.each(BILLING_PROVIDERS)("the cost report of %s", (provider) => {
  const page = PAGES[provider];

  it("is asked for the day, with the administrator's key, and summed to the nano-dollar", async () => {
    const { vendor, read } = await open(provider);
    answer(vendor, page([[DAY, "12.345678901", "0.1"]]));
    expect(await read()).toBe(12_445_678_901);
    const [request] = vendor.received;
    expect(request?.path.split("?")[0]).toBe(PATH[provider]);
    expect(queryOf(request?.path).get("bucket_width")).toBe("1d");
    expect(JSON.stringify(request?.headers)).toContain(KEY);
    expect(request?.path).not.toContain(KEY);
  });

  it("tells a day on which nothing was billed from one it does not know yet", async () => {
    const { vendor, read } = await open(provider);
    answer(vendor, page([[DAY]]));
    expect(await read()).toBe(0);
    answer(vendor, page([]));
    expect(await read()).toBeUndefined();
    answer(vendor, page([[NEXT, "7"]]));
    expect(await read()).toBeUndefined();
  });

  it("counts that day alone, whatever comes along", async () => {
    const { vendor, read } = await open(provider);
    answer(
      vendor,
      page(
        [
          ["2026-11-20", "50"],
          [DAY, "2"],
          [NEXT, "7"],
        ],
        "more",
      ),
    );
    expect(await read()).toBe(2_000_000_000);
    expect(vendor.received).toHaveLength(1);
  });

  it("is read on to the last page", async () => {
    const { vendor, read } = await open(provider);
    answer(vendor, page([[DAY, "2"]], "p2"));
    const first = vendor.nextRequest();
    const total = read();
    await first;
    answer(vendor, page([[DAY, "0.5"]]));
    expect(await total).toBe(2_500_000_000);
    expect(vendor.received.map(({ path }) => queryOf(path).get("page"))).toEqual([null, "p2"]);
  });

  it("is given up when its pages never end", async () => {
    const { vendor, read } = await open(provider);
    answer(vendor, page([[DAY, "1"]], "again"));
    await expect(read()).rejects.toMatchObject({ fault: "malformed" });
    expect(vendor.received).toHaveLength(10);
  });

  it.each([
    ["no JSON", "<html>"],
    ["an error in the guise of success", { error: { message: KEY } }],
    ["no word of further pages", { data: [] }],
    [
      "an amount that is none",
      JSON.stringify(PAGES[provider]([[DAY, "5"]])).replace(/"?5\d*(\.0+)?"?/, '"5 dollars"'),
    ],
    ["another currency", JSON.stringify(PAGES[provider]([[DAY, "5"]])).replace(/usd/i, "EUR")],
  ])("takes %s for an error and for no amount", async (_what, body) => {
    const { vendor, read } = await open(provider);
    answer(vendor, body);
    await expect(read()).rejects.toMatchObject({ provider, fault: "malformed" });
  });

  it("says how it was refused, and nothing of what was said", async () => {
    const { vendor, read } = await open(provider);
    answer(vendor, { error: { message: `bad key ${KEY}` } }, 401);
    const error = await read().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ fault: "auth", status: 401 });
    expect(String(error)).not.toContain(KEY);
  });

  it("takes the key nowhere else when it is redirected", async () => {
    const { vendor, read } = await open(provider);
    const other = await openVendor();
    answer(other, page([[DAY, "1"]]));
    answer(vendor, "", 307, { location: other.baseUrl });
    await expect(read()).rejects.toMatchObject({ fault: "unreachable" });
    expect(other.received).toEqual([]);
  });

  it("is not waited for longer than half a minute, nor once it is not wanted", async () => {
    const { vendor, clock, stop, read } = await open(provider);
    const begin = async () => {
      const asked = vendor.nextRequest();
      const fault = read().catch((error: unknown) => (error as ProviderError).fault);
      await asked;
      return { fault };
    };
    const late = await begin();
    await clock.advance(30_000);
    expect(await late.fault).toBe("timeout");
    const unwanted = await begin();
    stop.abort();
    expect(await unwanted.fault).toBe("aborted");
  });
});

it("OpenAI's amounts may come as texts", async () => {
  const { vendor, read } = await open("openai");
  const body = JSON.stringify(PAGES.openai([[DAY, "12.5"]])).replace("12.5", '"12.50"');
  answer(vendor, body);
  expect(await read()).toBe(12_500_000_000);
});
