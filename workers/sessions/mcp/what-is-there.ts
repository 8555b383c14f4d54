/** What already lies in the stream of an answer, as the whole answer. */
export async function whatIsThere(response: Response): Promise<Response> {
  const reader = response.body?.getReader();
  const parts: Uint8Array[] = [];
  for (;;) {
    // What is there comes before a timer does.
    const part = await Promise.race([reader?.read(), nothing()]);
    if (part === undefined || part.done) break;
    parts.push(part.value);
  }
  await reader?.cancel();
  return new Response(new Blob(parts), { headers: response.headers });
}

function nothing(): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
