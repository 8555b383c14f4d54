import { Host } from '#shared/contract/hosts.ts';
import { PageQuery, pageOf, pageRequest, toPage } from '#shared/contract/pagination.ts';
import { listHosts } from '#shared/db/allowed-hosts.ts';
import { defineOperation } from '../../operation/operation.ts';
import { presentHost } from './present-host.ts';

export const listAllowedHosts = defineOperation({
  id: 'listHosts',
  method: 'GET',
  path: '/api/v1/hosts',
  tag: 'Hosts',
  summary: 'List allowed browser origins',
  access: 'key',
  scope: 'hosts:read',
  query: PageQuery,
  success: { status: 200, data: pageOf(Host), description: 'A page of hosts, newest first.' },
  async handle({ query, caller, services }) {
    const page = pageRequest(query);
    return toPage(await listHosts(services.database, caller.organisation.id, page), page, presentHost);
  },
});
