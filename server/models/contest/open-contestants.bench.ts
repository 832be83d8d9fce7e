import type { ModelEntry } from "#ai/catalogue/catalogue-schema.ts";
import { isPriced } from "#ai/catalogue/cost-of.ts";
import { readCatalogue } from "#ai/catalogue/read-catalogue.ts";
import type { Clock } from "#ai/clock.ts";
import type { VendorBill } from "#ai/providers/contract/serve-vendor.ts";
import { startChild } from "#loadtest/process/start-child.ts";
import { readConfig } from "../../config.ts";
import type { ModelSettings } from "../../config/models.ts";
import type { Log } from "../../log.ts";
import { type Models, openModels } from "../open-models.ts";
import { type Deed, STAND_IN_PROVIDER, toStandInCatalogue } from "./stand-ins.bench.ts";

/** Who takes part, and how they are asked. */
export interface Contestants {
  readonly models: Models;
  readonly entries: readonly ModelEntry[];
  /** Where nobody is configured. */
  readonly standIns?: StandIns;
}

export interface StandIns {
  /** How often they did what. */
  given(): Promise<Readonly<Record<Deed, number>>>;
  bill(): Promise<VendorBill>;
  stop(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Every model of the catalogue whose provider the environment configures, or two stand-ins on loopback. */
export async function openContestants(
  environment: Environment,
  deps: { readonly clock: Clock; readonly log: Log },
): Promise<Contestants> {
  const settings = readConfig(environment).models;
  if (isAnyConfigured(settings)) {
    return withEntries(await openModels({ settings, catalogue: readCatalogue(), ...deps }), deps.clock);
  }
  const child = startChild(new URL("serve-stand-ins.bench.ts", import.meta.url));
  const prefix = STAND_IN_PROVIDER.toUpperCase();
  const baseUrl = `${await child.call<string>("listen")}/v1`;
  const { models: own } = readConfig({ [`${prefix}_API_KEY`]: "a-key", [`${prefix}_BASE_URL`]: baseUrl });
  const catalogue = toStandInCatalogue(readCatalogue());
  return {
    ...withEntries(await openModels({ settings: own, catalogue, ...deps }), deps.clock),
    standIns: {
      given: () => child.call("given"),
      bill: () => child.call("bill"),
      stop: () => child.stop(),
    },
  };
}

const isAnyConfigured = ({ providers, local }: ModelSettings): boolean =>
  local !== undefined || Object.keys(providers).length > 0;

function withEntries(models: Models, clock: Clock): Contestants {
  const entries = models.catalogue.models.filter(
    (entry) => models.available.has(entry.provider) && isPriced(entry, clock.nowMs()),
  );
  return { models, entries };
}
