import { notFound } from '#shared/contract/errors.ts';
import { Host, HostParams } from '#shared/contract/hosts.ts';
import { findHost } from '#shared/db/allowed-hosts.ts';
import { defineOperation } from '../../operation/operation.ts';
import { presentHost } from './present-host.ts';

export const readHost = defineOperation({
  id: 'readHost',
  method: 'GET',
  path: '/api/v1/hosts/{host_id}',
  tag: 'Hosts',
  summary: 'Read an allowed browser origin',
  access: 'key',
  scope: 'hosts:read',
  params: HostParams,
  success: { status: 200, data: Host, description: 'The allowed host.' },
  errors: ['not_found'],
  async handle({ params, caller, services }) {
    const row = await findHost(services.database, caller.organisation.id, params.host_id);
    if (row === null) throw notFound('Host');
    return presentHost(row);
  },
});
