/** An endpoint that names no events listens to all of them. */
export function listensTo(events: readonly string[], event: string): boolean {
  return events.length === 0 || events.includes(event);
}
