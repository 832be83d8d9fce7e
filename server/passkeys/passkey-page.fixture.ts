import type { PasskeyCreationOptions, PasskeyRequestOptions } from "#schema/passkey.ts";
import type { Answer, Guest } from "../testing/call-api.ts";
import type { TestServer } from "../testing/open-test-server.ts";
import {
  createSoftwareAuthenticator,
  type Lie,
  type SoftwareAuthenticator,
} from "./software-authenticator.fixture.ts";

/** An allowed page, and two more that tests allow beside it. */
export const PAGE = "https://play.example";
export const OTHER_PAGE = "https://other.example";
export const PLAIN_PAGE = "http://plain.example";

/** Status and code of a refusal. */
export const codeOf = ({ status, body }: Answer): string => `${status} ${body.error?.code}`;

export const statusesOf = (answers: readonly Answer[]): number[] =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b);

/** The calls a page makes for its person, on a server that allows the pages above. */
export function createPasskeyPage(server: () => TestServer) {
  type Path = "register-options" | "register" | "sign-in-options" | "sign-in";
  const post = (path: Path, more: { token?: string; body?: unknown; page?: string } = {}) => {
    const { page = PAGE, ...call } = more;
    return server().call(`POST /api/auth/passkey/${path}`, { ...call, headers: { Origin: page } });
  };
  const creationOptions = async (token: string, page = PAGE): Promise<PasskeyCreationOptions> =>
    (await post("register-options", { token, page })).body;
  const requestOptions = async (page = PAGE): Promise<PasskeyRequestOptions> =>
    (await post("sign-in-options", { page })).body;

  async function register(token: string, device: SoftwareAuthenticator, lie?: Lie): Promise<Answer> {
    const response = await device.create(await creationOptions(token), lie);
    return post("register", { token, body: { response } });
  }

  async function signIn(device: SoftwareAuthenticator, lie?: Lie): Promise<Answer> {
    const response = await device.get(await requestOptions(), lie);
    return post("sign-in", { body: { response } });
  }

  /** Someone with a passkey on a device of theirs. */
  async function openAccount(counts?: boolean): Promise<Guest & { device: SoftwareAuthenticator }> {
    const guest = await server().guest("Ada");
    const device = createSoftwareAuthenticator(PAGE, counts);
    const { status } = await register(guest.token, device);
    if (status !== 201) throw new Error(`the passkey was not registered: ${status}`);
    return { ...guest, device };
  }

  const passkeysOf = async (token: string) =>
    (await server().call("GET /api/me/passkeys", { token })).body.items;

  return { post, creationOptions, requestOptions, register, signIn, openAccount, passkeysOf };
}
