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
  const key = toTokenKey(url);
  return {
    read() {
      try {
        return browserStorage()?.getItem(key) ?? memory.read();
      } catch {
        return memory.read();
      }
    },
    async write(token) {
      // A private window may refuse storage: the session then lasts as long as the page. Where it is kept no second
      // copy is, or this page would still be who another one has signed out.
      await memory.write(keepInBrowser(key, token) ? null : token);
    },
  };
}

/** The name under which a browser keeps the token for the server at `url`. */
export function toTokenKey(url: string): string {
  return `parley-token:${new URL(url).host}`;
}

function keepInBrowser(key: string, token: string | null): boolean {
  try {
    const storage = browserStorage();
    if (token === null) storage?.removeItem(key);
    else storage?.setItem(key, token);
    return storage !== undefined;
  } catch {
    return false;
  }
}

function browserStorage(): Storage | undefined {
  return typeof window === "undefined" ? undefined : window.localStorage;
}
