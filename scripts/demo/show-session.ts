import { z } from 'zod';

const Created = z.object({ data: z.object({ session_id: z.string(), verification_url: z.string() }) });
const Refused = z.object({ message: z.string() });

/** A question to whoever runs the demo: the link is for their own browser and camera. */
export async function showSession({ url, key }: { url: string; key: string }): Promise<void> {
  const response = await fetch(`${url}/api/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body: JSON.stringify({ action_description: 'Show that this demo works', ttl_seconds: 3600 }),
  });
  const text = await response.text();
  if (!response.ok) {
    console.log(`\na link for yourself: POST /api/v1/sessions\n  ${response.status} ${messageOf(text)}`);
    return;
  }
  const { data } = Created.parse(JSON.parse(text));
  console.log(
    `\nAnd now you: open this link, good for an hour, in a browser with a camera.\n  ${data.verification_url}`,
  );
  console.log(`Then see how it went:\n  curl -s ${url}/api/v1/sessions/${data.session_id} -H 'X-API-Key: ${key}'`);
}

/** What is before the server answers in its own words. */
function messageOf(text: string): string {
  try {
    return Refused.parse(JSON.parse(text)).message;
  } catch {
    return text;
  }
}
