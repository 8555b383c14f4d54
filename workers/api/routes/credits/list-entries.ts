import { iso } from '#shared/contract/common.ts';
import { CreditEntry } from '#shared/contract/credits.ts';
import { PageQuery, pageOf, pageRequest, toPage } from '#shared/contract/pagination.ts';
import { type CreditEntryRow, listCreditEntries } from '#shared/db/credits.ts';
import { defineOperation } from '../../operation/operation.ts';

export const listCreditLedger = defineOperation({
  id: 'listCreditEntries',
  method: 'GET',
  path: '/api/v1/credits/entries',
  tag: 'Credits',
  summary: 'List the credit ledger',
  description: 'Every change of the balance, newest first. The amounts add up to the balance.',
  access: 'key',
  scope: 'credits:read',
  query: PageQuery,
  success: { status: 200, data: pageOf(CreditEntry), description: 'A page of the ledger.' },
  async handle({ query, caller, services }) {
    const page = pageRequest(query);
    return toPage(await listCreditEntries(services.database, caller.organisation.id, page), page, presentEntry);
  },
});

function presentEntry(row: CreditEntryRow): CreditEntry {
  return {
    id: row.id,
    kind: row.kind,
    amount: row.amount,
    balance_after: row.balanceAfter,
    reference: row.reference,
    created_at: iso(row.createdAtMs),
  };
}
