import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import {
  CatalogueFile,
  CENSORSHIPS,
  type ModelEntry,
  type ProviderLimits,
  SPEEDS,
} from "./catalogue-schema.ts";
import type { ProviderName } from "../providers/create-model.ts";

/** The catalogue cannot be used; the message says what is wrong with it. */
export class CatalogueError extends Error {}

/** What a task asks of a model, and of which. */
export interface TaskPlan {
  /** In the order in which they are asked. */
  readonly targets: readonly ModelEntry[];
  readonly outputTokens: number;
  readonly temperature?: number | undefined;
  readonly effort?: "low" | "medium" | "high" | undefined;
}

/** A list of providers, or a column of the catalogue, best first. */
export type ChainOrder = readonly ProviderName[] | "speed" | "censorship";

export interface ChainWish {
  /** Providers that have a key. */
  readonly available: ReadonlySet<ProviderName>;
  /** Takes the place of the catalogue's own order, but not of a task's. */
  readonly order?: ChainOrder | undefined;
  /** Takes the place of both: what an experiment tries out. */
  readonly trial?: ChainOrder | undefined;
}

export interface Catalogue {
  /** What it was made of. */
  readonly file: CatalogueFile;
  readonly models: readonly ModelEntry[];
  /** @throws CatalogueError for a model that is not in the catalogue: nothing is guessed. */
  model(provider: string, id: string): ModelEntry;
  /** How many calls a provider gets. */
  limits(provider: ProviderName): ProviderLimits;
  /** Which models a task may use, none where no provider has a key. */
  plan(task: string, wish: ChainWish): TaskPlan;
}

/** The catalogue in `models.yaml`. @throws CatalogueError naming what is wrong */
export function readCatalogue(file = path.join(import.meta.dirname, "models.yaml")): Catalogue {
  try {
    return toCatalogue(parse(readFileSync(file, "utf8")));
  } catch (cause) {
    if (cause instanceof CatalogueError) throw cause;
    throw new CatalogueError(`the model catalogue ${path.basename(file)} cannot be used`, { cause });
  }
}

/** Checks a catalogue as written. @throws CatalogueError or a schema's error */
export function toCatalogue(written: unknown): Catalogue {
  return createCatalogue(CatalogueFile.parse(written));
}

/** @throws CatalogueError where the parts of it do not fit together */
export function createCatalogue(file: CatalogueFile): Catalogue {
  const { models, chain, tasks, providers } = file;
  const byName = new Map<string, ModelEntry>();
  for (const entry of models) {
    const name = `${entry.provider} ${entry.id}`;
    if (byName.has(name)) throw new CatalogueError(`${name} stands twice`);
    checkTiers(entry);
    byName.set(name, entry);
  }
  const model = (provider: string, id: string): ModelEntry => {
    const entry = byName.get(`${provider} ${id}`);
    if (!entry) throw new CatalogueError(`${provider} has no model ${id} in the catalogue`);
    return entry;
  };
  for (const { models: wanted } of Object.values(tasks)) {
    for (const [provider, id] of Object.entries(wanted ?? {})) model(provider, id);
  }
  return {
    file,
    models,
    model,
    limits: (provider) => providers[provider],
    plan(task, { available, order, trial }) {
      const own = tasks[task];
      const usual = tasks.default;
      const wanted = { ...usual.models, ...own?.models };
      const targets = Object.entries(wanted)
        .filter(([provider]) => available.has(provider as ProviderName))
        .map(([provider, id]) => model(provider, id));
      return {
        targets: sortTargets(targets, trial ?? own?.chain ?? order ?? chain),
        outputTokens: own?.outputTokens ?? usual.outputTokens,
        temperature: own?.temperature ?? usual.temperature,
        effort: own?.effort ?? usual.effort,
      };
    },
  };
}

function checkTiers({ id, prices }: ModelEntry): void {
  for (const price of prices) {
    if (!("tiers" in price)) continue;
    const limits = price.tiers.map(({ upTo }) => upTo ?? Number.POSITIVE_INFINITY);
    const rises = limits.every((limit, at) => at === 0 || limit > (limits[at - 1] ?? 0));
    if (!rises || limits.at(-1) !== Number.POSITIVE_INFINITY) {
      throw new CatalogueError(`the price tiers of ${id} must rise, the last without a limit`);
    }
  }
}

/** By a list of providers, those not in it left out; or by a column, best first. */
function sortTargets(targets: readonly ModelEntry[], by: ChainOrder): ModelEntry[] {
  if (by === "speed") return targets.toSorted((a, b) => SPEEDS.indexOf(a.speed) - SPEEDS.indexOf(b.speed));
  if (by === "censorship") {
    return targets.toSorted((a, b) => CENSORSHIPS.indexOf(a.censorship) - CENSORSHIPS.indexOf(b.censorship));
  }
  return by.flatMap((provider) => targets.filter((target) => target.provider === provider));
}
