/** Keys, tokens, secrets of webhooks, JWTs, and all of an address but its host. */
const SECRETS = [
  [/\b(vst_|whsec_|sk-)[\w+/=.-]+/g, '$1...'],
  [/\bBearer\s+\S+/gi, 'Bearer ...'],
  [/\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g, 'JWT'],
  [/\b(\w+:\/\/)(?:[^\s/?#"'@]*@)?([^\s/?#"']+)[^\s"']*/g, '$1$2'],
] as const;
const MOST_CHARACTERS = 300;

/**
 * For logs. drizzle writes what was to be stored into its message, so what counts is said at the bottom of the chain; over RPC the
 * chain is lost, and the message ends where the values begin.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return error.cause instanceof Error ? reasonOf(error.cause) : `${error.name}: ${withoutSecrets(error.message)}`;
}

function withoutSecrets(message: string): string {
  const [said = ''] = message.split(/\s*\bparams:/, 1);
  return SECRETS.reduce((text, [secret, instead]) => text.replace(secret, instead), said).slice(0, MOST_CHARACTERS);
}
