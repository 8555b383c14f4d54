/** The API as one caller uses it, with its key or the token of a link. */
export type CallApi = <Data>(method: string, path: string, key: string, body?: unknown) => Promise<Data>;

/** What was refused: `409 session_closed`. */
export class ApiRefusal extends Error {
  readonly status: number;
  readonly code: string | null;

  constructor({ status, headers }: Response, message: string) {
    const code = headers.get('x-error-code');
    super(`${status} ${code}: ${message}`);
    this.status = status;
    this.code = code;
  }
}

export function apiAt(fetchAt: (path: string, init: RequestInit) => Promise<Response>): CallApi {
  return async (method, path, key, body) => {
    const response = await fetchAt(path, {
      method,
      headers: { 'content-type': 'application/json', 'x-api-key': key },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as { success: boolean; data: never; message: string };
    if (answer.success) return answer.data;
    throw new ApiRefusal(response, `${method} ${path}: ${answer.message}`);
  };
}
