interface TokenSecretEnv {
  VERIFICATION_TOKEN_SECRET?: string;
  ENVIRONMENT?: string;
}

/** Known to everybody: with it, anybody could open any session. */
export const LOCAL_VERIFICATION_TOKEN_SECRET = 'local-verification-token-secret-known-to-everybody';
const SHORTEST_SECRET = 32;

/** The message names the variable, never its value. */
export function readTokenSecret({ VERIFICATION_TOKEN_SECRET: secret, ENVIRONMENT }: TokenSecretEnv): string {
  if (secret === undefined || secret.length < SHORTEST_SECRET) {
    throw new Error(`VERIFICATION_TOKEN_SECRET must have at least ${SHORTEST_SECRET} characters`);
  }
  if (secret === LOCAL_VERIFICATION_TOKEN_SECRET && ENVIRONMENT !== 'development') {
    throw new Error('VERIFICATION_TOKEN_SECRET is the local one; choose a secret');
  }
  return secret;
}
