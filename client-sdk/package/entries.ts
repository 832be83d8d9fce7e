/** What can be imported from the package: file name there → source here. */
export const ENTRIES = { index: "client-sdk/client.ts", react: "client-sdk/react/use-chatroom.ts" } as const;
