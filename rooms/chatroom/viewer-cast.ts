import { castConversation, type CastChatling, type CastMember } from "#ai/pool/casting.ts";
import { scoreFit } from "#ai/pool/casting-score.ts";
import { createRng } from "#ai/rng.ts";
import type { StoredConversation } from "#schema/stored/conversation.ts";

/** For each role in order, the place of the chatling that plays it among the viewer's. */
export type ViewerCast = readonly number[];

/** Casts a conversation for a viewer; the same for the same chatlings. Null when they are too few. */
export function castViewer(
  viewer: { readonly userId: string; readonly chatlings: readonly CastChatling[] },
  conversation: StoredConversation,
): ViewerCast | null {
  const rng = createRng(`${conversation.id}:${viewer.userId}`);
  const members = castConversation(conversation.roles, viewer.chatlings, rng);
  return members?.map((member) => viewer.chatlings.findIndex(({ id }) => id === member.chatlingId)) ?? null;
}

/** The cast written out. Viewers keep the short form: there are thousands of them. */
export function toCastMembers(
  chatlings: readonly CastChatling[],
  conversation: StoredConversation,
  cast: ViewerCast,
): CastMember[] {
  const members: CastMember[] = [];
  for (const [place, role] of conversation.roles.entries()) {
    const chatling = chatlings[cast[place] ?? -1];
    if (!chatling) continue;
    const { id, name } = chatling;
    const score = scoreFit(role, chatling);
    members.push({ slot: role.slot, archetype: role.archetype, chatlingId: id, name, score });
  }
  return members;
}
