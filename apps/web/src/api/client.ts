/**
 * A typed client of the API. Paths, parameters, bodies and answers are checked against `schema.d.ts`, which is made from the
 * server's own description.
 *
 *     const api = createClient({ baseUrl: "http://127.0.0.1:8080", clientAccountId, engagementId });
 *     const page = await api.get("/api/v3/assets", { query: { environment: "Production", limit: 100 } });
 */
import type { ErrorBody, paths } from "./schema.js";

/** Where the server is, and who asks for what. */
export interface ClientOptions {
  /** Scheme, host and port; the page's own origin if it is empty. */
  baseUrl: string;
  /** The client account. */
  clientAccountId?: string;
  /** The engagement. */
  engagementId?: string;
  /** An access token or API key, or a function that gives a fresh one. */
  token?: string | (() => string | Promise<string>);
  /** Does the requests; the platform's own if absent. */
  fetch?: typeof fetch;
  /** How often a request that got no answer, or one with 502, 503 or 504, is sent again; 2 if absent. */
  retries?: number;
}

type Method = "get" | "put" | "post" | "patch" | "delete";
type Nothing = Record<never, never>;
type PathsWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never;
}[keyof paths];
type Operation<P extends keyof paths, M extends Method> = M extends keyof paths[P] ? NonNullable<paths[P][M]> : never;

/** The parameters of one kind that an operation takes; never if it takes none. */
type Parameters<O, In extends string> = O extends { parameters: infer All }
  ? In extends keyof All
    ? NonNullable<All[In]>
    : never
  : never;
/** The headers without those that the client sends by itself. */
type OwnHeaders<H> = [H] extends [never]
  ? never
  : Omit<H, "X-Client-Account-ID" | "X-Engagement-ID"> &
      Partial<Pick<H, Extract<keyof H, "X-Client-Account-ID" | "X-Engagement-ID">>>;
/** A part of a request: left out if there is no such part, optional if nothing in it is required. */
type Given<Name extends string, T> = [T] extends [never] ? Nothing : Nothing extends T ? { [K in Name]?: T } : { [K in Name]: T };

type Content<O> = O extends { requestBody?: infer B } ? ([NonNullable<B>] extends [{ content: infer C }] ? C : never) : never;
type JsonOf<C> = C extends { "application/json": infer J } ? J : never;
type FormOf<C> = C extends { "multipart/form-data": unknown } ? FormData : never;
type HasBody<O> = O extends { requestBody?: infer B } ? ([NonNullable<B>] extends [never] ? false : true) : false;
type GivenBody<O> = HasBody<O> extends true
  ? O extends { requestBody: unknown }
    ? { body: JsonOf<Content<O>> | FormOf<Content<O>> }
    : { body?: JsonOf<Content<O>> | FormOf<Content<O>> }
  : Nothing;

type Success = 200 | 201 | 202 | 203 | 204;
type AnswerOf<R> = R extends { content: infer C } ? ([JsonOf<C>] extends [never] ? Blob : JsonOf<C>) : undefined;
type Answer<O> = O extends { responses: infer R } ? { [S in keyof R & Success]: AnswerOf<R[S]> }[keyof R & Success] : never;

/** What a request needs: the parameters and the body that its operation takes. */
export type RequestOf<P extends keyof paths, M extends Method> = Given<"path", Parameters<Operation<P, M>, "path">> &
  Given<"query", Parameters<Operation<P, M>, "query">> &
  Given<"headers", OwnHeaders<Parameters<Operation<P, M>, "header">>> &
  GivenBody<Operation<P, M>> & {
    /** Makes a POST safe to repeat; the client makes one for each POST by itself. */
    idempotencyKey?: string;
    signal?: AbortSignal;
  };

type Call<M extends Method> = <P extends PathsWith<M>>(
  path: P,
  ...request: Nothing extends RequestOf<P, M> ? [RequestOf<P, M>?] : [RequestOf<P, M>]
) => Promise<Answer<Operation<P, M>>>;

/** The client: a function for each method. */
export type Client = { [M in Method]: Call<M> };

/** A request that the server refused, with all that it said about why. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: ErrorBody | undefined;

  constructor(status: number, body: ErrorBody | undefined) {
    super(body?.message ?? `the server answered with status ${status}`);
    this.name = "ApiError";
    this.status = status;
    this.body = body;
  }

  /** What kind of failure it is, such as `VALIDATION_ERROR`. */
  get code(): string {
    return this.body?.error ?? "REQUEST_FAILED";
  }

  /** The sentences about a field, such as `items[0].memory_gb`. */
  about(field: string): string[] {
    return (this.body?.details ?? []).filter((detail) => detail.field === field).map((detail) => detail.message);
  }
}

interface LooseRequest {
  path?: Record<string, unknown>;
  query?: Record<string, unknown>;
  headers?: Record<string, unknown>;
  body?: unknown;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/** Makes a client. */
export function createClient(options: ClientOptions): Client {
  const call =
    (method: Method) =>
    async (path: string, request: LooseRequest = {}): Promise<unknown> => {
      const url = options.baseUrl.replace(/\/$/, "") + filled(path, request.path) + queryOf(request.query);
      const init = await initOf(options, method, request);
      return answerOf(await sent(options, url, init));
    };
  return {
    get: call("get"),
    put: call("put"),
    post: call("post"),
    patch: call("patch"),
    delete: call("delete"),
  } as unknown as Client;
}

/** Every row of a list, page by page, as long as they are asked for. */
export async function* rows<T>(
  page: (cursor: string | undefined) => Promise<{ items: T[]; next?: string | null }>,
): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const { items, next } = await page(cursor);
    yield* items;
    cursor = next ?? undefined;
  } while (cursor !== undefined);
}

function filled(path: string, values: Record<string, unknown> = {}): string {
  return path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));
}

function queryOf(values: Record<string, unknown> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) query.append(name, String(one));
    }
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

async function initOf(options: ClientOptions, method: Method, request: LooseRequest): Promise<RequestInit> {
  const headers = new Headers({ Accept: "application/json" });
  if (options.clientAccountId !== undefined) headers.set("X-Client-Account-ID", options.clientAccountId);
  if (options.engagementId !== undefined) headers.set("X-Engagement-ID", options.engagementId);
  const token = typeof options.token === "function" ? await options.token() : options.token;
  if (token !== undefined) headers.set("Authorization", `Bearer ${token}`);
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    if (value !== undefined && value !== null) headers.set(name, String(value));
  }
  if (method === "post" && !headers.has("Idempotency-Key")) {
    headers.set("Idempotency-Key", request.idempotencyKey ?? crypto.randomUUID());
  }
  const init: RequestInit = { method: method.toUpperCase(), headers };
  if (request.signal !== undefined) init.signal = request.signal;
  if (request.body instanceof FormData) {
    init.body = request.body;
  } else if (request.body !== undefined) {
    headers.set("Content-Type", "application/json");
    init.body = JSON.stringify(request.body);
  }
  return init;
}

/** Every request may be repeated: GET, PUT and DELETE by their nature, PATCH by its precondition, POST by its key. */
async function sent(options: ClientOptions, url: string, init: RequestInit): Promise<Response> {
  const ask = options.fetch ?? fetch;
  const retries = options.retries ?? 2;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const response = await ask(url, init);
      if (attempt >= retries || ![502, 503, 504].includes(response.status)) return response;
      await response.body?.cancel();
    } catch (error) {
      if (attempt >= retries || init.signal?.aborted) throw error;
    }
    await new Promise((wake) => setTimeout(wake, 200 * 2 ** attempt));
  }
}

async function answerOf(response: Response): Promise<unknown> {
  const isJson = /\bjson\b/.test(response.headers.get("Content-Type") ?? "");
  if (!response.ok) throw new ApiError(response.status, isJson ? ((await response.json()) as ErrorBody) : undefined);
  if (response.status === 204) return undefined;
  return isJson ? response.json() : response.blob();
}
