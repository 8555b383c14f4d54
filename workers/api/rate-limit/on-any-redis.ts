import { createHash } from 'node:crypto';
import type { Redis } from '@upstash/redis/cloudflare';

/** What `@upstash/ratelimit` asks of a client. Its types leave `eval` out, its code calls it. */
export type ScriptRunner = Pick<Redis, 'get' | 'set' | 'evalsha' | 'eval'>;

const SHEBANG = /^#!lua[^\n]*\n/;
const REJECTION = 'Unexpected flag in script shebang';

/**
 * Since 2.1 the scripts of `@upstash/ratelimit` begin with `#!lua flags=allow-key-locking`. On Upstash the flag lets them
 * run side by side instead of under a lock on the whole database. Any other Redis behind the same REST protocol (say
 * serverless-redis-http, see its issue 40) knows no such flag and rejects the script, so no request would ever be counted
 * there. This asks with the flag first; where that is rejected, it leaves the line out and remembers so for the isolate.
 * The script is the same without it: a comment for Lua, and any other Redis runs one script at a time anyway.
 */
export function onAnyRedis(redis: Redis): ScriptRunner {
  /** Digest of a script with the line that was rejected -> digest of the script without it. */
  const plainDigests = new Map<string, string>();
  return {
    get: redis.get,
    set: redis.set,
    evalsha: (digest, keys, args) => redis.evalsha(plainDigests.get(digest) ?? digest, keys, args),
    eval: async <TArgs extends unknown[], TData>(script: string, keys: string[], args: TArgs) => {
      const digest = sha1(script);
      if (!plainDigests.has(digest)) {
        try {
          return await redis.eval<TArgs, TData>(script, keys, args);
        } catch (error) {
          // A rejected script has not run: to run it again counts nothing twice.
          if (!String(error).includes(REJECTION)) throw error;
        }
      }
      const plain = script.replace(SHEBANG, '');
      plainDigests.set(digest, sha1(plain));
      return redis.eval<TArgs, TData>(plain, keys, args);
    },
  };
}

function sha1(script: string): string {
  return createHash('sha1').update(script).digest('hex');
}
