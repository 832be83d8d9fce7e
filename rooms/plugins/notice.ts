import type { Client } from "@colyseus/core";
import type { NoticeMessage } from "#schema/notice-message.ts";

/** Tells one client something in the contract's shape. */
export function sendNotice(client: Pick<Client, "send">, code: string, message: string): void {
  const notice: NoticeMessage = { code, message };
  client.send("notice", notice);
}
