import type { GenerationEvent } from "#ai/pool/generation-event.ts";
import type { Experiments } from "./create-experiments.ts";

/**
 * What becomes of the pool's conversations, for the arms they belong to. The offline writer's texts are not held against
 * the gates: its own rules are in how it writes.
 */
export function noteGeneration(
  experiments: Pick<Experiments, "noteConversation" | "noteQuality">,
  event: GenerationEvent,
): void {
  if (event.type === "rejected") experiments.noteQuality(event, false);
  if (event.type !== "written") return;
  experiments.noteConversation(event);
  if (event.method !== "template") experiments.noteQuality(event, true);
}
