import * as z from "zod/mini";

/** Something a client should know: a refused message, nothing left to watch. `code` is kebab-case. */
export const NoticeMessage = z.object({ code: z.string(), message: z.string() });
export type NoticeMessage = z.infer<typeof NoticeMessage>;
