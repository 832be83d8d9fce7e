import type { StoredTopic } from "#schema/stored/topic.ts";
import type { ArchetypeId, Difficulty, LineSentiment } from "#schema/vocabulary.ts";

/** What a writer is told of a conversation. */
export interface DialogueRequest {
  topic: Pick<StoredTopic, "id" | "text" | "category" | "sentiment" | "material">;
  roles: { slot: number; archetype: ArchetypeId }[];
  difficulty: Difficulty;
  /** Another one makes a model write another conversation. */
  draw?: string | undefined;
}

export interface DialogueMessage {
  slot: number;
  text: string;
  sentiment: LineSentiment;
  /** The sentence pattern it was made of, where it was. */
  core?: string | undefined;
}

/** What a writer answers. */
export interface Dialogue {
  messages: DialogueMessage[];
}
