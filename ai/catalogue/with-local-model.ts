import type { CatalogueFile, ModelEntry } from "./catalogue-schema.ts";
import { type Catalogue, createCatalogue } from "./read-catalogue.ts";

type TaskEntry = CatalogueFile["tasks"][string];

/** The catalogue with a model of one's own server in it, which is the provider `local`'s for every task. */
export function withLocalModel({ file }: Catalogue, id: string): Catalogue {
  const withLocal = <Entry extends TaskEntry>(entry: Entry) => ({
    ...entry,
    models: { ...entry.models, local: id },
  });
  const tasks = Object.entries(file.tasks).map(([name, entry]) => [name, withLocal(entry)] as const);
  return createCatalogue({
    ...file,
    models: [...file.models, toLocalEntry(id)],
    tasks: { ...Object.fromEntries(tasks), default: withLocal(file.tasks.default) },
  });
}

/** Nothing is known of the model: it is taken to be slow, to hold a long prompt, and to know no levels of effort. */
function toLocalEntry(id: string): ModelEntry {
  return {
    provider: "local",
    id,
    speed: "medium",
    censorship: "low",
    limits: { contextTokens: 131_072, outputTokens: 32_768 },
    takes: { temperature: true, effort: false },
    batch: 1,
    prices: [{ from: 0, input: 0, output: 0 }],
  };
}
