// https://developers.cloudflare.com/vectorize/platform/limits/ has all but the last two. More deletions are answered with error 40007; how
// many readings are, nobody says: 20, as matches with their values.
export const MOST_TOP_K = 100;
export const MOST_TOP_K_WITH_VALUES = 20;
export const MOST_ID_BYTES = 64;
export const MOST_NAMESPACE_BYTES = 64;
export const MOST_UPSERTED = 1000;
export const MOST_DELETED = 100;
export const MOST_READ = 20;
