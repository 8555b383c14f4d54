import { env } from 'cloudflare:workers';

/** By an entry of the ledger, as it must be. */
export async function setBalance(slug: string, wanted: number): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO credit_entries (id, organisation_id, kind, amount, balance_after, reference, created_at_ms)
     SELECT ?1, id, 'adjustment', ?2 - credit_balance, ?2, ?1, 0 FROM organisations WHERE slug = ?3`,
  )
    .bind(crypto.randomUUID(), wanted, slug)
    .run();
}
