import { z } from 'zod';
import { orAbort, startDeadline } from './deadline.ts';

/** Every address of a name, IPv4 and IPv6 together and never none, or that they cannot be told; `isTransient` when that may pass. */
export type HostAddresses = { ok: true; addresses: string[] } | { ok: false; isTransient: boolean };

export type ResolveHost = (host: string, signal: AbortSignal) => Promise<HostAddresses>;

export type FetchPort = (url: string, init: RequestInit) => Promise<Response>;

export interface HostResolverOptions {
  fetch: FetchPort;
  timeoutMs?: number;
  /** A DNS-over-HTTPS resolver that speaks JSON. */
  endpoint?: string;
}

const CLOUDFLARE_DNS = 'https://cloudflare-dns.com/dns-query';
const RESOLVE_TIMEOUT_MS = 5_000;
/** Far more than honest names have. Beyond it the name is refused rather than judged by a part. */
const MOST_RECORDS = 64;

const ADDRESS_RECORDS = [
  { name: 'A', type: 1 },
  { name: 'AAAA', type: 28 },
] as const;
type AddressRecord = (typeof ADDRESS_RECORDS)[number];

const NO_ERROR = 0;
const NO_SUCH_NAME = 3;

const dnsAnswer = z.object({
  Status: z.int(),
  TC: z.boolean(),
  Answer: z.array(z.object({ type: z.int(), data: z.string() })).optional(),
});

/**
 * Resolves over HTTPS, the only way out of a Worker. `node:dns` in workerd puts the same question to the same resolver, but
 * takes no signal and no other resolver, its `lookup` reads an error of one family as "no addresses", and its `resolve4` gives
 * names of a CNAME chain out as addresses. The JSON form has no RFC; when it changes, nothing resolves, and nothing is fetched.
 *
 * Both families must be answered. The resolver follows CNAMEs; every address in the answer counts, wherever the chain led.
 */
export function createHostResolver(options: HostResolverOptions): ResolveHost {
  const { fetch, timeoutMs = RESOLVE_TIMEOUT_MS, endpoint = CLOUDFLARE_DNS } = options;

  async function ask(host: string, record: AddressRecord, signal: AbortSignal): Promise<string[]> {
    const url = `${endpoint}?${new URLSearchParams({ name: host, type: record.name })}`;
    const response = await fetch(url, { headers: { accept: 'application/dns-json' }, redirect: 'manual', signal });
    if (response.status !== 200) throw new Error(`the resolver answered ${response.status}`);
    return addressesIn(await response.json(), record);
  }

  return async function resolveHost(host, signal) {
    const deadline = startDeadline(timeoutMs, new Error('the resolver is silent'));
    const either = AbortSignal.any([signal, deadline.signal]);
    try {
      const questions = Promise.all(ADDRESS_RECORDS.map((record) => ask(host, record, either)));
      const addresses = (await orAbort(questions, either)).flat();
      return addresses.length > 0 ? { ok: true, addresses } : { ok: false, isTransient: false };
    } catch (error) {
      // One question failed: the other is not waited for.
      deadline.giveUp(error);
      return { ok: false, isTransient: true };
    } finally {
      deadline.stop();
    }
  };
}

/** Throws unless the answer is whole and certain. That a name does not exist is certain. */
function addressesIn(body: unknown, { type }: AddressRecord): string[] {
  const { Status, TC, Answer = [] } = dnsAnswer.parse(body);
  if (Status === NO_SUCH_NAME) return [];
  if (Status !== NO_ERROR || TC || Answer.length > MOST_RECORDS) throw new Error('no whole answer');
  return Answer.filter((record) => record.type === type).map((record) => record.data);
}
