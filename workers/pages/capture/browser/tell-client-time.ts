import type { CaptureSettings } from '../settings.ts';

/** How long the check took for the person, for statistics: whether it arrives is nobody's concern here. */
export function tellClientTime({ apiUrl, token, sessionId }: CaptureSettings, durationMs: number): void {
  fetch(`${apiUrl}/api/v1/sessions/${encodeURIComponent(sessionId)}/client-time`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json', 'x-api-key': token },
    body: JSON.stringify({ client_time: Math.round(durationMs) }),
    keepalive: true,
  }).catch(() => {});
}
