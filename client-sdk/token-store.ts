/** Where a session's token is kept between visits. Answers may be promises. */
export interface TokenStore {
  read(): string | null | Promise<string | null>;
  /** `null` forgets it. */
  write(token: string | null): void | Promise<void>;
}

/** Keeps the token for as long as the process lives. */
export function createMemoryTokenStore(): TokenStore {
  let kept: string | null = null;
  return {
    read: () => kept,
    write(token) {
      kept = token;
    },
  };
}

/** The browser's local storage, one token per server; memory in Node and where storage is refused. */
export function openTokenStore(url: string): TokenStore {
  const memory = createMemoryTokenStore();
  const key = `parley-token:${new URL(url).host}`;
  return {
    read() {
      try {
        return browserStorage()?.getItem(key) ?? memory.read();
      } catch {
        return memory.read();
      }
    },
    async write(token) {
      await memory.write(token);
      try {
        const storage = browserStorage();
        if (token === null) storage?.removeItem(key);
        else storage?.setItem(key, token);
      } catch {
        // A private window may refuse storage: the session then lasts as long as the page.
      }
    },
  };
}

function browserStorage(): Storage | undefined {
  return typeof window === "undefined" ? undefined : window.localStorage;
}
