/** For logs. drizzle writes what was to be stored into its message, so what counts is said at the bottom of the chain. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return error.cause instanceof Error ? reasonOf(error.cause) : `${error.name}: ${error.message}`;
}
