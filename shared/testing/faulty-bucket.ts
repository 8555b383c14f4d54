import { env } from 'cloudflare:workers';

/** The real bucket, except for what is replaced. */
export function faultyBucket(replaced: Partial<R2Bucket>): R2Bucket {
  return new Proxy(env.VIDEOS, {
    get(target, name) {
      const member: unknown = Reflect.get(replaced, name) ?? Reflect.get(target, name);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}
