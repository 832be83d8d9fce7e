import { html, type Html } from "./api-docs-html.ts";
import { toExample } from "./api-docs-example.ts";
import { toShape } from "./api-docs-shape.ts";
import { readCodes, type Response, type ResponseRef } from "./openapi-errors.ts";
import type { OpenApi, Operation } from "./openapi.ts";

interface Endpoint {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** The whole reference as one page of plain markup: no script, one stylesheet of our own. */
export function renderApiDocs(document: OpenApi): string {
  const { info, tags, components } = document;
  const endpoints = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Endpoint => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );
  const ofTag = (tag: string) => endpoints.filter(({ operation }) => operation.tags[0] === tag);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${info.title} ${info.version}: API reference</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/api/docs/style.css" />
      </head>
      <body>
        <a class="skip" href="#reference">Skip the list of routes</a>
        <header>
          <h1>${info.title} API</h1>
          <p>Version ${info.version}. <a href="/api/openapi.json">As an OpenAPI document</a>.</p>
          <p>${info.description}</p>
          <h2>Trying it</h2>
          <p>The examples expect where the server is, and a token:</p>
          <pre><code>${SETUP}</code></pre>
        </header>
        <nav aria-label="Routes">${tags.map(({ name }) => renderContents(name, ofTag(name)))}</nav>
        <main id="reference" tabindex="-1">
          ${tags.map(({ name }) => renderTag(name, ofTag(name)))} ${renderErrors(components.responses)}
        </main>
      </body>
    </html>`;
  return page.markup;
}

const SETUP = `PARLEY=http://localhost:2567
TOKEN=$(curl -sX POST $PARLEY/api/auth/guest | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')`;

function renderContents(tag: string, endpoints: readonly Endpoint[]): Html {
  return html`<h2><a href="#${tag}">${tag}</a></h2>
    <ul>
      ${endpoints.map(
        ({ method, path, operation }) =>
          html`<li>
            <a href="#${operation.operationId}"><code>${method} ${path}</code></a>
          </li>`,
      )}
    </ul>`;
}

function renderTag(tag: string, endpoints: readonly Endpoint[]): Html {
  return html`<section aria-labelledby="${tag}">
    <h2 id="${tag}">${tag}</h2>
    ${endpoints.map(renderEndpoint)}
  </section>`;
}

function renderEndpoint(endpoint: Endpoint): Html {
  const { method, path, operation } = endpoint;
  return html`<article aria-labelledby="${operation.operationId}">
    <h3 id="${operation.operationId}">
      <code><span class="method">${method}</span> ${path}</code>
    </h3>
    <p>${operation.summary}.</p>
    <p class="access">${operation.description}</p>
    ${renderParameters(operation)} ${renderBody(operation)}
    <h4>Answers</h4>
    <dl>
      ${Object.entries(operation.responses).map(([status, response]) => renderOwnAnswer(status, response))}
    </dl>
    ${renderSharedErrors(operation)}
    <h4>Example</h4>
    <pre><code>${toCurl(endpoint)}</code></pre>
  </article>`;
}

function renderParameters({ parameters = [] }: Operation): Html {
  if (parameters.length === 0) return html``;
  return html`<h4>Parameters</h4>
    <dl>
      ${parameters.map(
        ({ name, in: place, required, schema }) =>
          html`<dt><code>${name}</code> in the ${place}${required ? "" : ", optional"}</dt>
            <dd><code>${toShape(schema)}</code></dd>`,
      )}
    </dl>`;
}

function renderBody({ requestBody }: Operation): Html {
  if (!requestBody) return html``;
  return html`<h4>Body${requestBody.required ? "" : ", optional"}</h4>
    <p>${requestBody.description}</p>
    <pre><code>${toShape(requestBody.content["application/json"].schema)}</code></pre>`;
}

const isRef = (response: Response | ResponseRef): response is ResponseRef => "$ref" in response;
const nameOf = ({ $ref }: ResponseRef): string => $ref.split("/").at(-1) ?? "";

/** Success, and refusals that this route alone has; the shared ones are explained once, below. */
function renderOwnAnswer(status: string, response: Response | ResponseRef): Html {
  if (isRef(response)) return html``;
  const [[mediaType, { schema }] = ["", { schema: undefined }]] = Object.entries(response.content ?? {});
  const isError = Number(status) >= 400;
  const said = isError
    ? html`<dd>${toCodeList(readCodes(response))}</dd>`
    : schema
      ? html`<dd>
          <pre><code>${toShape(schema)}</code></pre>
        </dd>`
      : html``;
  const type = mediaType && mediaType !== "application/json" ? `, ${mediaType}` : "";
  return html`<dt>${status}${type}</dt>
    <dd>${response.description}</dd>
    ${said}`;
}

function renderSharedErrors({ responses }: Operation): Html {
  const links = Object.entries(responses).flatMap(([status, response]) =>
    isRef(response) ? [html` <a href="#${nameOf(response)}">${status}</a>`] : [],
  );
  return html`<p>Besides:${links}.</p>`;
}

function renderErrors(responses: OpenApi["components"]["responses"]): Html {
  return html`<section aria-labelledby="shared-errors">
    <h2 id="shared-errors">Errors that many routes share</h2>
    <p>The body of every error, to branch on by its code:</p>
    <pre><code>{ error: { code: string, message: string, details?: any } }</code></pre>
    ${Object.entries(responses).map(
      ([name, response]) =>
        html`<article aria-labelledby="${name}">
          <h3 id="${name}">${name}</h3>
          <p>${response.description}</p>
          <p>${toCodeList(readCodes(response))}</p>
          ${Object.entries(response.headers ?? {}).map(
            ([header, { description }]) => html`<p><code>${header}</code>: ${description}</p>`,
          )}
        </article>`,
    )}
  </section>`;
}

const toCodeList = (codes: readonly string[]): Html[] => codes.map((code) => html`<code>${code}</code> `);

function toCurl({ method, path, operation }: Endpoint): string {
  const { parameters = [], requestBody, security } = operation;
  const query = parameters
    .filter((parameter) => parameter.in === "query" && parameter.required)
    .map(({ name, schema }) => `${name}=${encodeURIComponent(String(toExample(schema)))}`);
  const address = path.replace(/\{(\w+)\}/g, "$$$1") + (query.length > 0 ? `?${query.join("&")}` : "");
  const lines = [`curl${method === "GET" ? "" : ` -X ${method}`} "$PARLEY${address}"`];
  if (security.length > 0) lines.push('-H "Authorization: Bearer $TOKEN"');
  if (requestBody) {
    const example = JSON.stringify(toExample(requestBody.content["application/json"].schema));
    lines.push('-H "Content-Type: application/json"', `-d '${example.replaceAll("'", "'\\''")}'`);
  }
  return lines.join(" \\\n  ");
}
