import { readDataKey } from '#shared/lib/read-data-key.ts';

export const LOCAL_SESSION_DATA_KEY = 'bG9jYWwtc2Vzc2lvbi1rZXkta25vd24tdG8tYWxsISE=';

export interface SessionDataEnv {
  SESSION_DATA_KEY?: string;
  ENVIRONMENT?: string;
}

/** What webhook secrets, signing keys and face templates are sealed with. */
export function readSessionDataKey({ SESSION_DATA_KEY: value, ENVIRONMENT: environment }: SessionDataEnv): string {
  return readDataKey({ name: 'SESSION_DATA_KEY', value, localValue: LOCAL_SESSION_DATA_KEY, environment }).text;
}
