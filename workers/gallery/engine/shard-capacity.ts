/**
 * 576 bytes in WebAssembly and some 40 in JavaScript each: 50,000 take 30 MiB of the 128 MB of an isolate, which may hold several
 * shards, and waking up, which is to open all their templates, takes a second or two; docs/face-search-engines.md has the
 * measurements. The same for both engines, so that a shard can go from one to the other.
 */
export const SHARD_CAPACITY_PERSONS = 50_000;
